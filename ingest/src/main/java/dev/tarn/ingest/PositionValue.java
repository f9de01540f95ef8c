package dev.tarn.ingest;

import java.time.Instant;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a position says about a file, in its JSON form.
 *
 * @param refused whether the file as a whole could not be read; it is tried again when it changes
 */
record PositionValue(
        String version, long bytes, long rows, long quarantined, boolean refused, Instant at) {
    private static final Pattern VERSION =
            Pattern.compile("\"version\":\"((?:[^\"\\\\]++|\\\\.)*+)\"");
    private static final Pattern REFUSED = Pattern.compile("\"refused\":true");

    String toJson() {
        return ("{\"version\":\"%s\",\"bytes\":%d,\"rows\":%d,\"quarantined\":%d,\"refused\":%b,"
                        + "\"at\":\"%s\"}")
                .formatted(
                        version.replace("\\", "\\\\").replace("\"", "\\\""),
                        bytes,
                        rows,
                        quarantined,
                        refused,
                        at);
    }

    /** The version a position was written for. */
    static Optional<String> versionOf(String json) {
        Matcher matcher = VERSION.matcher(json);
        return matcher.find()
                ? Optional.of(matcher.group(1).replaceAll("\\\\(.)", "$1"))
                : Optional.empty();
    }

    static boolean isRefused(String json) {
        return REFUSED.matcher(json).find();
    }
}
