package dev.tarn.iceberg;

import dev.tarn.model.TarnException;
import dev.tarn.model.graph.IngestSpec.Format;
import dev.tarn.model.table.Field;
import dev.tarn.model.table.ForeignFile;
import dev.tarn.model.table.ForeignFile.ColumnsBy;
import dev.tarn.model.table.ForeignFile.KeyDeletes;
import dev.tarn.model.table.TableScan;
import dev.tarn.spi.ParquetForms;
import dev.tarn.spi.Storage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.iceberg.ContentFile;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.DeleteFile;
import org.apache.iceberg.FileContent;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.PartitionField;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.StructLike;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableProperties;
import org.apache.iceberg.mapping.MappedField;
import org.apache.iceberg.mapping.MappedFields;
import org.apache.iceberg.mapping.NameMappingParser;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.TypeUtil;
import org.apache.iceberg.types.Types.NestedField;
import org.jspecify.annotations.Nullable;

/**
 * Tells how files are read that other writers left in a table, and which of their rows are gone.
 */
final class ForeignFiles {
    private final Storage storage;
    private final Optional<ParquetForms> forms;
    private final TableMetadata table;
    private final boolean ownTable;
    private final Map<Integer, List<String>> names;

    ForeignFiles(IcebergConfig config, TableMetadata table) {
        this.storage = config.storage();
        this.forms = config.forms();
        this.table = table;
        this.ownTable =
                StorageFileIo.normalized(table.location()).startsWith(config.warehouse() + "/");
        this.names = names(table);
    }

    /** What is to be known about a file; empty if it is like those that Tarn writes. */
    Optional<ForeignFile> of(FileScanTask task) {
        DataFile file = task.file();
        List<Path> positions = new ArrayList<>();
        Map<List<Integer>, List<TableScan.DataFile>> keys = new LinkedHashMap<>();
        for (DeleteFile delete : task.deletes()) {
            if (delete.format() == FileFormat.PUFFIN) {
                continue;
            }
            if (delete.content() == FileContent.EQUALITY_DELETES) {
                keys.computeIfAbsent(delete.equalityFieldIds(), ids -> new ArrayList<>())
                        .add(deleteFile(delete));
            } else {
                positions.add(local(delete));
            }
        }
        boolean own = ownTable && file.location().startsWith(table.location() + "/");
        if (own && names.isEmpty() && positions.isEmpty() && keys.isEmpty()) {
            return Optional.empty();
        }
        List<KeyDeletes> keyDeletes = new ArrayList<>();
        keys.forEach((ids, files) -> keyDeletes.add(new KeyDeletes(fields(ids, files), files)));
        return Optional.of(
                new ForeignFile(
                        ColumnsBy.ID_ELSE_NAME, names, constants(file), positions, keyDeletes));
    }

    private TableScan.DataFile deleteFile(DeleteFile delete) {
        return new TableScan.DataFile(
                delete.location(),
                local(delete),
                delete.recordCount(),
                delete.fileSizeInBytes(),
                Optional.empty(),
                Optional.of(ForeignFile.of(ColumnsBy.ID_ELSE_NAME, names, constants(delete))));
    }

    /** Where a file can be read as Parquet. */
    Path local(ContentFile<?> file) {
        Storage.StoredFile stored =
                storage.find(StorageFileIo.normalized(file.location()))
                        .orElseThrow(() -> IcebergErrors.dataMissing(file.location()));
        // What others say of the size of their files is not always so, and harms nobody.
        if (ownTable && stored.bytes() != file.fileSizeInBytes()) {
            throw IcebergErrors.dataSize(file.location(), stored.bytes(), file.fileSizeInBytes());
        }
        Path local = storage.local(stored);
        return switch (file.format()) {
            case PARQUET -> local;
            case AVRO -> form(Format.AVRO, stored, local, file);
            case ORC -> form(Format.ORC, stored, local, file);
            default -> throw refused(file);
        };
    }

    private Path form(Format format, Storage.StoredFile stored, Path local, ContentFile<?> file) {
        return forms.orElseThrow(() -> refused(file)).of(format, stored, local);
    }

    private TarnException refused(ContentFile<?> file) {
        String format = file.format().name();
        return file.content() == FileContent.DATA
                ? IcebergErrors.dataFormat(table.location(), file.location(), format)
                : IcebergErrors.deleteFormat(table.location(), file.location(), format);
    }

    /** Columns by which rows are deleted; the table may have dropped them since. */
    private List<Field> fields(List<Integer> ids, List<TableScan.DataFile> files) {
        List<Field> fields = new ArrayList<>();
        for (int id : ids) {
            NestedField found = table.schema().asStruct().field(id);
            for (int i = table.schemas().size() - 1; found == null && i >= 0; i--) {
                found = table.schemas().get(i).asStruct().field(id);
            }
            if (found == null) {
                throw IcebergErrors.deletedByPart(
                        table.location(), files.getFirst().location(), id);
            }
            fields.add(IcebergTypes.fromIceberg(found, found.name()));
        }
        return fields;
    }

    /** Columns that partitioning by their own values lets writers leave out of files. */
    private Map<Integer, Optional<String>> constants(ContentFile<?> file) {
        Map<Integer, Optional<String>> constants = new HashMap<>();
        @Nullable PartitionSpec spec = table.specsById().get(file.specId());
        if (spec == null || spec.isUnpartitioned()) {
            return constants;
        }
        StructLike values = file.partition();
        for (int i = 0; i < spec.fields().size(); i++) {
            PartitionField field = spec.fields().get(i);
            if (field.transform().isIdentity()) {
                @Nullable Type type = spec.schema().findType(field.sourceId());
                @Nullable Object value = values.get(i, Object.class);
                constants.put(
                        field.sourceId(),
                        value == null || type == null
                                ? Optional.empty()
                                : Optional.of(Values.text(type, value)));
            }
        }
        return constants;
    }

    private static Map<Integer, List<String>> names(TableMetadata table) {
        @Nullable String mapping = table.properties().get(TableProperties.DEFAULT_NAME_MAPPING);
        if (mapping == null) {
            return Map.of();
        }
        Map<Integer, List<String>> names = new HashMap<>();
        // What the mapping leaves out is in no file without ids, whatever it is called.
        for (Schema schema : table.schemas()) {
            TypeUtil.indexById(schema.asStruct()).keySet().forEach(id -> names.put(id, List.of()));
        }
        try {
            collect(NameMappingParser.fromJson(mapping).asMappedFields(), names);
        } catch (RuntimeException e) {
            throw IcebergErrors.nameMapping(table.location(), e);
        }
        return names;
    }

    private static void collect(@Nullable MappedFields fields, Map<Integer, List<String>> names) {
        if (fields == null) {
            return;
        }
        for (MappedField field : fields.fields()) {
            if (field.id() != null) {
                names.put(field.id(), List.copyOf(field.names()));
            }
            collect(field.nestedMapping(), names);
        }
    }
}
