package dev.tarn.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.jdbc.MysqlDatabase;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What the types of MySQL and MariaDB become: the table in docs/databases.md. */
@ExtendWith(MysqlDatabase.Started.class)
abstract class MysqlTypesContract {
    private final MysqlDatabase database;
    private Workshop shop;

    @TempDir Path folder;

    MysqlTypesContract(MysqlDatabase database) {
        this.database = database;
    }

    @BeforeEach
    void begin() {
        shop = new Workshop(folder);
        database.execute(
                "SET GLOBAL sql_mode = ''; DROP DATABASE IF EXISTS kinds; CREATE DATABASE kinds");
    }

    @AfterEach
    void end() {
        shop.tarn().close();
    }

    private void land(String what, String settings) {
        shop.put(
                "models/sources.yml",
                """
                version: 2
                sources:
                  - name: kinds
                    schema: bronze
                    tables:
                      - name: t
                        ingest: {connector: %s, url: "%s", user: root, %s%s}
                """
                        .formatted(database.name(), database.url(), what, settings));
        assertThat(shop.build().problems()).isEmpty();
    }

    /** A type, a value in SQL, our type, our text. */
    private List<String> cases() {
        List<String> all = new ArrayList<>(MysqlValues.COMMON);
        all.addAll(MysqlValues.of(database.kind()));
        return all;
    }

    @Test
    void typesBecome() {
        List<String> cases = cases();
        StringBuilder columns = new StringBuilder("n int");
        StringBuilder values = new StringBuilder("1");
        for (int i = 0; i < cases.size(); i++) {
            String[] parts = cases.get(i).split("; ", -1);
            columns.append(", c").append(i).append(' ').append(parts[0]).append(" NULL");
            values.append(", ").append(parts[1]);
        }
        database.execute("CREATE TABLE kinds.t (" + columns + ") DEFAULT CHARACTER SET utf8mb4");
        database.execute("INSERT INTO kinds.t VALUES (" + values + ")");
        database.execute("INSERT INTO kinds.t (n) VALUES (2)");

        land("table: kinds.t", "");

        List<String> found = new ArrayList<>();
        List<String> wanted = new ArrayList<>();
        for (int i = 0; i < cases.size(); i++) {
            String[] parts = cases.get(i).split("; ", -1);
            wanted.add(parts[0] + " " + parts[1] + ": " + parts[2] + "|" + parts[3]);
            wanted.add(parts[0] + " null: " + parts[2] + "|null");
            List<String> rows =
                    shop.rows(
                            "select typeof(c%1$d), c%1$d::varchar from bronze.t order by n"
                                    .formatted(i),
                            "main");
            found.add(parts[0] + " " + parts[1] + ": " + rows.getFirst());
            found.add(parts[0] + " null: " + rows.getLast());
        }
        assertThat(found).isEqualTo(wanted);
    }

    @Test
    void whatHasNoPlaceInAColumnGoesToQuarantine() {
        database.execute(
                "CREATE TABLE kinds.t (id int PRIMARY KEY, d date, m datetime(6), s timestamp NULL)");
        database.execute(
                "INSERT INTO kinds.t VALUES (1, '2026-01-01', '2026-01-01', '2026-01-01'),"
                        + " (2, '0000-00-00', NULL, NULL), (3, NULL, '0000-00-00', NULL),"
                        + " (4, NULL, NULL, '0000-00-00'), (5, '2026-00-00', NULL, NULL)");

        land("table: kinds.t", "");

        assertThat(shop.rows("select id from bronze.t", "main")).containsExactly("1");
        assertThat(
                        shop.rows(
                                "select _reason, _raw from bronze.t__quarantine order by _raw",
                                "main"))
                .containsExactly(
                        "'d': '0000-00-00' is no DATE|{\"id\": \"2\", \"d\": \"0000-00-00\", \"m\":"
                                + " null, \"s\": null}",
                        "'m': '0000-00-00 00:00:00.000000' is no TIMESTAMP|{\"id\": \"3\", \"d\":"
                                + " null, \"m\": \"0000-00-00 00:00:00.000000\", \"s\": null}",
                        "'s': '0000-00-00 00:00:00' is no TIMESTAMPTZ|{\"id\": \"4\", \"d\": null,"
                                + " \"m\": null, \"s\": \"0000-00-00 00:00:00\"}",
                        "'d': '2026-00-00' is no DATE|{\"id\": \"5\", \"d\": \"2026-00-00\", \"m\":"
                                + " null, \"s\": null}");
    }

    @Test
    void orBecomesNullWhereThatIsWanted() {
        database.execute("CREATE TABLE kinds.t (id int PRIMARY KEY, d date)");
        database.execute("INSERT INTO kinds.t VALUES (1, '0000-00-00')");

        land("table: kinds.t", ", impossible_values: 'null'");

        assertThat(shop.rows("select id, d from bronze.t", "main")).containsExactly("1|null");
    }

    @Test
    void rowsOfAQueryHaveTheTypesOfTheirColumns() {
        database.execute(
                "CREATE TABLE kinds.t (id int unsigned, big bigint unsigned, n decimal(9,2), w"
                        + " varchar(9), m timestamp(3) NULL, b varbinary(3))");
        database.execute(
                "INSERT INTO kinds.t VALUES (4294967295, 18446744073709551615, 1.5, 'größe',"
                        + " '2026-11-21 10:00:00.125', x'00ff')");

        land("query: 'select id, big, n, n * 2 as twice, w, m, b from kinds.t'", "");

        assertThat(
                        shop.rows(
                                "select typeof(id), id, typeof(big), big, typeof(n), n, twice, w,"
                                        + " typeof(m), m, typeof(b), b::varchar from bronze.t",
                                "main"))
                .containsExactly(
                        "BIGINT|4294967295|DECIMAL(20,0)|18446744073709551615|DECIMAL(9,2)|1.50|3.00"
                                + "|größe|TIMESTAMP WITH TIME ZONE|2026-11-21T10:00:00.125Z|BLOB"
                                + "|\\x00\\xFF");
    }
}
