package dev.tarn.project;

import dev.tarn.model.TableName;
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

    /**
     * A small result.
     *
     * @param rows values by position: null, Boolean, Long, Double, BigDecimal, String
     */
    record Rows(List<String> names, List<List<@Nullable Object>> rows) {}
}
