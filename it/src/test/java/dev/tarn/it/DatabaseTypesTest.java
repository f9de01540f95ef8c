package dev.tarn.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.jdbc.SourceDatabase;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the types of PostgreSQL become: the table in docs/databases.md. */
@ExtendWith(SourceDatabase.Started.class)
final class DatabaseTypesTest {
    private final SourceDatabase database;
    private Workshop shop;

    @TempDir Path folder;

    DatabaseTypesTest(SourceDatabase database) {
        this.database = database;
    }

    @BeforeEach
    void begin() {
        shop = new Workshop(folder);
        database.execute("DROP SCHEMA IF EXISTS kinds CASCADE");
        database.execute("CREATE SCHEMA kinds");
        database.execute("CREATE TYPE kinds.mood AS ENUM ('glad', 'sad')");
        database.execute("CREATE DOMAIN kinds.cents AS bigint CHECK (VALUE >= 0)");
        database.execute("CREATE TYPE kinds.pair AS (a int, b text)");
    }

    @AfterEach
    void end() {
        shop.tarn().close();
    }

    private void land(String settings) {
        shop.put(
                "models/sources.yml",
                """
                version: 2
                sources:
                  - name: kinds
                    schema: bronze
                    tables:
                      - name: t
                        ingest: {connector: postgres, url: "%s", user: postgres, table: kinds.t%s}
                """
                        .formatted(database.url(), settings));
        assertThat(shop.build().problems()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "boolean; true; BOOLEAN; true",
                "smallint; -32768; INTEGER; -32768",
                "int; 2147483647; INTEGER; 2147483647",
                "bigint; -9223372036854775808; BIGINT; -9223372036854775808",
                "oid; 4294967295; BIGINT; 4294967295",
                "real; 1.5; FLOAT; 1.5",
                "real; 'NaN'; FLOAT; nan",
                "double precision; '-Infinity'; DOUBLE; -inf",
                "double precision; 0.1; DOUBLE; 0.1",
                "numeric(12,2); 1234567890.12; DECIMAL(12,2); 1234567890.12",
                "numeric(12,2); -0.01; DECIMAL(12,2); -0.01",
                "numeric(12,2); 20000; DECIMAL(12,2); 20000.00",
                "numeric(6,5); 0.00012; DECIMAL(6,5); 0.00012",
                "numeric(38,10); 1234567890123456789012345678.0123456789; DECIMAL(38,10);"
                        + " 1234567890123456789012345678.0123456789",
                "numeric; 1.000000000000000000000000000000000000000001; VARCHAR;"
                        + " 1.000000000000000000000000000000000000000001",
                "numeric; 'NaN'; VARCHAR; NaN",
                "numeric(60,0); 1e50; VARCHAR;"
                        + " 100000000000000000000000000000000000000000000000000",
                "text; 'größe 🦆'; VARCHAR; größe 🦆",
                "text; ''; VARCHAR; ``",
                "varchar(5); 'abc'; VARCHAR; abc",
                "char(5); 'abc'; VARCHAR; `abc  `",
                "bytea; '\\x00ff'; BLOB; \\x00\\xFF",
                "date; '2026-11-21'; DATE; 2026-11-21",
                "date; '0044-03-15 BC'; DATE; 0044-03-15 (BC)",
                "time; '23:59:59.999999'; TIME; 23:59:59.999999",
                "timetz; '12:00:00+02'; VARCHAR; 12:00:00+02",
                "timestamp; '1969-12-31 23:59:59.5'; TIMESTAMP; 1969-12-31 23:59:59.5",
                "timestamptz; '2026-11-21 12:00:00+02'; TIMESTAMP WITH TIME ZONE;"
                        + " 2026-11-21 10:00:00+00",
                "interval; '1 day 2 hours'; VARCHAR; 1 day 02:00:00",
                "uuid; '00112233-4455-6677-8899-aabbccddeeff'; UUID;"
                        + " 00112233-4455-6677-8899-aabbccddeeff",
                "json; '{\"a\":  1}'; VARCHAR; {\"a\":  1}",
                "jsonb; '{\"a\":  1}'; VARCHAR; {\"a\": 1}",
                "int[]; '{1,NULL,3}'; INTEGER[]; [1, NULL, 3]",
                "text[]; ARRAY['a,b', 'q']; VARCHAR[]; `['a,b', q]`",
                "float8[]; '{1.5,NaN}'; DOUBLE[]; [1.5, nan]",
                "timestamptz[]; '{2026-11-21 12:00:00+00}'; TIMESTAMP WITH TIME ZONE[];"
                        + " `['2026-11-21 12:00:00+00']`",
                "numeric(4,1)[]; '{1.5}'; VARCHAR; {1.5}",
                "kinds.mood; 'glad'; VARCHAR; glad",
                "kinds.cents; 7; BIGINT; 7",
                "kinds.pair; '(1,x)'; VARCHAR; (1,x)",
                "bit(3); B'101'; VARCHAR; 101",
                "money; 12.5; VARCHAR; $12.50",
                "inet; '10.0.0.1/8'; VARCHAR; 10.0.0.1/8",
                "int4range; '[1,5)'; VARCHAR; `[1,5)`",
                "point; '(1,2)'; VARCHAR; `(1,2)`",
                "xml; '<a/>'; VARCHAR; <a/>",
                "tsvector; 'cat'; VARCHAR; 'cat'",
            })
    void aTypeBecomes(String type, String value, String ours, String text) {
        database.execute("CREATE TABLE kinds.t (n int, v " + type + ")");
        database.execute("INSERT INTO kinds.t VALUES (1, " + value + "), (2, NULL)");

        land("");

        assertThat(shop.rows("select typeof(v), v::varchar from bronze.t order by n", "main"))
                .containsExactly(ours + "|" + text, ours + "|null");
    }

