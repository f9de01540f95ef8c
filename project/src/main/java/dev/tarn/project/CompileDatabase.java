package dev.tarn.project;

import dev.tarn.model.TableName;
import dev.tarn.model.graph.SqlText;
import dev.tarn.model.table.Schema;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Answers templates that look at data while they compile, such as {@code run_query} and {@code
 * adapter.get_columns_in_relation}. Safe for use by many threads.
 */
public interface CompileDatabase {
    /** The columns of a table or view as it is now; empty when there is none. */
    Optional<Schema> columns(TableName relation);

    /** The rows of a query. */
    Rows query(String sql);

    /** The columns of a query, without running it. */
    default Schema describe(String sql) {
        throw TemplateErrors.needsDatabase("This template");
    }

    /** What a name is; empty when there is nothing of that name. */
    default Optional<Kind> kind(TableName relation) {
        return columns(relation).map(c -> Kind.TABLE);
    }

    /** All tables and views there are. */
    default List<TableName> relations() {
        return List.of();
    }

    /** The ids of the nodes that are to run. */
    default List<String> selected() {
        return List.of();
    }

    /** Runs statements that are not queries, where that is possible; returns the rows changed. */
    default long execute(String sql) {
        throw TemplateErrors.onlyQueries(sql);
    }

    /** The same for a statement that knows where it came from. */
    default long execute(SqlText statement) {
        return execute(statement.sql());
    }

    /** What can stand behind a name. */
    enum Kind {
        TABLE,
        VIEW
    }

    /**
     * A small result.
     *
     * @param rows values by position: null, Boolean, Long, BigInteger, Double, BigDecimal, String,
     *     LocalDate, LocalDateTime, Instant, List
     * @param changed how many rows a statement changed that is no query
     */
    record Rows(List<String> names, List<List<@Nullable Object>> rows, long changed) {
        Rows(List<String> names, List<List<@Nullable Object>> rows) {
            this(names, rows, 0);
        }
    }
}
