package dev.tarn.model.table;

import java.util.List;

/**
 * A condition on one column that rows must meet; a scan's planner may use it to leave files out and
 * may ignore it. Several predicates are all required.
 *
 * @param column a top-level column
 * @param within which part of a struct is meant, from outside in; empty for the column itself
 * @param literal the value as the house dialect would print it; ignored for the null tests
 */
public record Predicate(String column, List<String> within, Operator operator, String literal) {
    public Predicate {
        within = List.copyOf(within);
    }

    /** A condition on a whole column. */
    public Predicate(String column, Operator operator, String literal) {
        this(column, List.of(), operator, literal);
    }

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
