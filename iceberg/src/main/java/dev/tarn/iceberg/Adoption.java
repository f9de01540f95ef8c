package dev.tarn.iceberg;

import dev.tarn.model.TableName;
import dev.tarn.model.table.DeletedRows;
import dev.tarn.model.table.Field;
import dev.tarn.model.table.ForeignFile;
import dev.tarn.model.table.ForeignFile.ColumnsBy;
import dev.tarn.model.table.TablePointer;
import dev.tarn.model.table.TableScan;
import dev.tarn.model.table.TableState;
import dev.tarn.spi.Adopter;
import dev.tarn.spi.Storage;
import java.io.IOException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.Metrics;
import org.apache.iceberg.MetricsConfig;
import org.apache.iceberg.PartitionData;
import org.apache.iceberg.PartitionField;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.RowDelta;
import org.apache.iceberg.Schema;
import org.apache.iceberg.SortOrder;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableProperties;
import org.apache.iceberg.deletes.BaseDVFileWriter;
import org.apache.iceberg.io.OutputFileFactory;
import org.apache.iceberg.mapping.NameMapping;
import org.apache.iceberg.mapping.NameMappingParser;
import org.apache.iceberg.parquet.ParquetUtil;
import org.apache.iceberg.types.Type;
import org.apache.parquet.hadoop.metadata.ParquetMetadata;
import org.jspecify.annotations.Nullable;

/** Writes Iceberg metadata over data files of others: the files stay, and stay theirs. */
final class Adoption implements Adopter {
    private static final int FORMAT_VERSION = 3;

    private final MetadataFiles files;
    private final Storage storage;
    private final String warehouse;

    Adoption(MetadataFiles files, Storage storage, String warehouse) {
        this.files = files;
        this.storage = storage;
        this.warehouse = warehouse;
    }

    @Override
    public TablePointer adopt(TableName name, TableState theirs, TableScan scan) {
        TableMetadata empty = metadata(name, theirs, scan);
        Map<TableScan.DataFile, DataFile> taken = new LinkedHashMap<>();
        List<DataFile> described = Parallel.map(scan.files(), file -> describe(file, empty));
        for (int i = 0; i < described.size(); i++) {
            taken.put(scan.files().get(i), described.get(i));
        }
        TableChange line = new TableChange(files, files.write(null, empty));
        if (taken.isEmpty()) {
            return line.pointer();
        }
        try {
            RowDelta delta = line.table().newRowDelta();
            taken.values().forEach(delta::addRows);
            vectors(line, taken, delta);
            delta.set("tarn.adopted-from", theirs.location()).commit();
        } catch (RuntimeException e) {
            throw IcebergErrors.translated(empty.location(), e);
        }
        return line.pointer();
    }

    private TableMetadata metadata(TableName name, TableState theirs, TableScan scan) {
        Schema schema = IcebergTypes.withGivenIds(scan.schema(), FORMAT_VERSION);
        PartitionSpec.Builder spec = PartitionSpec.builderFor(schema);
        theirs.definition().partitioning().forEach(p -> spec.identity(p.column()));
        Map<Integer, List<String>> names = new HashMap<>();
        scan.files().forEach(f -> f.foreign().ifPresent(foreign -> names.putAll(foreign.names())));
        Map<String, String> properties = new HashMap<>();
        properties.put(
                TableProperties.DEFAULT_NAME_MAPPING,
                NameMappingParser.toJson(NamesOfFiles.mapping(scan.schema().fields(), names)));
        properties.put("tarn.adopted-from", theirs.location());
        // Files without ids, or without their partition columns, are read right by Iceberg alone.
        properties.put("tarn.formats", "iceberg");
        properties.putAll(States.HOUSEKEEPING);
        return TableMetadata.buildFromEmpty(FORMAT_VERSION)
                .assignUUID(UUID.randomUUID().toString())
                .setLocation(MetadataFiles.newTableLocation(warehouse, name.schema(), name.table()))
                .setCurrentSchema(schema, schema.highestFieldId())
                .setDefaultPartitionSpec(spec.build())
                .setDefaultSortOrder(SortOrder.unsorted())
                .setProperties(properties)
                .build();
    }

