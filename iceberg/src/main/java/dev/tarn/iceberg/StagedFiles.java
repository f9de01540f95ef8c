package dev.tarn.iceberg;

import dev.tarn.model.table.RowLineage;
import dev.tarn.model.table.WrittenFile;
import dev.tarn.spi.Storage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
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
import org.apache.iceberg.Schema;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.parquet.ParquetSchemaUtil;
import org.apache.iceberg.parquet.ParquetUtil;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.TypeUtil;
import org.apache.iceberg.types.Types;
import org.apache.iceberg.types.Types.NestedField;
import org.apache.parquet.hadoop.metadata.ParquetMetadata;
import org.apache.parquet.schema.MessageType;
import org.jspecify.annotations.Nullable;

/** Takes files that an engine wrote into a table: looks at them first, then moves them. */
final class StagedFiles {
    private static final long ZSTD_LEVEL = 3;
    private final Storage storage;
    private final TableMetadata table;
    private final MetricsConfig metricsConfig;
    private final Optional<PageLayout> pages;
    private final int level;
    private final String mark;

    StagedFiles(Storage storage, TableMetadata table) {
        this(storage, table, "");
    }

    /** Files of rows that were gathered by columns say so by their names. */
    StagedFiles(Storage storage, TableMetadata table, String cluster) {
        this.mark = cluster.isEmpty() ? "" : cluster + "-";
        this.storage = storage;
        this.table = table;
        this.metricsConfig =
                MetricsConfig.from(table.properties(), table.schema(), table.sortOrder());
        this.pages = WriteProperties.pages(table.properties());
        this.level = WriteProperties.level(table.properties()).orElse(ZSTD_LEVEL).intValue();
    }

    private record Checked(WrittenFile file, DataFile data) {}

    /** All files are looked at before the first is moved. Files without rows are left out. */
    List<DataFile> take(List<WrittenFile> files) {
        pages.ifPresent(layout -> Parallel.map(files, f -> rewritten(f.path(), layout)));
        List<Checked> checked = new ArrayList<>();
        Map<Integer, Long> nulls = new HashMap<>();
        for (WrittenFile file : files) {
            checked.add(check(file, nulls));
        }
        for (NestedField field : table.schema().columns()) {
            long missing = nulls.getOrDefault(field.fieldId(), 0L);
            if (field.isRequired() && missing > 0) {
                throw IcebergErrors.nullsInRequired(field.name(), table.location(), missing);
            }
        }
        checked.removeIf(c -> c.data().recordCount() == 0);
        Parallel.map(
                checked,
                c -> {
                    storage.moveIn(c.file().path(), StorageFileIo.normalized(c.data().location()));
                    return true;
                });
        return checked.stream().map(Checked::data).toList();
    }

    private Path rewritten(Path file, PageLayout layout) {
        try {
            PagedFile.rewrite(file, layout, level);
            return file;
        } catch (IOException e) {
            throw IcebergErrors.stagedUnreadable(file.toString(), e);
        }
    }

    private Checked check(WrittenFile file, Map<Integer, Long> nulls) {
        String name = file.path().toString();
        ParquetMetadata footer;
        long bytes;
        Metrics metrics;
        try {
            footer = Footers.read(file.path());
            bytes = Files.size(file.path());
            requireFits(name, footer.getFileMetaData().getSchema());
            metrics =
                    withoutLineage(
                            ParquetUtil.footerMetrics(footer, Stream.empty(), metricsConfig));
        } catch (IOException e) {
            throw IcebergErrors.stagedUnreadable(name, e);
        }
        Map<Integer, Long> counts = metrics.nullValueCounts();
        if (counts != null) {
            counts.forEach((id, count) -> nulls.merge(id, count, Long::sum));
        }
        DataFiles.Builder data =
                DataFiles.builder(table.spec())
                        .withPath(newLocation(file.path()))
                        .withFormat(FileFormat.PARQUET)
                        .withFileSizeInBytes(bytes)
                        .withMetrics(metrics)
                        .withSplitOffsets(ParquetUtil.getSplitOffsets(footer))
                        .withSortOrder(table.sortOrder());
        if (table.spec().isPartitioned()) {
            data.withPartition(partition(name, file.partitionValues()));
        }
        return new Checked(file, data.build());
    }

