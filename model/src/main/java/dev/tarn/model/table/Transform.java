package dev.tarn.model.table;

/** How a column's value becomes a partition value; Iceberg's transforms. */
public sealed interface Transform {
    record Identity() implements Transform {}

    record Bucket(int buckets) implements Transform {}

    record Truncate(int width) implements Transform {}

    record Year() implements Transform {}

    record Month() implements Transform {}

    record Day() implements Transform {}

    record Hour() implements Transform {}

    /** A partition field that was dropped: always null. */
    record AlwaysNull() implements Transform {}

    /** As it is written where tables are defined: {@code bucket(16, id)}. */
    default String of(String column) {
        return switch (this) {
            case Identity i -> column;
            case Bucket b -> "bucket(%d, %s)".formatted(b.buckets(), column);
            case Truncate t -> "truncate(%d, %s)".formatted(t.width(), column);
            case Year y -> "year(" + column + ")";
            case Month m -> "month(" + column + ")";
            case Day d -> "day(" + column + ")";
            case Hour h -> "hour(" + column + ")";
            case AlwaysNull n -> "void(" + column + ")";
        };
    }
}
