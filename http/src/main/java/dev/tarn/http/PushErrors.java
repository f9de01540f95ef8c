package dev.tarn.http;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.TarnException;
import java.time.Duration;

/** What is said to those who push. */
final class PushErrors {
    private PushErrors() {}

    /** An answer that is a refusal. */
    static final class Refused extends Exception {
        private static final long serialVersionUID = 1L;

        private final int status;
        private final Duration again;

        /**
         * @param status of HTTP
         * @param again after how long it may be tried again; zero where that does not help
         */
        Refused(int status, String reason, Duration again) {
            super(reason, null, false, false);
            this.status = status;
            this.again = again;
        }

        Refused(int status, String reason) {
            this(status, reason, Duration.ZERO);
        }

        int status() {
            return status;
        }

        Duration again() {
            return again;
        }

        String reason() {
            return String.valueOf(getMessage());
        }
    }

    static TarnException noPosition(String part, String value) {
        return new TarnException(
                ErrorCode.CATALOG_CORRUPT,
                "'%s' is no list of keys: %s. `tarn ingest --full --select source:NAME` begins anew."
                        .formatted(part, value));
    }

    static TarnException noHistory() {
        return new TarnException(
                ErrorCode.CONFIG_INVALID,
                "'write: scd2' does not go with the connector 'push', whose rows say of which request they are. Land them, and keep the history in a snapshot.");
    }

    static Refused unknown(String path, String there) {
        return new Refused(
                404,
                "There is no source at %s.%s"
                        .formatted(
                                path,
                                there.isEmpty()
                                        ? " No source of this project has 'connector: push'."
                                        : " There are: " + there + "."));
    }

    static Refused method(String method) {
        return new Refused(405, "Rows come by POST, not by %s.".formatted(method));
    }

    static Refused noToken() {
        return new Refused(401, "This source wants its token, as `Authorization: Bearer …`.");
    }

    static Refused signature(String reason) {
        return new Refused(401, "The signature is not right: %s.".formatted(reason));
    }

    static Refused tooLong(long bytes, long most) {
        return new Refused(
                413,
                "The body has %,d bytes, and 'max_body' allows %,d. Send it in pieces."
                        .formatted(bytes, most));
    }

    static Refused packedTooLong(long most) {
        return new Refused(
                413,
                "The body has more than the %,d bytes, unpacked, that 'max_body' allows. Send it in pieces."
                        .formatted(most));
    }

    static Refused unpacksTooLong(long most) {
        return new Refused(
                413,
                "The rows of the body take more than %,d bytes. Send it in pieces."
                        .formatted(most));
    }

    static Refused columnTwice(String name) {
        return new Refused(
                400,
                "The body has the column '%s' twice, or names that differ only in case. Nothing has landed."
                        .formatted(name));
    }

    static Refused columnType(String name, String type) {
        return new Refused(
                400,
                "The column '%s' is of a type of Arrow that is not read: %s. Send it as a text, or leave it out. Nothing has landed."
                        .formatted(name, type));
    }

    static Refused type(String type) {
        return new Refused(
                415,
                "Bodies of type '%s' are not read. Send application/json, application/x-ndjson, text/csv or application/vnd.apache.arrow.stream."
                        .formatted(type));
    }

    static Refused encoding(String encoding) {
        return new Refused(
                415,
                "The encoding '%s' is not read. Send it plain, or as gzip.".formatted(encoding));
    }

    static Refused body(String format, String reason) {
        return new Refused(
                400, "The body is no %s: %s. Nothing has landed.".formatted(format, reason));
    }

    static Refused noRecords(JsonPath path) {
        return new Refused(
                400,
                "The body has nothing at '%s', where the records of this source are. Nothing has landed."
                        .formatted(path));
    }

    static Refused keyNeeded(String header) {
        return new Refused(
                400,
                "This source wants a key with each request, in the header %s, so that none lands twice."
                        .formatted(header));
    }

    static Refused keyForm() {
        return new Refused(400, "A key may have up to 200 characters, and no control characters.");
    }

    static Refused keyAgain(String key) {
        return new Refused(
                409,
                "Another body has landed with the key '%s'. Give this one another key."
                        .formatted(key));
    }

    static Refused busy(String stream, long bytes) {
        return new Refused(
                429,
                "%,d bytes wait for %s already. Try again in a moment.".formatted(bytes, stream),
                Duration.ofSeconds(1));
    }

    static Refused closing() {
        return new Refused(
                503,
                "The server is about to stop. Nothing of this request has landed.",
                Duration.ofSeconds(5));
    }

    static Refused late(Duration waited, boolean keyed) {
        return new Refused(
                503,
                "It is not known after %d seconds whether this request has landed. %s"
                        .formatted(
                                waited.toSeconds(),
                                keyed
                                        ? "Send it again with the same key: it lands once."
                                        : "It had no key, so look before you send it again."),
                Duration.ofSeconds(5));
    }
}
