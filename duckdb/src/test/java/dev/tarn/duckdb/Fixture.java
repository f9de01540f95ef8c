package dev.tarn.duckdb;

import dev.tarn.model.TableName;
import dev.tarn.model.graph.SqlText;
import dev.tarn.model.table.DeletedRows;
import dev.tarn.model.table.Field;
import dev.tarn.model.table.PartitionField;
import dev.tarn.model.table.Schema;
import dev.tarn.model.table.TableScan;
import dev.tarn.model.table.TableScan.DataFile;
import dev.tarn.model.table.Type;
import dev.tarn.model.table.WriteTarget;
import dev.tarn.model.table.WrittenFile;
import dev.tarn.spi.Engine.SessionOptions;
import dev.tarn.spi.EngineSession;
import dev.tarn.spi.QueryResult;
import dev.tarn.spi.Relation;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** An engine with one session, and short ways to write files and read rows. */
abstract class Fixture {
    static final TableName TABLE = TableName.parse("shop.orders");

    @TempDir Path directory;
    DuckDbEngine engine;
    EngineSession session;
    private int folders;

    @BeforeEach
    void open() {
        engine = DuckDbEngine.open(config());
        session = engine.open(SessionOptions.TRUSTED);
    }

    DuckDbConfig config() {
        return DuckDbConfig.defaults(directory.resolve("spill"));
    }

    @AfterEach
    void close() {
        session.close();
        engine.close();
    }

    static Field field(int id, String name, Type type) {
        return new Field(id, name, type, false, Optional.empty(), Optional.empty());
    }

    static Schema schema(Field... fields) {
        return new Schema(List.of(fields));
    }

    static SqlText sql(String text) {
        return SqlText.ofFile(text, "m.sql");
    }

    WriteTarget target(Schema schema, PartitionField... partitioning) {
        return new WriteTarget(
                schema,
                List.of(partitioning),
                List.of(),
                directory.resolve("written" + ++folders).resolve("data"),
                128L << 20);
    }

    DataFile file(Schema schema, String query, long... deleted) {
        WrittenFile written = session.write(sql(query), target(schema)).getFirst();
        return new DataFile(
                "table/" + written.path().getFileName(),
                written.path(),
                written.rows(),
                written.bytes(),
                deleted.length == 0 ? Optional.empty() : Optional.of(new Deleted(deleted)));
    }

    Relation.Table table(Schema schema, DataFile... files) {
        return new Relation.Table(
                schema, predicates -> new TableScan(schema, List.of(files), files.length));
    }

    List<List<@Nullable Object>> rows(String query) {
        try (QueryResult result = session.query(sql(query))) {
            List<List<@Nullable Object>> rows = new ArrayList<>();
            while (result.next()) {
                rows.add(result.row());
            }
            return rows;
        }
    }

    static List<@Nullable Object> row(@Nullable Object... values) {
        return Arrays.asList(values);
    }

    /** Deleted positions in a plain set. */
    record Deleted(TreeSet<Long> positions) implements DeletedRows {
        Deleted(long... positions) {
            this(new TreeSet<>());
            for (long position : positions) {
                this.positions.add(position);
            }
        }

        @Override
        public boolean contains(long position) {
            return positions.contains(position);
        }

        @Override
        public long count() {
            return positions.size();
        }

        @Override
        public void forEach(LongConsumer action) {
            positions.forEach(action::accept);
        }
    }
}
