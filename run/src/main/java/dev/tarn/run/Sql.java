package dev.tarn.run;

import dev.tarn.model.graph.SqlText;
import java.util.Optional;

/** Puts SQL around SQL without losing where the inner one came from. */
final class Sql {
    private Sql() {}

    static SqlText around(String before, SqlText inner, String after) {
        int start = before.length();
        int end = start + inner.sql().length();
        return new SqlText(
                before + inner.sql() + after,
                offset ->
                        offset >= start && offset <= end
                                ? inner.locate(offset - start)
                                : Optional.empty());
    }
}
