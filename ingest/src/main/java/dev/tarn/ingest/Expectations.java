package dev.tarn.ingest;

import dev.tarn.model.Place;
import dev.tarn.model.TarnException;
import dev.tarn.model.graph.IngestSpec;
import dev.tarn.model.graph.LandingRules.Expectation;
import dev.tarn.model.graph.LandingRules.Otherwise;
import dev.tarn.model.graph.LandingRules.Scope;
import dev.tarn.model.graph.SqlText;
import dev.tarn.spi.EngineSession;
import dev.tarn.spi.QueryResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What is expected of rows before they land. Conditions see the columns of the table, as the rows
 * will have them.
 */
final class Expectations {
    /** The record as it came, beside the columns of a row. */
    private static final String RAW = "tarn_raw";

    private static final String KIND = "tarn_change";

    private final List<Expectation> rows;
    private final List<Expectation> all;
    private final Optional<String> kind;
    private final Place place;

    /**
     * @param kind the column that says what a row does, if there is one: nothing is expected of
     *     rows that are deleted
     * @param place of the block that says them
     */
    Expectations(List<Expectation> expectations, Optional<String> kind, Place place) {
        this.all = List.copyOf(expectations);
        this.kind = all.isEmpty() ? Optional.empty() : kind;
        this.place = place;
        this.rows =
                all.stream()
                        .filter(e -> e.otherwise() == Otherwise.QUARANTINE)
                        .filter(e -> e.scope() != Scope.BATCH)
                        .toList();
    }

    boolean isEmpty() {
        return all.isEmpty();
    }

    /** Whether rows may go to quarantine for what they are. */
    boolean sorts() {
        return !rows.isEmpty();
    }

    /** A query without the rows that go to quarantine. */
    String good(String query) {
        return rows.isEmpty()
                ? query
                : "SELECT * FROM (%s) WHERE NOT (%s)".formatted(query, anyBroken());
    }

    private String anyBroken() {
        return rows.stream().map(this::broken).collect(Collectors.joining(" OR "));
    }

    /**
     * What a source expects, and that rows which take the place of others have a key at all: those
     * without one would take each other's.
     *
     * @param key the columns that name a row; empty where rows need none
     */
    static List<Expectation> of(IngestSpec spec, List<String> key) {
        List<Expectation> all = new ArrayList<>(spec.rules().expectations());
        if (!key.isEmpty()) {
            all.addFirst(
                    new Expectation(
                            "%s, which names the row, is not null"
                                    .formatted(
                                            key.stream()
                                                    .map(k -> "'" + k + "'")
                                                    .collect(Collectors.joining(" or "))),
                            Scope.ROW,
                            key.stream()
                                    .map(k -> Branch.name(k) + " IS NOT NULL")
                                    .collect(Collectors.joining(" OR ")),
                            Otherwise.QUARANTINE));
        }
        return all;
    }

    /** That a row is not as expected; never null. */
    private String broken(Expectation expectation) {
        return "%sNOT coalesce(CAST((%s\n) AS BOOLEAN), TRUE)"
                .formatted(
                        kind.isEmpty() ? "" : "coalesce(" + KIND + ", '') IN ('c', 'r', 'u') AND ",
                        expectation.condition());
    }

    /** What has to be selected beside a row; begins with a comma if there is anything. */
    String selected() {
        return kind.map(k -> ", " + Branch.name(k) + " AS " + KIND).orElse("");
    }

    /** What {@link #selected} selects, to be left out again; begins with a comma. */
    String aside() {
        return kind.isEmpty() ? "" : ", " + KIND;
    }

    /** The rows that go to quarantine, with the first reason. */
    String quarantined(Branch branch, SchemaDecision decision, String ingestedAt) {
        String reason =
                rows.stream()
                        .map(e ->
                                "WHEN %s THEN %s"
                                        .formatted(
                                                broken(e),
                                                Branch.literal("is not as expected: " + e.name())))
                        .collect(Collectors.joining(" ", "CASE ", " END"));
        return "SELECT _file, _row, CAST(NULL AS VARCHAR) AS _column, %s AS _reason, %s AS _raw, _ingested_at, tarn_beside AS _beside FROM (%s) WHERE %s"
                .formatted(
                        reason,
                        RAW,
                        branch.rows(
                                decision,
                                ingestedAt,
                                ", %s AS %s, %s AS tarn_beside%s"
                                        .formatted(branch.raw(), RAW, branch.beside(), selected())),
                        anyBroken());
    }

    /**
     * Sees to it that conditions can be asked of the rows.
     *
     * @param query of the rows
     */
    void check(EngineSession session, String query) {
        if (all.isEmpty()) {
            return;
        }
        try {
            for (Expectation expectation : all) {
                session.describe(
                        SqlText.of("SELECT %s FROM (%s)".formatted(count(expectation), query)));
            }
        } catch (TarnException refused) {
            throw refused.at(place);
        }
    }

    /**
     * Looks at all rows that are to land.
     *
     * @param query of the good rows
     * @return what is not as expected and lands all the same
     * @throws dev.tarn.model.TarnException {@code SOURCE_HELD} with everything that stops the batch
     */
    List<String> judge(EngineSession session, String table, String query) {
        List<Expectation> judged =
                all.stream()
                        .filter(e ->
                                e.scope() == Scope.BATCH || e.otherwise() != Otherwise.QUARANTINE)
                        .toList();
        if (judged.isEmpty()) {
            return List.of();
        }
        String values = judged.stream().map(this::count).collect(Collectors.joining(", "));
        List<String> warnings = new ArrayList<>();
        List<String> reasons = new ArrayList<>();
        try (QueryResult result =
                session.query(SqlText.of("SELECT %s FROM (%s)".formatted(values, query)))) {
            result.next();
            for (int i = 0; i < judged.size(); i++) {
                long broken = result.value(i) instanceof Number n ? n.longValue() : 0;
                if (broken > 0) {
                    Expectation expectation = judged.get(i);
                    (expectation.otherwise() == Otherwise.HOLD ? reasons : warnings)
                            .add(told(expectation, broken));
                }
            }
        }
        if (!reasons.isEmpty()) {
            throw IngestErrors.notAsExpected(place, table, reasons);
        }
        return warnings;
    }

    private static String told(Expectation expectation, long rows) {
        return expectation.scope() == Scope.BATCH
                ? expectation.name()
                : "%s (%,d rows)".formatted(expectation.name(), rows);
    }

    private String count(Expectation expectation) {
        return switch (expectation.scope()) {
            case ROW -> "count(*) FILTER (WHERE %s)".formatted(broken(expectation));
            case BATCH ->
                    "CASE WHEN coalesce(CAST((%s\n) AS BOOLEAN), TRUE) THEN 0 ELSE 1 END"
                            .formatted(expectation.condition());
        };
    }
}
