package dev.tarn.app;

import dev.tarn.model.graph.Materialization;
import dev.tarn.model.graph.Node;

/** The kinds of nodes that commands choose from. */
public enum NodeKind {
    SOURCE,
    SEED,
    MODEL,
    SNAPSHOT,
    UNIT,
    CHECK;

    public static NodeKind of(Node node) {
        return switch (node) {
            case Node.Source s -> SOURCE;
            case Node.Seed s -> SEED;
            case Node.Model m ->
                    m.materialization() instanceof Materialization.Snapshot ? SNAPSHOT : MODEL;
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
            case UNIT -> "unit";
            case CHECK -> "check";
        };
    }
}
