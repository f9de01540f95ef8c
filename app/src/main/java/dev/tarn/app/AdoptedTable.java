package dev.tarn.app;

import dev.tarn.model.catalog.Publication;

/**
 * A table that was somebody else's and is one of the warehouse now.
 *
 * @param rows rows that both readings found
 * @param files data files that stayed where they were
 * @param columns columns whose checksums were compared
 */
public record AdoptedTable(
        String format,
        String version,
        String location,
        long rows,
        long files,
        int columns,
        Publication publication) {}
