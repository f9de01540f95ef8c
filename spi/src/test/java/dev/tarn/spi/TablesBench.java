package dev.tarn.spi;

import dev.tarn.model.TableName;
import dev.tarn.model.table.Field;
import dev.tarn.model.table.Predicate;
import dev.tarn.model.table.RowPositions;
import dev.tarn.model.table.Schema;
import dev.tarn.model.table.TableDefinition;
import dev.tarn.model.table.TablePointer;
import dev.tarn.model.table.TableScan;
import dev.tarn.model.table.Type;
import dev.tarn.model.table.WriteTarget;
import dev.tarn.model.table.WrittenFile;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A table format under test, and what tests of tables do all the time. */
public abstract class TablesBench {
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

    protected final TablePointer table() {
        return tables.create(NAME, TableDefinition.of(COLUMNS));
    }

    /** How many files a scan reads of those the table has. */
    protected final String planned(TablePointer pointer, Predicate... predicates) {
        TableScan scan = tables.scan(pointer, Optional.empty(), List.of(predicates));
        return scan.files().size() + " of " + scan.totalFiles();
    }

    /** Positions in the n-th file, the one with most rows first. */
    protected final RowPositions positions(TablePointer pointer, int file, long... positions) {
        List<TableScan.DataFile> files =
                new ArrayList<>(tables.scan(pointer, Optional.empty(), List.of()).files());
        files.sort(Comparator.comparingLong(TableScan.DataFile::rows).reversed());
        return new RowPositions(files.get(file).location(), positions);
    }

    protected final RowPositions positionsOf(TablePointer pointer, String row, long... positions) {
        TableScan scan = tables.scan(pointer, Optional.empty(), List.of());
        for (TableScan.DataFile file : scan.files()) {
            if (readRows(new TableScan(scan.schema(), List.of(file), 1)).contains(row)) {
                return new RowPositions(file.location(), positions);
            }
        }
        throw new AssertionError("No file has the row " + row);
    }
}
