package dev.tarn.sql;

import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Whether a query gives the same rows again over the same tables. Says no wherever that is not
 * certain.
 */
public final class Steadiness {
    /** Functions whose value is not made of their arguments alone. */
    private static final Set<String> UNSTEADY =
            Set.of(
                    "age",
                    "current_connection_id",
                    "current_database",
                    "current_date",
                    "current_localtime",
                    "current_localtimestamp",
                    "current_query",
                    "current_query_id",
                    "current_schema",
                    "current_schemas",
                    "current_setting",
                    "current_transaction_id",
                    "currval",
                    "error",
                    "gen_random_uuid",
                    "get_current_time",
                    "get_current_timestamp",
                    "getvariable",
                    "in_search_path",
                    "nextval",
                    "now",
                    "random",
                    "setseed",
                    "setval",
                    "sleep_ms",
                    "stats",
                    "today",
                    "transaction_timestamp",
                    "txid_current",
                    "uuid",
                    "uuidv4",
                    "uuidv7",
                    "vector_type",
                    "write_log");

    /** Functions in FROM that make their rows of their arguments alone. */
    private static final Set<String> STEADY_TABLES =
            Set.of("generate_series", "json_each", "json_tree", "range", "repeat", "unnest");

    private Steadiness() {}

    /** Whether a function's value may be another each time. */
    public static boolean changes(String function) {
        return UNSTEADY.contains(function);
    }

    /** Why a bound query may give other rows, as the rest of a sentence that begins with "it". */
    public static Optional<String> refuted(Operator root) {
        return root.all()
                .flatMap(o -> Stream.concat(doubts(o), doubts(o.expressions().stream())))
                .findFirst();
    }

    private static Stream<String> doubts(Operator operator) {
        return switch (operator) {
            case Operator.Unknown unknown -> Stream.of("holds a step not known: " + unknown.name());
            case Operator.FunctionScan scan when !STEADY_TABLES.contains(scan.function().name()) ->
                    Stream.of("reads %s(), which is no table".formatted(scan.function().name()));
            case Operator.Arrange arrange when arrange.what().equals("sample") ->
                    Stream.of("takes a sample");
            default -> Stream.empty();
        };
    }

    private static Stream<String> doubts(Stream<Expression> expressions) {
        return expressions.flatMap(
                e -> Stream.concat(doubt(e).stream(), doubts(e.parts().stream())));
    }

    private static Optional<String> doubt(Expression expression) {
        return switch (expression) {
            case Expression.Call call when changes(call.function().name()) ->
                    Optional.of("calls %s()".formatted(call.function().name()));
            case Expression.Unknown unknown ->
                    Optional.of("holds an expression not known: " + unknown.name());
            default -> Optional.empty();
        };
    }
}
