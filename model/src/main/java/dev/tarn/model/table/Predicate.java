package dev.tarn.model.table;

/**
 * A condition on one column that rows must meet; a scan's planner may use it to leave files out and
 * may ignore it. Several predicates are all required.
 *
 * @param column a top-level column
 * @param literal the value as the house dialect would print it; ignored for the null tests
 */
public record Predicate(String column, Operator operator, String literal) {
    /** The comparisons that statistics can answer. */
    public enum Operator {
        EQUAL,
        LESS,
        LESS_OR_EQUAL,
        GREATER,
        GREATER_OR_EQUAL,
        IS_NULL,
        IS_NOT_NULL
    }
}
