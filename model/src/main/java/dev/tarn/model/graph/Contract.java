package dev.tarn.model.graph;

import java.util.List;
import java.util.Optional;

/** The columns a model promises, in their order, and what holds for its rows. */
public record Contract(List<Column> columns, List<Constraint> constraints) {
    public Contract {
        columns = List.copyOf(columns);
        constraints = List.copyOf(constraints);
    }

    /**
     * @param dataType as somebody wrote it; empty when it is missing, with which the model fails
     */
    public record Column(String name, Optional<String> dataType) {}

    /** What a constraint is about. */
    public enum Kind {
        NOT_NULL,
        UNIQUE,
        PRIMARY_KEY,
        CHECK,
        /** Known to readers of the project, never looked at. */
        FOREIGN_KEY,
        CUSTOM
    }

    /**
     * A rule for rows.
     *
     * @param name as somebody called it
     * @param columns what it is about
     * @param expression a condition; only checks have one
     */
    public record Constraint(
            Kind kind, Optional<String> name, List<String> columns, Optional<String> expression) {
        public Constraint {
            columns = List.copyOf(columns);
        }
    }
}
