package dev.tarn.it;

import java.io.File;
import java.io.IOException;
import java.io.Serial;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.apache.iceberg.BaseTable;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.Files;
import org.apache.iceberg.PartitionKey;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.StructLike;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.data.GenericRecord;
import org.apache.iceberg.data.InternalRecordWrapper;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.data.parquet.GenericParquetWriter;
import org.apache.iceberg.deletes.EqualityDeleteWriter;
import org.apache.iceberg.deletes.PositionDelete;
import org.apache.iceberg.deletes.PositionDeleteWriter;
import org.apache.iceberg.io.FileAppender;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.OutputFile;
import org.apache.iceberg.jdbc.JdbcCatalog;
import org.apache.iceberg.parquet.Parquet;
import org.apache.iceberg.types.TypeUtil;
import org.jspecify.annotations.Nullable;

/** Iceberg tables that Iceberg's own Java library makes, without any part of Tarn. */
final class ForeignIceberg implements AutoCloseable {
    private final JdbcCatalog catalog;
    private final Namespace namespace = Namespace.of("theirs");

    ForeignIceberg(Path folder) {
        catalog = new JdbcCatalog(properties -> new LocalIo(), null, true);
        catalog.initialize(
                "theirs",
                Map.of(
                        "uri",
                        "jdbc:sqlite:" + folder.resolve("theirs.db"),
                        "warehouse",
                        folder.resolve("theirs").toString()));
        catalog.createNamespace(namespace);
    }

    Table create(String name, Schema schema, PartitionSpec spec, Map<String, String> properties) {
        return catalog.createTable(TableIdentifier.of(namespace, name), schema, spec, properties);
    }

    static String pointer(Table table) {
        return ((BaseTable) table).operations().refresh().metadataFileLocation();
    }

    static Record row(Schema schema, @Nullable Object... values) {
        Record row = GenericRecord.create(schema);
        for (int i = 0; i < values.length; i++) {
            row.set(i, values[i]);
        }
        return row;
    }

    private static OutputFile newFile(Table table) {
        return table.io()
                .newOutputFile(table.location() + "/data/" + UUID.randomUUID() + ".parquet");
    }

    /** The partition of a row; null in a table without partitions. */
    static @Nullable StructLike partition(Table table, Record row) {
        if (table.spec().isUnpartitioned()) {
            return null;
        }
        PartitionKey key = new PartitionKey(table.spec(), table.schema());
        key.partition(new InternalRecordWrapper(table.schema().asStruct()).wrap(row));
        return key;
    }

    /** Writes rows of one partition with some of the table's columns. */
    static DataFile write(
            Table table, Schema columns, @Nullable StructLike partition, List<Record> rows)
            throws IOException {
        OutputFile out = newFile(table);
        FileAppender<Record> appender =
                Parquet.write(out)
                        .schema(columns)
                        .createWriterFunc(GenericParquetWriter::create)
                        .build();
        try (appender) {
            appender.addAll(rows);
        }
        DataFiles.Builder file =
                DataFiles.builder(table.spec())
                        .withPath(out.location())
                        .withFileSizeInBytes(appender.length())
                        .withMetrics(appender.metrics())
                        .withFormat("parquet");
        return (partition == null ? file : file.withPartition(partition)).build();
    }

    static DataFile append(Table table, List<Record> rows) throws IOException {
        DataFile file = write(table, table.schema(), partition(table, rows.getFirst()), rows);
        table.newAppend().appendFile(file).commit();
        return file;
    }

    /** Deletes rows at positions of files. */
    static void deleteAt(
            Table table, @Nullable StructLike partition, Map<String, List<Long>> positions)
            throws IOException {
        OutputFile out = newFile(table);
        PositionDeleteWriter<Record> writer =
                Parquet.writeDeletes(out)
                        .createWriterFunc(GenericParquetWriter::create)
                        .overwrite()
                        .withSpec(table.spec())
                        .withPartition(partition)
                        .buildPositionWriter();
        try (writer) {
            PositionDelete<Record> delete = PositionDelete.create();
            for (var file : positions.entrySet()) {
                for (long position : file.getValue()) {
                    writer.write(delete.set(file.getKey(), position));
                }
            }
        }
        table.newRowDelta().addDeletes(writer.toDeleteFile()).commit();
    }

    /** Deletes rows whose keys are those given. */
    static void deleteWhere(
            Table table,
            PartitionSpec spec,
            @Nullable StructLike partition,
            Schema keys,
            List<Record> rows)
            throws IOException {
        OutputFile out = newFile(table);
        EqualityDeleteWriter<Record> writer =
                Parquet.writeDeletes(out)
                        .createWriterFunc(GenericParquetWriter::create)
                        .overwrite()
                        .rowSchema(keys)
                        .withSpec(spec)
                        .withPartition(partition)
                        .equalityFieldIds(List.copyOf(TypeUtil.getProjectedIds(keys)))
                        .buildEqualityWriter();
        try (writer) {
            writer.write(rows);
        }
        DeleteFile file = writer.toDeleteFile();
        table.newRowDelta().addDeletes(file).commit();
    }

    @Override
    public void close() {
        catalog.close();
    }

    /** Files of this machine, for readers of Iceberg. */
    static FileIO localIo() {
        return new LocalIo();
    }

    /** Local files without Hadoop; clients make it by its name. */
    public static final class LocalIo implements FileIO {
        @Serial private static final long serialVersionUID = 1L;

        @Override
        public InputFile newInputFile(String location) {
            return Files.localInput(location);
        }

        @Override
        public OutputFile newOutputFile(String location) {
            Objects.requireNonNull(new File(location).getParentFile()).mkdirs();
            return Files.localOutput(location);
        }

        @Override
        public void deleteFile(String location) {
            Path.of(location).toFile().delete();
        }
    }
}
