package dev.tarn.run;

import dev.tarn.model.graph.Node;
import java.util.List;

/**
 * Why a node failed, as dbt tells it: the kind of mistake, in which node and file, and behind it
 * the reason. Programs that keep the results of runs look for these words.
 *
 * @param kind such as {@code Runtime Error}
 * @param what such as {@code model orders (models/orders.sql)}
 */
public record FailureText(String kind, String what, String reason) {
    /** Codes of what is wrong in a project's own words, before any query. */
    private static final List<String> OF_CODE =
            List.of("[TEMPLATE_FAILED]", "[TEMPLATE_SYNTAX]", "[SCHEMA_CHANGE_REFUSED]");

    /** So are what a contract says, the word for how a model is built, and rows of unit tests. */
    private static final List<String> ALSO_OF_CODE =
            List.of(
                    "does not keep its contract",
                    "Setting 'materialized' cannot be",
                    "in unit test fixture for");

    private static final String UNSET = "is not set, and env_var() was given no default";
    private static final String UNKNOWN_STRATEGY = "There is no incremental strategy";

    public static FailureText of(Node node, String reason) {
        String id = node.id().value();
        return of(
                id.substring(0, Math.max(0, id.indexOf('.'))),
                node.name(),
                node.common().place().file(),
                reason);
    }

    /**
     * @param type the kind of thing that failed, as ids have it
     */
    public static FailureText of(String type, String name, String file, String reason) {
        return new FailureText(kind(reason), "%s %s (%s)".formatted(type, name, file), reason);
    }

    /** Whether it is what the project says that is wrong, in dbt's eyes, or a query failed. */
    public static String kind(String reason) {
        if (reason.contains(UNSET)) {
            return "Parsing Error";
        }
        boolean code =
                OF_CODE.stream().anyMatch(reason.strip()::endsWith)
                        || ALSO_OF_CODE.stream().anyMatch(reason::contains);
        return code && !reason.contains(UNKNOWN_STRATEGY) ? "Compilation Error" : "Runtime Error";
    }

    /**
     * What is said of a check that found something.
     *
     * @param status {@code fail} or {@code warn}
     */
    public static String found(Node.Check check, long failures, String status) {
        return check.isUnit()
                ? "actual differs from expected"
                : "Got %d result%s, configured to %s if %s"
                        .formatted(
                                failures,
                                failures == 1 ? "" : "s",
                                status,
                                status.equals("fail")
                                        ? check.rules().errorIf()
                                        : check.rules().warnIf());
    }

    /** Such as {@code Runtime Error in model orders (models/orders.sql)}. */
    public String heading() {
        return headed(kind);
    }

    public String headed(String word) {
        return word + " in " + what;
    }

    /** The reason, below a heading. */
    public String indented() {
        return "  " + reason.replace("\n", "\n  ");
    }

    @Override
    public String toString() {
        return heading() + "\n" + indented();
    }
}
