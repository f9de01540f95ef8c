package dev.tarn.model.graph;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A file, or a folder of files, that holds the rows of a table for other programs.
 *
 * @param location as it is written; relative to the project
 * @param format {@code csv}, {@code json} or {@code parquet}
 * @param options of the format, each a value as SQL writes it
 * @param partitionBy columns whose values become folders; empty for one file
 */
public record FileCopy(
        String location, String format, Map<String, String> options, List<String> partitionBy) {
    public FileCopy {
        options = java.util.Collections.unmodifiableSortedMap(new TreeMap<>(options));
        partitionBy = List.copyOf(partitionBy);
    }
}
