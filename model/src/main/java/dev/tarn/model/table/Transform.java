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
}
