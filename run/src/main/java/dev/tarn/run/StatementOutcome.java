package dev.tarn.run;

import dev.tarn.model.TableName;
import dev.tarn.model.table.Schema;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a statement did.
 *
 * @param verb what it was, such as {@code update}
 * @param table what it was done to
 * @param answer the rows of a query
 * @param note worth telling besides the numbers
 */
public record StatementOutcome(
        String verb,
        Optional<TableName> table,
        Counts counts,
        Optional<Rows> answer,
        Optional<String> note) {
    public StatementOutcome(
            String verb, Optional<TableName> table, Counts counts, Optional<Rows> answer) {
        this(verb, table, counts, answer, Optional.empty());
    }

    /** How many rows a statement changed. */
    public record Counts(long inserted, long updated, long deleted) {
        public static final Counts NONE = new Counts(0, 0, 0);

        static Counts inserted(long rows) {
            return new Counts(rows, 0, 0);
        }

        static Counts deleted(long rows) {
            return new Counts(0, 0, rows);
        }

        public long total() {
            return inserted + updated + deleted;
        }
    }

    /**
     * Rows of a query.
     *
     * @param first as many of them as are kept
     * @param total how many there were
     */
    public record Rows(Schema schema, List<List<@Nullable Object>> first, long total) {}

    static StatementOutcome of(String verb) {
        return new StatementOutcome(verb, Optional.empty(), Counts.NONE, Optional.empty());
    }

    static StatementOutcome of(String verb, TableName table) {
        return of(verb, table, Counts.NONE);
    }

    static StatementOutcome of(String verb, TableName table, Counts counts) {
        return new StatementOutcome(verb, Optional.of(table), counts, Optional.empty());
    }

    /** Rows that were changed or, for a query, read. */
    public long rows() {
        return answer.map(Rows::total).orElse(counts.total());
    }
}
