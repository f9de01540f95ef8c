package dev.tarn.duckdb;

import dev.tarn.model.TableName;
import dev.tarn.model.graph.SqlText;
import dev.tarn.model.table.TableScan;
import dev.tarn.spi.Relation;
import java.util.Map;
import java.util.TreeMap;

/** Tells how many files a statement reads, and how many its conditions leave out. */
final class FilesRead {
    private FilesRead() {}

    /** A line for each table; nothing where there are none. */
    static String told(SessionRelations relations, SqlText query) {
        StringBuilder lines = new StringBuilder();
        Map<TableName, Relation> reached = new TreeMap<>(relations.reached(query));
        reached.forEach((name, relation) -> {
            TableScan read = relations.entry(name).read;
            if (relation instanceof Relation.Table && read != null) {
                int files = read.files().size();
                lines.append("%s: %,d of %,d files read".formatted(name, files, read.totalFiles()));
                if (files < read.totalFiles()) {
                    lines.append(", %,d left out".formatted(read.totalFiles() - files));
                }
                lines.append(deleted(read)).append('\n');
            }
        });
        return lines.toString();
    }

    private static String deleted(TableScan scan) {
        long rows =
                scan.files().stream()
                        .flatMap(f -> f.deleted().stream())
                        .mapToLong(d -> d.count())
                        .sum();
        return rows == 0 ? "" : "; %,d of their rows are deleted".formatted(rows);
    }
}
