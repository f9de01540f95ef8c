package dev.tarn.spi;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.model.TableName;
import dev.tarn.model.table.Field;
import dev.tarn.model.table.Schema;
import dev.tarn.model.table.TableDefinition;
import dev.tarn.model.table.TablePointer;
import dev.tarn.model.table.TableScan;
import dev.tarn.model.table.TableState;
import dev.tarn.model.table.Type;
import dev.tarn.model.table.WriteTarget;
import dev.tarn.model.table.WrittenFile;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every table format must do. Heirs bring the format and a way to write and read Parquet. */
public abstract class TablesContract {
    protected static final TableName NAME = TableName.parse("shop.orders");
    protected static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");
    protected static final Schema COLUMNS =
            new Schema(
                    List.of(
                            Field.of("id", Type.Primitive.BIGINT),
                            Field.of("name", Type.Primitive.VARCHAR)));

    @TempDir protected Path folder;

    protected final LocalTestStorage storage = new LocalTestStorage();
    protected Tables tables;

    /** The format under test, with its files below a folder and new files staged in another. */
    protected abstract Tables open(
            LocalTestStorage storage, Path warehouse, Path staging, Clock clock);

    /** Writes the rows of a query in DuckDB's dialect as an engine would, casting by name. */
    protected abstract List<WrittenFile> writeFiles(WriteTarget target, String query);

    /** Reads a scan's rows as an engine would, each as text, sorted. */
    protected abstract List<String> readRows(TableScan scan);

    @BeforeEach
    void openTables() {
        tables =
                open(
                        storage,
                        folder.resolve("warehouse"),
                        folder.resolve("staging"),
                        Clock.fixed(NOW, ZoneOffset.UTC));
    }

    protected final TablePointer append(TablePointer base, String query) {
        return tables.append(
                base, writeFiles(tables.target(base), query), Map.of("tarn.run", "r1"));
    }

    protected final List<String> rows(TablePointer pointer) {
        return readRows(tables.scan(pointer, Optional.empty(), List.of()));
    }

    @Test
    void aNewTableIsEmptyAndItsColumnsHaveIds() {
        TablePointer pointer = tables.create(NAME, TableDefinition.of(COLUMNS));

        TableState state = tables.state(pointer);

        assertThat(state.definition().schema().sameColumns(COLUMNS)).isTrue();
        assertThat(state.definition().schema().fields())
                .extracting(Field::id)
                .containsExactly(1, 2);
        assertThat(state.current()).isEmpty();
        assertThat(state.snapshots()).isEmpty();
        assertThat(rows(pointer)).isEmpty();
    }

    @Test
    void appendedRowsAreThereAndTheOldStateStays() {
        TablePointer empty = tables.create(NAME, TableDefinition.of(COLUMNS));

        TablePointer one = append(empty, "select 1 id, 'a' name");
        TablePointer two = append(one, "select 2 id, null name");

        assertThat(rows(empty)).isEmpty();
        assertThat(rows(one)).containsExactly("1|a");
        assertThat(rows(two)).containsExactly("1|a", "2|null");
    }

    @Test
    void overwritingReplacesAllRowsAndKeepsIdentityAndHistory() {
        TablePointer one =
                append(tables.create(NAME, TableDefinition.of(COLUMNS)), "select 1 id, 'a' name");
        long first = tables.state(one).current().orElseThrow().id();

        TablePointer two =
                tables.overwrite(
                        one, writeFiles(tables.target(one), "select 2 id, 'b' name"), Map.of());

        assertThat(rows(two)).containsExactly("2|b");
        assertThat(tables.state(two).uuid()).isEqualTo(tables.state(one).uuid());
        assertThat(readRows(tables.scan(two, Optional.of(first), List.of())))
                .containsExactly("1|a");
    }
}
