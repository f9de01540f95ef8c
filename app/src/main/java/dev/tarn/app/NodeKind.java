package dev.tarn.app;

import dev.tarn.model.graph.Node;

/** The kinds of nodes that commands choose from. */
public enum NodeKind {
    SOURCE,
    SEED,
    MODEL,
    CHECK;

    public static NodeKind of(Node node) {
        return switch (node) {
            case Node.Source s -> SOURCE;
            case Node.Seed s -> SEED;
            case Node.Model m -> MODEL;
            case Node.Check c -> CHECK;
        };
    }

    /** The word that people use. */
    public String word() {
        return switch (this) {
            case SOURCE -> "source";
            case SEED -> "seed";
            case MODEL -> "model";
            case CHECK -> "check";
        };
    }
}
