package dev.tarn.duckdb;

import dev.tarn.model.table.Predicate;
import dev.tarn.model.table.TableScan;
import dev.tarn.model.table.TableScan.DataFile;
import dev.tarn.spi.Relation;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

/** Plans a table for several reads of it at once. */
final class Scans {
    private Scans() {}

    /** The files that can have rows for any of the reads. */
    static TableScan matchingAny(Relation.Table table, List<List<Predicate>> reads) {
        List<TableScan> plans = new ArrayList<>();
        for (List<Predicate> predicates : new LinkedHashSet<>(reads)) {
            plans.add(table.scan().plan(predicates));
        }
        TableScan first = plans.getFirst();
        if (plans.size() == 1) {
            return first;
        }
        Map<Path, DataFile> files = new LinkedHashMap<>();
        plans.forEach(plan -> plan.files().forEach(file -> files.putIfAbsent(file.path(), file)));
        return new TableScan(
                first.schema(),
                List.copyOf(files.values()),
                first.totalFiles(),
                plans.stream().allMatch(TableScan::uniform));
    }
}
