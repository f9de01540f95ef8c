package dev.tarn.spi;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;
import java.util.Optional;

/**
 * A protocol that is spoken over HTTP, without the server that carries it. Safe for use by many
 * threads. Never throws: what goes wrong is an answer too, in the protocol's own form.
 */
public interface HttpProtocol {
    Answer answer(Call call);

    /** How the server that carries it is to say what it refuses before the protocol is asked. */
    default Refusals refusals() {
        return Refusals.PROBLEM;
    }

    /** Forms of refusals. */
    enum Refusals {
        /** A problem as RFC 9457 has it. */
        PROBLEM,
        /** As clients of an Iceberg REST catalog read errors. */
        CATALOG
    }

    /**
     * Whether what is at a path says by itself who may ask: then the server lets everybody ask, by
     * whatever name they call it.
     */
    default boolean knowsWho(String path) {
        return false;
    }

    /**
     * What was asked.
     *
     * @param path as it came, not decoded, without the place at which the protocol is served
     * @param query decoded; of several values of one name the last
     * @param headers by name in lower case
     * @param principal who asks, as far as that is known
     */
    @SuppressWarnings("ArrayRecordComponent") // Bodies are handed on, never compared.
    record Call(
            String method,
            String path,
            Map<String, String> query,
            Map<String, String> headers,
            byte[] body,
            String principal) {
        public Call {
            query = Map.copyOf(query);
            headers = Map.copyOf(headers);
        }
    }

    /**
     * What to say.
     *
     * @param body empty for an answer without content
     * @param stream writes the content bit by bit instead; ends when the client is gone
     */
    @SuppressWarnings("ArrayRecordComponent")
    record Answer(
            int status, Map<String, String> headers, byte[] body, Optional<Streaming> stream) {
        public Answer {
            headers = Map.copyOf(headers);
        }

        public Answer(int status, Map<String, String> headers, byte[] body) {
            this(status, headers, body, Optional.empty());
        }
    }

    /** Content that comes over time. */
    interface Streaming {
        /**
         * @throws IOException when the client is gone
         */
        void write(OutputStream out) throws IOException;
    }
}