    /** Nobody looks for rows by their identity, so nothing is kept to find them. */
    private static Metrics withoutLineage(Metrics metrics) {
        for (Map<Integer, ?> values :
                Arrays.asList(
                        metrics.columnSizes(),
                        metrics.valueCounts(),
                        metrics.nullValueCounts(),
                        metrics.lowerBounds(),
                        metrics.upperBounds())) {
            if (values != null) {
                RowLineage.FIELDS.forEach(f -> values.remove(f.id()));
            }
        }
        return metrics;
    }

    private String newLocation(Path staged) {
        String name = String.valueOf(staged.getFileName());
        String suffix = name.endsWith(".parquet") ? ".parquet" : "";
        return table.location() + "/data/tarn-" + mark + UUID.randomUUID() + suffix;
    }

    private void requireFits(String file, MessageType parquet) {
        for (org.apache.parquet.schema.Type column : parquet.getFields()) {
            if (column.getId() == null) {
                throw IcebergErrors.stagedWithoutIds(file, column.getName());
            }
        }
        Schema written = ParquetSchemaUtil.convert(parquet);
        Map<Integer, NestedField> expected = TypeUtil.indexById(table.schema().asStruct());
        Map<Integer, NestedField> actual = TypeUtil.indexById(written.asStruct());
        for (NestedField column : actual.values()) {
            if (RowLineage.isReserved(column.fieldId())
                    && column.type().equals(Types.LongType.get())) {
                continue;
            }
            @Nullable NestedField wanted = expected.get(column.fieldId());
            String path = written.findColumnName(column.fieldId());
            if (wanted == null) {
                throw IcebergErrors.stagedUnknownColumn(file, path, column.fieldId());
            }
            if (!fits(column.type(), wanted.type())) {
                throw IcebergErrors.stagedType(
                        file,
                        path,
                        IcebergTypes.sql(column.type()),
                        IcebergTypes.sql(wanted.type()));
            }
        }
        for (NestedField column : table.schema().columns()) {
            if (column.isRequired()
                    && column.initialDefault() == null
                    && !actual.containsKey(column.fieldId())) {
                throw IcebergErrors.stagedMissingRequired(file, column.name());
            }
        }
    }

    private static boolean fits(Type actual, Type wanted) {
        if (wanted.typeId() == Type.TypeID.UUID) {
            return actual.equals(wanted) || actual.equals(Types.FixedType.ofLength(16));
        }
        boolean plain = wanted.isPrimitiveType() && !wanted.isVariantType();
        return plain
                ? TypeUtil.isPromotionAllowed(actual, wanted.asPrimitiveType())
                : actual.typeId() == wanted.typeId();
    }

    private PartitionData partition(String file, List<@Nullable String> texts) {
        List<PartitionField> fields = table.spec().fields();
        if (texts.size() != fields.size()) {
            throw IcebergErrors.partitionValueCount(file, texts.size(), fields.size());
        }
        PartitionData data = new PartitionData(table.spec().partitionType());
        for (int i = 0; i < fields.size(); i++) {
            @Nullable String text = texts.get(i);
            PartitionField field = fields.get(i);
            if (text != null && !field.transform().isVoid()) {
                data.set(i, partitionValue(file, field, text));
            }
        }
        return data;
    }

    private Object partitionValue(String file, PartitionField field, String text) {
        Type source = table.schema().findType(field.sourceId());
        Type result = field.transform().getResultType(source);
        boolean counted = !field.transform().isIdentity() && result.typeId() == Type.TypeID.DATE;
        try {
            if (counted) {
                return Integer.valueOf(text);
            }
        } catch (NumberFormatException e) {
            throw IcebergErrors.partitionValueUnfit(file, field.name(), text, "number of days");
        }
        return Values.value(result, text)
                .orElseThrow(() ->
                        IcebergErrors.partitionValueUnfit(
                                file, field.name(), text, IcebergTypes.sql(result)));
    }
}
