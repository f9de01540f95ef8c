package dev.tarn.spi;

import dev.tarn.model.table.Schema;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A system that is told what changes in one table, in steps that become visible whole or not at
 * all, each together with the position behind it. Used by one thread, except {@link #cancel()}.
 */
public interface OpenOutlet extends AutoCloseable {
    /**
     * The position of the last step; empty if there was none. Whoever asks ends steps of others.
     */
    Optional<String> position();

    /** Begins a step with rows of these columns. */
    void begin(Schema columns);

    /** Tells a change of the step. */
    void tell(Change change);

    /**
     * Makes the step visible.
     *
     * @throws dev.tarn.model.TarnException {@code DELIVERY_FAILED} also when it is not known
     *     whether it became visible: then the position tells
     */
    void commit(String position);

    /** Forgets the step, if there is one. */
    void abandon();

    /** Ends whatever it is waiting for, with {@code INTERRUPTED}. Any thread may call it. */
    void cancel();

    @Override
    void close();

    /** What became of a row. */
    enum Kind {
        /** It was there before anything was told. */
        READ,
        INSERTED,
        UPDATED,
        DELETED
    }

    /**
     * A change of one row, by the columns of its step.
     *
     * @param publication the state that has it first
     * @param before the values until then; null where there was no such row
     * @param after the values since; null where there is no such row any more
     */
    record Change(
            Kind kind,
            long publication,
            Instant at,
            @Nullable List<@Nullable Object> before,
            @Nullable List<@Nullable Object> after) {}
}
