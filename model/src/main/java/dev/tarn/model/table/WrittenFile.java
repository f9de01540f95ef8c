package dev.tarn.model.table;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A Parquet file that an engine wrote for a table, not yet part of it.
 *
 * @param partitionValues one text per partition field of the target, null for null: numbers in
 *     decimal, strings as they are, identity dates and times as the house dialect prints them, and
 *     the results of year, month, day and hour as the number of periods since 1970
 */
public record WrittenFile(
        Path path, long rows, long bytes, List<@Nullable String> partitionValues) {
    public WrittenFile {
        partitionValues = Collections.unmodifiableList(new ArrayList<>(partitionValues));
    }
}
