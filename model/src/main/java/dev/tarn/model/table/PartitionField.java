package dev.tarn.model.table;

/**
 * One part of a table's partitioning.
 *
 * @param column name of the source column, dotted for a part of a struct
 * @param name of the partition value, such as {@code ordered_at_day}
 */
public record PartitionField(String column, Transform transform, String name) {
    public static PartitionField of(String column, Transform transform) {
        String base = column.replace('.', '_');
        return new PartitionField(
                column,
                transform,
                switch (transform) {
                    case Transform.Identity i -> base;
                    case Transform.Bucket b -> base + "_bucket";
                    case Transform.Truncate t -> base + "_trunc";
                    case Transform.Year y -> base + "_year";
                    case Transform.Month m -> base + "_month";
                    case Transform.Day d -> base + "_day";
                    case Transform.Hour h -> base + "_hour";
                    case Transform.AlwaysNull v -> base + "_null";
                });
    }
}
