package dev.tarn.mqtt;

import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** What a broker says. */
sealed interface Packet {
    /**
     * Whether it takes us.
     *
     * @param code 0 for yes
     * @param reason as the broker words it; often empty
     * @param expirySeconds how long it keeps the session, if it says so; else negative
     */
    record Accepted(boolean sessionThere, int code, String reason, long expirySeconds)
            implements Packet {}

    /**
     * A message.
     *
     * @param id 0 for those of quality 0
     * @param length of the whole payload, of which only the beginning is there when it is too long
     */
    @SuppressWarnings("ArrayRecordComponent") // Compared by identity only.
    record Message(
            int id,
            int quality,
            boolean again,
            boolean retained,
            String topic,
            String contentType,
            Map<String, String> properties,
            byte[] payload,
            long length)
            implements Packet {
        boolean isWhole() {
            return payload.length == length;
        }

        /** Tells what was said apart from other things, as far as 32 bits can. */
        int mark() {
            return 31 * (31 * topic.hashCode() + Arrays.hashCode(payload)) + properties.hashCode();
        }

        @Override
        public boolean equals(Object other) {
            return this == other;
        }

        @Override
        public int hashCode() {
            return System.identityHashCode(this);
        }
    }

    /** A message of quality 2 will not be sent again. */
    record Released(int id) implements Packet {}

    /** What became of filters that were asked for or given up, in their order. */
    record Answered(int id, List<Integer> codes) implements Packet {
        public Answered {
            codes = List.copyOf(codes);
        }
    }

    /** It is there. */
    record Pong() implements Packet {}

    /** It ends the connection. */
    record Goodbye(int code, String reason) implements Packet {}

    /** Nothing comes any more. */
    record End(String reason) implements Packet {}

    /** What concerns nobody who only reads. */
    record Other() implements Packet {}
}
