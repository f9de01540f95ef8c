package dev.tarn.model;

import java.time.Instant;

/** Which state of a ref a reader wants. */
public sealed interface AsOf {
    /** The newest state. */
    record Head() implements AsOf {}

    /** The state right after a publication. */
    record Publication(PublicationId id) implements AsOf {}

    /** The newest state that was visible at a time. */
    record Time(Instant time) implements AsOf {}

    static AsOf head() {
        return new Head();
    }
}
