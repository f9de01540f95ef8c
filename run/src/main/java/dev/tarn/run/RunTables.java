package dev.tarn.run;

import dev.tarn.model.table.Predicate;
import dev.tarn.model.table.TablePointer;
import dev.tarn.model.table.TableScan;
import dev.tarn.spi.Relation;
import dev.tarn.spi.TableReads;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The states of tables as relations. Whoever asks for a state again gets the same object, by which
 * sessions know that nothing changed; in a run, all files of a table are planned once. Safe for use
 * by many threads.
 */
final class RunTables {
    /** Plans of more files are not kept: they are quicker to make than their queries to run. */
    private static final int MOST_FILES = 1_000;

    private final TableReads tables;
    private final boolean keepsPlans;
    private final Map<TablePointer, Relation.Table> relations = new ConcurrentHashMap<>();

    private RunTables(TableReads tables, boolean keepsPlans) {
        this.tables = tables;
        this.keepsPlans = keepsPlans;
    }

    /** For a run: what it has planned once, it does not plan again. */
    static RunTables ofRun(TableReads tables) {
        return new RunTables(tables, true);
    }

    /**
     * For queries: a file that is gone, or that a cache has dropped, is noticed by the next one.
     */
    static RunTables ofQueries(TableReads tables) {
        return new RunTables(tables, false);
    }

    Relation.Table relation(TablePointer pointer) {
        return relations.computeIfAbsent(
                pointer,
                p ->
                        new Relation.Table(
                                tables.state(p).definition().schema(),
                                keepsPlans
                                        ? new Planned(tables, p)
                                        : predicates ->
                                                tables.scan(p, Optional.empty(), predicates)));
    }

    /** Plans reads of one state. */
    private static final class Planned implements Relation.ScanPlanner {
        private final TableReads tables;
        private final TablePointer pointer;
        private volatile @Nullable TableScan whole;

        Planned(TableReads tables, TablePointer pointer) {
            this.tables = tables;
            this.pointer = pointer;
        }

        @Override
        public TableScan plan(List<Predicate> predicates) {
            TableScan known = whole;
            if (predicates.isEmpty() && known != null) {
                return known;
            }
            TableScan scan = tables.scan(pointer, Optional.empty(), predicates);
            if (predicates.isEmpty() && scan.totalFiles() <= MOST_FILES) {
                whole = scan;
            }
            return scan;
        }
    }
}
