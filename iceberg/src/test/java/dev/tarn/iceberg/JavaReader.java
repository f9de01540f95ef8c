package dev.tarn.iceberg;

import dev.tarn.model.table.TablePointer;
import dev.tarn.spi.LocalTestStorage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.MetadataColumns;
import org.apache.iceberg.PartitionKey;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableScan;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.InternalRecordWrapper;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.data.parquet.GenericParquetReaders;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.parquet.Parquet;
import org.jspecify.annotations.Nullable;

/** Reads a table with Iceberg's own reader, each value as text. */
final class JavaReader {
    /** The reader adds it when a file has deleted rows. */
    private static final String POSITION = MetadataColumns.ROW_POSITION.name();

    private JavaReader() {}

    /** The table as Iceberg's own API has it, from nothing but its metadata file. */
    static Table table(LocalTestStorage storage, TablePointer pointer) {
        MetadataFiles files = new MetadataFiles(storage, Clock.systemUTC());
        return new BaseTable(new TableChange(files, pointer), "judged");
    }

    static List<String> rows(Table table) {
        return texts(IcebergGenerics.read(table).build());
    }

    static List<String> rows(Table table, long snapshot) {
        return texts(IcebergGenerics.read(table).useSnapshot(snapshot).build());
    }

    private static List<String> texts(CloseableIterable<Record> records) {
        try (records) {
            List<String> rows = new ArrayList<>();
            for (Record each : records) {
                List<String> values = new ArrayList<>();
                for (int i = 0; i < each.size(); i++) {
                    if (!each.struct().fields().get(i).name().equals(POSITION)) {
                        values.add(text(each.get(i)));
                    }
                }
                rows.add(String.join("|", values));
            }
            rows.sort(null);
            return rows;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String text(@Nullable Object value) {
        return switch (value) {
            case null -> "null";
            case Record r -> {
                List<String> parts = new ArrayList<>();
                for (int i = 0; i < r.size(); i++) {
                    parts.add(r.struct().fields().get(i).name() + "=" + text(r.get(i)));
                }
                yield parts.stream().collect(Collectors.joining(",", "{", "}"));
            }
            case List<?> l ->
                    l.stream().map(JavaReader::text).collect(Collectors.joining(",", "[", "]"));
            case Map<?, ?> m ->
                    m.entrySet().stream()
                            .map(e -> text(e.getKey()) + "=" + text(e.getValue()))
                            .sorted()
                            .collect(Collectors.joining(",", "{", "}"));
            case ByteBuffer b -> hex(b);
            default -> value.toString();
        };
    }

    private static String hex(ByteBuffer bytes) {
        StringBuilder text = new StringBuilder("x");
        for (int i = bytes.position(); i < bytes.limit(); i++) {
            text.append("%02x".formatted(bytes.get(i)));
        }
        return text.toString();
    }

    /** Rows whose partition is another one than that of the file they are in. */
    static List<String> misplaced(Table table) {
        List<String> wrong = new ArrayList<>();
        TableScan scan = table.newScan();
        try (CloseableIterable<FileScanTask> tasks = scan.planFiles()) {
            for (FileScanTask task : tasks) {
                PartitionKey key = new PartitionKey(task.spec(), table.schema());
                InternalRecordWrapper wrapper =
                        new InternalRecordWrapper(table.schema().asStruct());
                for (Record row : rowsOf(table, task)) {
                    key.partition(wrapper.wrap(row));
                    String computed = task.spec().partitionToPath(key);
                    String given = task.spec().partitionToPath(task.file().partition());
                    if (!computed.equals(given)) {
                        wrong.add(row + " belongs to " + computed + ", not " + given);
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return wrong;
    }

    private static CloseableIterable<Record> rowsOf(Table table, FileScanTask task) {
        return Parquet.read(table.io().newInputFile(task.file().location()))
                .project(table.schema())
                .createReaderFunc(
                        parquet -> GenericParquetReaders.buildReader(table.schema(), parquet))
                .build();
    }
}
