package dev.tarn.model.graph;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What a source's rows have to be before they land: the keys {@code expect}, {@code deduplicate}
 * and {@code event_time} of an {@code ingest:} block.
 */
public record LandingRules(
        List<Expectation> expectations,
        Optional<Deduplication> deduplication,
        Optional<EventTime> eventTime) {
    public static final LandingRules NONE =
            new LandingRules(List.of(), Optional.empty(), Optional.empty());

    public LandingRules {
        expectations = List.copyOf(expectations);
    }

    /**
     * Something that is expected of rows, or of a batch.
     *
     * @param name how people are told of it
     * @param condition in SQL, over the columns of the table; for batches over aggregates of them.
     *     Null meets it.
     * @param otherwise what happens where it is not met
     */
    public record Expectation(String name, Scope scope, String condition, Otherwise otherwise) {}

    /** What an expectation is about. */
    public enum Scope {
        /** Each row. */
        ROW,
        /** All rows of a batch together. */
        BATCH
    }

    /** What happens to rows that are not as expected. */
    public enum Otherwise {
        /** They go to quarantine. */
        QUARANTINE,
        /** The source stops: nothing of the batch lands. */
        HOLD,
        /** They land, and it is said. */
        WARN
    }

    /**
     * Rows that came before are left out.
     *
     * @param key the columns that tell a row
     * @param within how long ago the other one may have landed; empty for ever
     */
    public record Deduplication(List<String> key, Optional<Duration> within) {
        public Deduplication {
            key = List.copyOf(key);
        }
    }

    /**
     * When what a row tells of happened.
     *
     * @param column a date or a time
     * @param lateness how far behind the newest one a row may be without being late
     */
    public record EventTime(String column, Duration lateness) {}
}
