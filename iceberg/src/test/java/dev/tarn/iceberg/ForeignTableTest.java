package dev.tarn.iceberg;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.model.table.TablePointer;
import dev.tarn.spi.LocalTestStorage;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.SortOrder;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.data.GenericRecord;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.data.parquet.GenericParquetWriter;
import org.apache.iceberg.io.FileAppender;
import org.apache.iceberg.io.OutputFile;
import org.apache.iceberg.parquet.Parquet;
import org.apache.iceberg.types.Types;
import org.apache.iceberg.types.Types.NestedField;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tables that Iceberg's own Java library wrote, without us. */
final class ForeignTableTest {
    private static final Schema SCHEMA =
            new Schema(
                    NestedField.required(1, "id", Types.LongType.get()),
                    NestedField.optional(2, "day", Types.DateType.get()),
                    NestedField.optional(
                            3, "tags", Types.ListType.ofOptional(4, Types.StringType.get())),
                    NestedField.optional(5, "code", Types.FixedType.ofLength(2)));

    @TempDir Path folder;

    private final LocalTestStorage storage = new LocalTestStorage();
    private final DuckFiles duck = new DuckFiles();
    private MetadataFiles files;
    private IcebergTables tables;

    @BeforeEach
    void openTables() {
        files = new MetadataFiles(storage, Clock.systemUTC());
        tables =
                IcebergTables.open(
                        new IcebergConfig(
                                folder.toString(),
                                storage,
                                folder.resolve("staging"),
                                Clock.systemUTC()));
    }

    @AfterEach
    void closeDuck() {
        duck.close();
    }

    /** A table whose locations are URIs, as other engines write them. */
    private TableChange foreign(int formatVersion) {
        return new TableChange(
                files,
                files.write(
                        null,
                        TableMetadata.newTableMetadata(
                                SCHEMA,
                                PartitionSpec.unpartitioned(),
                                SortOrder.unsorted(),
                                "file://" + folder.resolve("foreign"),
                                Map.of("format-version", Integer.toString(formatVersion)))));
    }

    private static Record row(long id, LocalDate day, List<String> tags, byte[] code) {
        Record row = GenericRecord.create(SCHEMA);
        row.setField("id", id);
        row.setField("day", day);
        row.setField("tags", tags);
        row.setField("code", code);
        return row;
    }

    private static DataFile write(Table table, List<Record> rows) throws IOException {
        OutputFile out =
                table.io()
                        .newOutputFile(
                                table.location() + "/data/" + UUID.randomUUID() + ".parquet");
        FileAppender<Record> appender =
                Parquet.write(out)
                        .schema(table.schema())
                        .createWriterFunc(GenericParquetWriter::create)
                        .build();
        try (appender) {
            appender.addAll(rows);
        }
        return DataFiles.builder(table.spec())
                .withPath(out.location())
                .withFileSizeInBytes(appender.length())
                .withMetrics(appender.metrics())
                .withFormat("parquet")
                .build();
    }

    @Test
    void rowsOfAForeignTableAreRead() throws IOException {
        TableChange foreign = foreign(2);
        Table table = foreign.table();
        DataFile file =
                write(
                        table,
                        List.of(
                                row(
                                        1,
                                        LocalDate.of(2024, 2, 29),
                                        List.of("a", "b"),
                                        new byte[] {65, 66}),
                                row(2, LocalDate.of(1969, 1, 1), List.of(), new byte[] {67, 68})));
        table.newFastAppend().appendFile(file).commit();

        TablePointer pointer = foreign.pointer();

        assertThat(duck.read(tables.scan(pointer, Optional.empty(), List.of())))
                .containsExactly("1|2024-02-29|[a, b]|AB", "2|1969-01-01|[]|CD");
        assertThat(tables.state(pointer).current().orElseThrow().totalRows()).isEqualTo(2);
        assertThat(tables.files(pointer)).contains(file.location());
    }
}
