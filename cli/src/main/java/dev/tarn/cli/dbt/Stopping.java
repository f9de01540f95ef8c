package dev.tarn.cli.dbt;

import java.util.function.Supplier;

/** Lets work be stopped from outside. */
@FunctionalInterface
public interface Stopping {
    /**
     * Does work that {@code stop} ends early.
     *
     * @param stop called by another thread
     */
    <T> T during(Runnable stop, Supplier<T> work);
}
