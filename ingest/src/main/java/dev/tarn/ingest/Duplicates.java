package dev.tarn.ingest;

import dev.tarn.model.graph.LandingRules.Deduplication;
import dev.tarn.model.graph.SqlText;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Collectors;

/** Rows whose key has landed before. */
record Duplicates(Deduplication rule, Instant ingestedAt) {
    /**
     * A query without them: of those in it the first stays.
     *
     * @param order of the rows; empty where they are in order
     * @param table that has landed, as a name in the session; empty when nothing has
     */
    SqlText without(String rows, String order, Optional<String> table) {
        String keys = rule.key().stream().map(Branch::name).collect(Collectors.joining(", "));
        String there =
                table.map(t ->
                                " WHERE NOT EXISTS (SELECT 1 FROM %s AS t WHERE %s%s)"
                                        .formatted(t, same(), since()))
                        .orElse("");
        return SqlText.of(
                "SELECT * EXCLUDE (tarn_n) FROM (SELECT *, row_number() OVER (%s) AS tarn_n FROM (%s)) AS r%s QUALIFY row_number() OVER (PARTITION BY %s ORDER BY tarn_n) = 1"
                        .formatted(order, rows, there, keys));
    }

    private String same() {
        return rule.key().stream()
                .map(Branch::name)
                .map(k -> "t.%s IS NOT DISTINCT FROM r.%s".formatted(k, k))
                .collect(Collectors.joining(" AND "));
    }

    private String since() {
        return rule.within()
                .map(w ->
                        " AND t._ingested_at >= " + LandingBranches.timestamp(ingestedAt.minus(w)))
                .orElse("");
    }
}
