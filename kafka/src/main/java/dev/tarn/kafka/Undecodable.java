package dev.tarn.kafka;

import java.io.Serial;

/**
 * One message that is not what the source's settings say: it goes to quarantine with this reason.
 */
final class Undecodable extends Exception {
    @Serial private static final long serialVersionUID = 1L;

    Undecodable(String reason) {
        super(reason, null, false, false);
    }

    String reason() {
        return String.valueOf(getMessage());
    }
}
