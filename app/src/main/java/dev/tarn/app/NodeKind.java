package dev.tarn.app;

import dev.tarn.model.graph.Materialization;
import dev.tarn.model.graph.Node;

/** The kinds of nodes that commands choose from. */
public enum NodeKind {
    SOURCE,
    SEED,
    MODEL,
    SNAPSHOT,
    FUNCTION,
    UNIT,
    CHECK;

    public static NodeKind of(Node node) {
        return switch (node) {
            case Node.Source s -> SOURCE;
            case Node.Seed s -> SEED;
            case Node.Model m ->
                    switch (m.materialization()) {
                        case Materialization.Snapshot s -> SNAPSHOT;
                        case Materialization.Custom c when c.isSnapshot() -> SNAPSHOT;
                        case Materialization.Function f -> FUNCTION;
                        default -> MODEL;
                    };
            case Node.Check c -> c.isUnit() ? UNIT : CHECK;
        };
    }

    /** The word that people use. */
    public String word() {
        return switch (this) {
            case SOURCE -> "source";
            case SEED -> "seed";
            case MODEL -> "model";
            case SNAPSHOT -> "snapshot";
            case FUNCTION -> "function";
            case UNIT -> "unit";
            case CHECK -> "check";
        };
    }
}
