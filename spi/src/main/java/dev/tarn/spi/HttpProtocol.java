package dev.tarn.spi;

import java.util.Map;

/**
 * A protocol that is spoken over HTTP, without the server that carries it. Safe for use by many
 * threads. Never throws: what goes wrong is an answer too, in the protocol's own form.
 */
public interface HttpProtocol {
    Answer answer(Call call);

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
     */
    @SuppressWarnings("ArrayRecordComponent")
    record Answer(int status, Map<String, String> headers, byte[] body) {
        public Answer {
            headers = Map.copyOf(headers);
        }
    }
}
