package dev.tarn.spi;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * Runs SQL. One engine serves many sessions at once inside one budget of memory and threads; what
 * does not fit in memory goes to disk.
 */
public interface Engine extends AutoCloseable {
    /** Such as {@code duckdb}. */
    String name();

    Capabilities capabilities();

    /**
     * The settings that each session has values of its own of, and that decide what its queries
     * give; in small letters.
     */
    Set<String> sessionSettings();

    /** Opens a session: relations defined in it are seen by nobody else. */
    EngineSession open(SessionOptions options);

    @Override
    void close();

    /**
     * What an engine can do beyond queries. What it cannot do it refuses with {@code UNSUPPORTED}.
     */
    record Capabilities(boolean progress, boolean cancel, boolean localFiles) {}

    /**
     * @param timeout how long one statement may run
     * @param readOnly whether only queries are allowed, over defined relations and harmless
     *     functions: for SQL that somebody typed. What it refuses is {@code SQL_REFUSED}
     */
    record SessionOptions(Optional<Duration> timeout, boolean readOnly) {
        /** For SQL of the project itself. */
        public static final SessionOptions TRUSTED = new SessionOptions(Optional.empty(), false);
    }
}
