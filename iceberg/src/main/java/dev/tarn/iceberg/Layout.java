package dev.tarn.iceberg;

import dev.tarn.model.table.PartitionField;
import dev.tarn.model.table.SortField;
import dev.tarn.model.table.Transform;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.iceberg.NullOrder;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.SortDirection;
import org.apache.iceberg.SortOrder;
import org.apache.iceberg.exceptions.ValidationException;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.expressions.Term;
import org.apache.iceberg.expressions.UnboundTerm;
import org.apache.iceberg.types.Type;

/** Partitioning and sort order in both languages. */
final class Layout {
    private static final Pattern WITH_WIDTH = Pattern.compile("(bucket|truncate)\\[(\\d+)]");

    private Layout() {}

    static PartitionSpec spec(Schema schema, List<PartitionField> fields) {
        PartitionSpec.Builder builder = PartitionSpec.builderFor(schema);
        for (PartitionField field : fields) {
            String column = column(schema, field.column(), "partitioning");
            try {
                add(builder, column, field);
                builder.build();
            } catch (IllegalArgumentException | ValidationException e) {
                throw IcebergErrors.partitioningRefused(
                        field, IcebergTypes.sql(schema.findType(column)), e);
            }
        }
        return builder.build();
    }

    private static void add(PartitionSpec.Builder builder, String column, PartitionField field) {
        String name = field.name();
        switch (field.transform()) {
            case Transform.Identity i -> builder.identity(column, name);
            case Transform.Bucket b -> builder.bucket(column, b.buckets(), name);
            case Transform.Truncate t -> builder.truncate(column, t.width(), name);
            case Transform.Year y -> builder.year(column, name);
            case Transform.Month m -> builder.month(column, name);
            case Transform.Day d -> builder.day(column, name);
            case Transform.Hour h -> builder.hour(column, name);
            case Transform.AlwaysNull v -> builder.alwaysNull(column, name);
        }
    }

    static SortOrder order(Schema schema, List<SortField> fields) {
        SortOrder.Builder builder = SortOrder.builderFor(schema);
        for (SortField field : fields) {
            if (field.transform() instanceof Transform.AlwaysNull) {
                continue;
            }
            String column = column(schema, field.column(), "sort order");
            try {
                builder.sortBy(
                        term(column, field.transform()),
                        field.descending() ? SortDirection.DESC : SortDirection.ASC,
                        nullOrder(field));
                builder.build();
            } catch (IllegalArgumentException | ValidationException e) {
                throw IcebergErrors.sortOrderRefused(
                        field, IcebergTypes.sql(schema.findType(column)), e);
            }
        }
        return builder.build();
    }

    static NullOrder nullOrder(SortField field) {
        return field.nullsFirst() ? NullOrder.NULLS_FIRST : NullOrder.NULLS_LAST;
    }

    private static Term term(String column, Transform transform) {
        return switch (transform) {
            case Transform.Identity i -> Expressions.ref(column);
            default -> transformTerm(column, transform);
        };
    }

    /** A term as updates of partitioning take it. */
    static UnboundTerm<?> transformTerm(String column, Transform transform) {
        return switch (transform) {
            case Transform.Identity i -> Expressions.ref(column);
            case Transform.Bucket b -> Expressions.bucket(column, b.buckets());
            case Transform.Truncate t -> Expressions.truncate(column, t.width());
            case Transform.Year y -> Expressions.year(column);
            case Transform.Month m -> Expressions.month(column);
            case Transform.Day d -> Expressions.day(column);
            case Transform.Hour h -> Expressions.hour(column);
            case Transform.AlwaysNull v ->
                    throw new IllegalArgumentException("No rows are ordered by nothing");
        };
    }

    /** The column's own spelling. */
    static String column(Schema schema, String name, String where) {
        return Columns.find(schema, name)
                .map(field -> schema.findColumnName(field.fieldId()))
                .orElseThrow(
                        () -> IcebergErrors.layoutColumnUnknown(where, name, Columns.all(schema)));
    }

    static List<PartitionField> partitioning(PartitionSpec spec) {
        List<PartitionField> fields = new ArrayList<>();
        for (org.apache.iceberg.PartitionField field : spec.fields()) {
            Type source = spec.schema().findType(field.sourceId());
            // Iceberg's library reads such values as if they were of any length, and fails or errs.
            if (source != null
                    && field.transform().getResultType(source).typeId() == Type.TypeID.FIXED) {
                throw IcebergErrors.partitionUnsupported(field.name(), source);
            }
            fields.add(
                    new PartitionField(
                            Optional.ofNullable(spec.schema().findColumnName(field.sourceId()))
                                    .orElse(field.name()),
                            transform(field.transform().toString(), field.name()),
                            field.name()));
        }
        return fields;
    }

    static List<SortField> sortOrder(SortOrder order) {
        List<SortField> fields = new ArrayList<>();
        for (org.apache.iceberg.SortField field : order.fields()) {
            String column = order.schema().findColumnName(field.sourceId());
            fields.add(
                    new SortField(
                            column,
                            transform(field.transform().toString(), column),
                            field.direction() == SortDirection.DESC,
                            field.nullOrder() == NullOrder.NULLS_FIRST));
        }
        return fields;
    }

    private static Transform transform(String text, String what) {
        Matcher matcher = WITH_WIDTH.matcher(text);
        if (matcher.matches()) {
            int width = Integer.parseInt(matcher.group(2));
            return matcher.group(1).equals("bucket")
                    ? new Transform.Bucket(width)
                    : new Transform.Truncate(width);
        }
        return switch (text) {
            case "identity" -> new Transform.Identity();
            case "year" -> new Transform.Year();
            case "month" -> new Transform.Month();
            case "day" -> new Transform.Day();
            case "hour" -> new Transform.Hour();
            case "void" -> new Transform.AlwaysNull();
            default -> throw IcebergErrors.transformUnsupported(what, text);
        };
    }
}
