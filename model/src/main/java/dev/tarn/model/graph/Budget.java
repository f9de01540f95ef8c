package dev.tarn.model.graph;

import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * What reading may cost a source: the key {@code budget} of an {@code ingest:} block. All tables of
 * a source that have the same budget share it.
 *
 * @param rows in a second, at most
 * @param bytes in a second, at most
 * @param connections that read at the same time, at most
 */
public record Budget(OptionalLong rows, OptionalLong bytes, OptionalInt connections) {
    public static final Budget UNLIMITED =
            new Budget(OptionalLong.empty(), OptionalLong.empty(), OptionalInt.empty());
}