    private DataFile describe(TableScan.DataFile file, TableMetadata table) {
        NameMapping mapping =
                NameMappingParser.fromJson(
                        table.properties().get(TableProperties.DEFAULT_NAME_MAPPING));
        ParquetMetadata footer;
        Metrics metrics;
        try {
            footer = Footers.read(file.path());
            boolean byName =
                    file.foreign().map(ForeignFile::columnsBy).orElse(ColumnsBy.ID)
                            == ColumnsBy.NAME;
            new AdoptedColumns(file.location(), table.schema())
                    .require(footer.getFileMetaData().getSchema(), mapping, byName);
            metrics =
                    ParquetUtil.footerMetrics(
                            footer, Stream.empty(), MetricsConfig.getDefault(), mapping);
        } catch (IOException e) {
            throw IcebergErrors.unreadable(file.location(), e);
        }
        Storage.StoredFile stored =
                storage.find(StorageFileIo.normalized(file.location()))
                        .orElseThrow(() -> IcebergErrors.dataMissing(file.location()));
        DataFiles.Builder described =
                DataFiles.builder(table.spec())
                        .withPath(file.location())
                        .withFormat(FileFormat.PARQUET)
                        .withFileSizeInBytes(stored.bytes())
                        .withMetrics(metrics)
                        .withSplitOffsets(ParquetUtil.getSplitOffsets(footer));
        if (table.spec().isPartitioned()) {
            described.withPartition(partition(file, table));
        }
        return described.build();
    }

    private static PartitionData partition(TableScan.DataFile file, TableMetadata table) {
        PartitionData data = new PartitionData(table.spec().partitionType());
        Map<Integer, Optional<String>> constants =
                file.foreign().map(ForeignFile::constants).orElse(Map.of());
        for (int i = 0; i < table.spec().fields().size(); i++) {
            PartitionField field = table.spec().fields().get(i);
            Type type = table.schema().findType(field.sourceId());
            @Nullable String text =
                    constants.getOrDefault(field.sourceId(), Optional.empty()).orElse(null);
            if (text != null) {
                boolean zoned =
                        type.typeId() == Type.TypeID.TIMESTAMP
                                && !text.matches(".*(Z|[+-]\\d\\d(:?\\d\\d)?)$")
                                && type.toString().equals("timestamptz");
                String whole = zoned ? text + "+00" : text;
                data.set(
                        i,
                        Values.value(type, whole)
                                .orElseThrow(() ->
                                        IcebergErrors.partitionValueUnfit(
                                                file.location(),
                                                field.name(),
                                                text,
                                                IcebergTypes.sql(type))));
            }
        }
        return data;
    }

    private static void vectors(
            TableChange line, Map<TableScan.DataFile, DataFile> taken, RowDelta delta) {
        OutputFileFactory names =
                OutputFileFactory.builderFor(line.table(), 0, 0).format(FileFormat.PUFFIN).build();
        BaseDVFileWriter writer = new BaseDVFileWriter(names, file -> none());
        boolean any = false;
        try (writer) {
            for (var each : taken.entrySet()) {
                @Nullable DeletedRows deleted = each.getKey().deleted().orElse(null);
                if (deleted != null && deleted.count() > 0) {
                    any = true;
                    DataFile file = each.getValue();
                    deleted.forEach(position ->
                            writer.delete(
                                    file.location(),
                                    position,
                                    line.table().spec(),
                                    file.partition()));
                }
            }
        } catch (IOException e) {
            throw IcebergErrors.notWritten(line.current().location() + "/data", e);
        }
        if (any) {
            writer.result().deleteFiles().forEach(delta::addDeletes);
        }
    }

    @SuppressWarnings("NullAway") // Iceberg takes null for a file without deleted rows.
    private static org.apache.iceberg.deletes.@Nullable PositionDeleteIndex none() {
        return null;
    }

    /** What columns are called in files, as Iceberg writes it down. */
    private static final class NamesOfFiles {
        private NamesOfFiles() {}

        static NameMapping mapping(List<Field> fields, Map<Integer, List<String>> names) {
            return NameMapping.of(nested(fields, names));
        }

        private static org.apache.iceberg.mapping.MappedFields nested(
                List<Field> fields, Map<Integer, List<String>> names) {
            return org.apache.iceberg.mapping.MappedFields.of(
                    fields.stream().map(f -> field(f, f.name(), names)).toList());
        }

        private static org.apache.iceberg.mapping.MappedField field(
                Field field, String name, Map<Integer, List<String>> names) {
            List<String> called = names.getOrDefault(field.id(), List.of(name));
            org.apache.iceberg.mapping.@Nullable MappedFields inside =
                    switch (field.type()) {
                        case dev.tarn.model.table.Type.Struct s -> nested(s.fields(), names);
                        case dev.tarn.model.table.Type.ListOf l ->
                                org.apache.iceberg.mapping.MappedFields.of(
                                        field(l.element(), "element", names));
                        case dev.tarn.model.table.Type.MapOf m ->
                                org.apache.iceberg.mapping.MappedFields.of(
                                        field(m.key(), "key", names),
                                        field(m.value(), "value", names));
                        default -> null;
                    };
            return inside == null
                    ? org.apache.iceberg.mapping.MappedField.of(field.id(), called)
                    : org.apache.iceberg.mapping.MappedField.of(field.id(), called, inside);
        }
    }
}
