package dev.tarn.spi;

import java.time.Instant;
import java.util.function.Function;

/**
 * Where it is told how long what took, and what it was part of. Never throws and never waits. Safe
 * for use by many threads.
 */
public interface Tracer extends AutoCloseable {
    /** Tells nothing, and costs nothing. */
    Tracer OFF =
            new Tracer() {
                @Override
                public Span begin(String name, Span.Kind kind, String traceparent) {
                    return Span.NONE;
                }

                @Override
                public Span lasting(String name, String identity, Instant began) {
                    return Span.NONE;
                }

                @Override
                public <T> T during(
                        String name, Span.Kind kind, String traceparent, Function<Span, T> work) {
                    return work.apply(Span.NONE);
                }

                @Override
                public void close() {}
            };

    /**
     * Something begins; it ends when the span is closed, by whichever thread.
     *
     * @param traceparent what it is part of, in the form of W3C's header; empty or malformed: what
     *     this thread does {@link #during} something
     */
    Span begin(String name, Span.Kind kind, String traceparent);

    /**
     * Something that outlives this process and is known by its identity: every process means the
     * same span by it, so that {@link Span#traceparent} can be used long before it is over. Whoever
     * sees its end closes it; the others need not.
     */
    Span lasting(String name, String identity, Instant began);

    /** Does some work; what begins on this thread meanwhile is part of it. */
    <T> T during(String name, Span.Kind kind, String traceparent, Function<Span, T> work);

    /** Hands on what is there, for a short while. */
    @Override
    void close();
}
