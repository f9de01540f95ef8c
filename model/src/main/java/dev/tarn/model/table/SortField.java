package dev.tarn.model.table;

/** One part of the order in which rows are written. */
public record SortField(
        String column, Transform transform, boolean descending, boolean nullsFirst) {
    public static SortField ascending(String column) {
        return new SortField(column, new Transform.Identity(), false, false);
    }
}
