package dev.tarn.model.graph;

import dev.tarn.model.graph.ConnectorSpec.Write;
import java.util.List;
import java.util.Optional;

/**
 * How rows of files change their table.
 *
 * @param mirror whether the table has what stands in the files that are there, and is made again
 *     when they change; otherwise each file lands once
 * @param key the columns that name a row; empty where rows are only added
 * @param cursor the column whose values say which of two rows is newer; without it, what landed
 *     last is
 */
public record FileWriting(boolean mirror, Write write, List<String> key, Optional<String> cursor) {
    /** Each file lands once, and its rows are added. */
    public static final FileWriting ADDED =
            new FileWriting(false, Write.APPEND, List.of(), Optional.empty());

    public FileWriting {
        key = List.copyOf(key);
    }
}
