package dev.tarn.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.duckdb.DuckDbConfig;
import dev.tarn.duckdb.DuckDbEngine;
import dev.tarn.iceberg.IcebergConfig;
import dev.tarn.iceberg.IcebergTables;
import dev.tarn.model.TableName;
import dev.tarn.model.graph.SqlText;
import dev.tarn.model.table.Field;
import dev.tarn.model.table.PartitionField;
import dev.tarn.model.table.Predicate;
import dev.tarn.model.table.Schema;
import dev.tarn.model.table.SchemaChange;
import dev.tarn.model.table.TableDefinition;
import dev.tarn.model.table.TablePointer;
import dev.tarn.model.table.TableScan;
import dev.tarn.model.table.Transform;
import dev.tarn.model.table.Type;
import dev.tarn.model.table.Type.Primitive;
import dev.tarn.spi.Engine.SessionOptions;
import dev.tarn.spi.EngineSession;
import dev.tarn.spi.QueryResult;
import dev.tarn.spi.Relation;
import dev.tarn.spi.Tables;
import dev.tarn.storage.LocalStorage;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random queries over random tables: whatever files are left out because of conditions, the rows
 * are those of a session that never leaves one out.
 */
final class PruningTest {
    private static final int TABLES = 8;
    private static final int QUERIES = 40;
    private static final TableName FACTS = TableName.parse("shop.facts");
    private static final TableName DAYS = TableName.parse("shop.days");

    private static final Schema COLUMNS =
            new Schema(
                    List.of(
                            Field.of("id", Primitive.BIGINT),
                            Field.of("day", Primitive.DATE),
                            Field.of("at", Primitive.TIMESTAMP),
                            Field.of("order", Primitive.TIMESTAMPTZ),
                            Field.of("name", Primitive.VARCHAR),
                            Field.of("price", new Type.Decimal(10, 2)),
                            Field.of("ratio", Primitive.DOUBLE),
                            Field.of("paid", Primitive.BOOLEAN)));

    private static final List<Transform> TRANSFORMS =
            List.of(
                    new Transform.Identity(),
                    new Transform.Day(),
                    new Transform.Month(),
                    new Transform.Bucket(4),
                    new Transform.Truncate(3));

    @TempDir Path directory;
    private DuckDbEngine engine;
    private Tables tables;
    private long planned;
    private long total;

    @BeforeEach
    void open() {
        engine = DuckDbEngine.open(DuckDbConfig.defaults(directory.resolve("spill")));
        tables =
                IcebergTables.open(
                        new IcebergConfig(
                                directory.resolve("tables").toString(),
                                new LocalStorage(Clock.systemUTC()),
                                directory.resolve("staging"),
                                Clock.systemUTC()));
    }

    @AfterEach
    void close() {
        engine.close();
    }

    @Test
    void leavesOutNoFileThatHasAWantedRow() {
        for (int seed = 1; seed <= TABLES; seed++) {
            Random random = new Random(seed);
            try (EngineSession pruning = engine.open(SessionOptions.TRUSTED);
                    EngineSession whole = engine.open(SessionOptions.TRUSTED)) {
                for (TableName name : List.of(FACTS, DAYS)) {
                    TablePointer table = table(name, random, whole);
                    Schema schema = tables.state(table).definition().schema();
                    pruning.define(name, new Relation.Table(schema, p -> counted(table, p)));
                    whole.define(name, new Relation.Table(schema, p -> scan(table, List.of())));
                }
                for (EngineSession session : List.of(pruning, whole)) {
                    session.define(
                            TableName.parse("shop.dear"),
                            new Relation.View("select * from facts where price > 20"));
                }
                for (int i = 0; i < QUERIES; i++) {
                    String query = query(random);
                    assertThat(rows(pruning, query))
                            .as("seed %d: %s", seed, query)
                            .isEqualTo(rows(whole, query));
                }
            }
        }
        assertThat(planned).as("files left in of %d", total).isPositive().isLessThan(total / 2);
    }

    private TableScan scan(TablePointer table, List<Predicate> predicates) {
        return tables.scan(table, Optional.empty(), predicates);
    }

    private TableScan counted(TablePointer table, List<Predicate> predicates) {
        TableScan scan = scan(table, predicates);
        if (!predicates.isEmpty()) {
            planned += scan.files().size();
            total += scan.totalFiles();
        }
        return scan;
    }

