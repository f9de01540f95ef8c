package dev.tarn.model.graph;

import dev.tarn.model.TableName;
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
        FOREIGN_KEY,
        /** Known to readers of the project, never looked at. */
        CUSTOM
    }

    /**
     * A rule for rows.
     *
     * @param name as somebody called it
     * @param columns what it is about
     * @param expression a condition; only checks have one
     * @param target what a foreign key points to
     */
    public record Constraint(
            Kind kind,
            Optional<String> name,
            List<String> columns,
            Optional<String> expression,
            Optional<Target> target) {
        public Constraint {
            columns = List.copyOf(columns);
        }
    }

    /** Columns of a table, in which the values of a foreign key are. */
    public record Target(TableName table, List<String> columns) {
        public Target {
            columns = List.copyOf(columns);
        }
    }
}