    @Test
    void whatHasNoPlaceInAColumnGoesToQuarantine() {
        database.execute(
                "CREATE TABLE kinds.t (id int PRIMARY KEY, d date, m timestamptz, t time,"
                        + " p numeric(5,2), a int[])");
        database.execute(
                "INSERT INTO kinds.t VALUES (1, '2026-01-01', now(), '1:00', 1, '{1}'),"
                        + " (2, 'infinity', NULL, NULL, NULL, NULL),"
                        + " (3, NULL, '-infinity', NULL, NULL, NULL),"
                        + " (4, NULL, NULL, '24:00', NULL, NULL),"
                        + " (5, NULL, NULL, NULL, 'NaN', NULL),"
                        + " (6, NULL, NULL, NULL, NULL, '{{1,2},{3,4}}')");

        land("");

        assertThat(shop.rows("select id from bronze.t", "main")).containsExactly("1");
        assertThat(
                        shop.rows(
                                "select _file, _reason, _raw from bronze.t__quarantine"
                                        + " order by _raw",
                                "main"))
                .containsExactly(
                        "kinds.t|'d': infinity is no date|{\"id\": 2, \"d\": \"infinity is no date\","
                                + " \"m\": null, \"t\": null, \"p\": null, \"a\": null}",
                        "kinds.t|'m': -infinity is no point in time|{\"id\": 3, \"d\": null, \"m\":"
                                + " \"-infinity is no point in time\", \"t\": null, \"p\": null,"
                                + " \"a\": null}",
                        "kinds.t|'t': 24:00:00 is no time of a day|{\"id\": 4, \"d\": null, \"m\":"
                                + " null, \"t\": \"24:00:00 is no time of a day\", \"p\": null,"
                                + " \"a\": null}",
                        "kinds.t|'p': NaN is no decimal number|{\"id\": 5, \"d\": null, \"m\": null,"
                                + " \"t\": null, \"p\": \"NaN is no decimal number\", \"a\": null}",
                        "kinds.t|'a': an array of 2 dimensions is no list|{\"id\": 6, \"d\": null,"
                                + " \"m\": null, \"t\": null, \"p\": null, \"a\": \"an array of 2"
                                + " dimensions is no list\"}");
    }

    @Test
    void orBecomesNullWhereThatIsWanted() {
        database.execute("CREATE TABLE kinds.t (id int PRIMARY KEY, d date)");
        database.execute("INSERT INTO kinds.t VALUES (1, 'infinity')");

        land(", impossible_values: 'null'");

        assertThat(shop.rows("select * exclude (_ingested_at) from bronze.t", "main"))
                .isEqualTo(List.of("1|null"));
    }

    @Test
    void aDeclaredTypeIsTakenWhereItsValuesFit() {
        database.execute("CREATE TABLE kinds.t (id int PRIMARY KEY, v text, n numeric)");
        database.execute("INSERT INTO kinds.t VALUES (1, '7', 1.5), (2, 'seven', 2.25)");

        land(", column_types: {v: INTEGER, n: 'DECIMAL(10,2)'}");

        assertThat(shop.rows("select id, v, n, typeof(n) from bronze.t", "main"))
                .containsExactly("1|7|1.50|DECIMAL(10,2)");
        assertThat(shop.rows("select _column, _reason from bronze.t__quarantine", "main"))
                .containsExactly("v|'seven' is no INTEGER");
    }
}
