package dev.tarn.app;

/**
 * What the result cache does with a query.
 *
 * @param reason why it is {@code NEVER} kept; otherwise what {@link State} says, in words
 */
public record CacheNote(State state, String reason) {
    /** What happens when the query is asked. */
    public enum State {
        /** Its rows are there: no engine is asked. */
        HIT,
        /** It is computed, and its rows are kept if they are few. */
        MISS,
        /** It is computed each time. */
        NEVER,
        /** Nothing is kept at all. */
        OFF
    }
}
