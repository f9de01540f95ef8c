package dev.tarn.spi;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * Answers to requests that said by a key that they are one request, however often it is sent: kept
 * where a restart does not lose them and other servers find them. Safe for use by many threads.
 */
public interface KeptAnswers {
    /**
     * What was asked and what was said.
     *
     * @param request tells requests under one key apart; any text
     */
    @SuppressWarnings("ArrayRecordComponent") // Bodies are handed on, never compared.
    record Kept(String request, int status, Map<String, String> headers, byte[] body) {
        public Kept {
            headers = Map.copyOf(headers);
        }
    }

    /** The answer under a key, unless its time is over. */
    Optional<Kept> find(String key, Instant now);

    /** Keeps an answer; the first one under a key stays. The oldest go when there are too many. */
    void keep(String key, Kept answer, Instant now, Instant expires);
}