    /** Several appends, each sorted by another column, with an added column half-way. */
    private TablePointer table(TableName name, Random random, EngineSession session) {
        List<PartitionField> partitioning = new ArrayList<>();
        Transform transform = TRANSFORMS.get(random.nextInt(TRANSFORMS.size()));
        String column =
                switch (transform) {
                    case Transform.Day d -> "at";
                    case Transform.Month m -> "day";
                    case Transform.Bucket b -> "id";
                    case Transform.Truncate t -> "name";
                    default -> "paid";
                };
        if (random.nextInt(4) > 0) {
            partitioning.add(PartitionField.of(column, transform));
        }
        TablePointer table =
                tables.create(
                        name, new TableDefinition(COLUMNS, partitioning, List.of(), Map.of()));
        int appends = 10 + random.nextInt(4);
        for (int i = 0; i < appends; i++) {
            String extra = "";
            if (i >= appends / 2) {
                extra = ", range % 3 as extra";
                if (i == appends / 2) {
                    table =
                            tables.evolve(
                                    table,
                                    List.of(
                                            new SchemaChange.Add(
                                                    "extra", Primitive.BIGINT, Optional.of("7"))));
                }
            }
            String rows =
                    """
                    select if(range %% 11 = 3, null, range + %1$d) as id,
                        if(range %% 13 = 4, null, date '2024-01-01' + (%1$d + range %% 5)::int) as day,
                        timestamp '2024-01-01' + interval (%1$d * 7 + range) hour as at,
                        timestamptz '2024-01-01 00:00:00+00' + interval (%1$d * 9 + range) hour
                            as "order",
                        if(range %% 9 = 2, null, chr((97 + %1$d + range %% 4)::int) || 'ä😀z' || range)
                            as name,
                        if(range %% 7 = 5, null, (%1$d + range / 10)::decimal(10, 2)) as price,
                        if(range %% 6 = 5, 'nan', range / 4 - %1$d)::double as ratio,
                        if(range %% 8 = 1, null, %1$d %% 2 = 0) as paid %2$s
                    from range(%3$d)
                    """
                            .formatted(i * 3, extra, 5 + random.nextInt(30));
            table =
                    tables.append(
                            table, session.write(SqlText.of(rows), tables.target(table)), Map.of());
        }
        return table;
    }

    private static String query(Random random) {
        return switch (random.nextInt(9)) {
            case 0 -> "select * from shop.facts f where " + condition("f", random);
            case 1 ->
                    "select f.*, d.id from shop.facts f join shop.days d on f.id = d.id where "
                            + condition(random.nextBoolean() ? "f" : "d", random);
            case 2 ->
                    "select f.id, d.* from shop.facts f left join shop.days d on f.day = d.day and "
                            + condition("d", random)
                            + " where "
                            + condition("f", random);
            case 3 ->
                    "select f.id, d.id from shop.facts f left join shop.days d on f.id = d.id where "
                            + condition("d", random);
            case 4 ->
                    "with t as (select * from shop.facts f where "
                            + condition("f", random)
                            + ") select a.id, b.id from t a full join t b on a.id = b.id + 1 where "
                            + condition("a", random);
            case 5 ->
                    "select * from shop.dear f where "
                            + condition("f", random)
                            + " and id in (select id from shop.days d where "
                            + condition("d", random)
                            + ")";
            case 6 ->
                    "select day, count(*), min(price) from shop.facts f where "
                            + condition("f", random)
                            + " group by day having day > date '2024-01-09'";
            case 7 ->
                    "select * from shop.facts f where not exists (select 1 from shop.days d where"
                            + " d.id = f.id and "
                            + condition("d", random)
                            + ") and "
                            + condition("f", random);
            default ->
                    "select id, name from shop.facts f where "
                            + condition("f", random)
                            + " union all select id, name from shop.dear f where "
                            + condition("f", random);
        };
    }

    private static String condition(String table, Random random) {
        String one = comparison(table, random);
        return switch (random.nextInt(4)) {
            case 0 -> one + " and " + comparison(table, random);
            case 1 -> "(" + one + " or " + comparison(table, random) + ")";
            case 2 -> "not (" + one + ")";
            default -> one;
        };
    }

    private static String comparison(String table, Random random) {
        String operator = List.of("=", "<", "<=", ">", ">=", "<>").get(random.nextInt(6));
        int number = random.nextInt(45);
        String day = "'2024-01-%02d'".formatted(1 + random.nextInt(31));
        String text =
                switch (random.nextInt(14)) {
                    case 0 -> "%s.id " + operator + " " + number;
                    case 1 -> "%s.id in (" + number + ", " + (number + 2) + ", -1)";
                    case 2 -> "%s.day " + operator + " " + day;
                    case 3 -> "%s.day between " + day + " and date '2024-01-31'";
                    case 4 -> "%s.at " + operator + " timestamp " + day;
                    case 5 -> "%s.at::date " + operator + " date " + day;
                    case 6 -> "%s.\"order\" " + operator + " timestamptz " + day;
                    case 7 -> "%s.name " + operator + " '" + (char) ('a' + number % 26) + "ä😀'";
                    case 8 -> "%s.name like '" + (char) ('a' + number % 26) + "%%'";
                    case 9 -> "%s.price " + operator + " " + number + ".50";
                    case 10 -> "%s.ratio " + operator + " " + (number - 20);
                    case 11 -> number % 2 == 0 ? "%s.paid" : "not %s.paid";
                    case 12 -> "%s." + (number % 2 == 0 ? "id is null" : "name is not null");
                    default -> "%s.extra " + operator + " " + number % 8;
                };
        return text.formatted(table);
    }

    private static List<String> rows(EngineSession session, String query) {
        List<String> rows = new ArrayList<>();
        try (QueryResult result = session.query(SqlText.of(query))) {
            while (result.next()) {
                rows.add(result.row().toString());
            }
        }
        rows.sort(null);
        return rows;
    }
}
