package dev.tarn.otlp;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The place of a span in a trace, as W3C's header {@code traceparent} says it. */
record TraceContext(String trace, String span, boolean sampled) {
    private static final Pattern FORM =
            Pattern.compile("([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?");

    static Optional<TraceContext> parse(String header) {
        Matcher m = FORM.matcher(header.strip());
        boolean right =
                m.matches()
                        && !m.group(1).equals("ff")
                        && (m.group(5) == null || !m.group(1).equals("00"))
                        && !m.group(2).matches("0+")
                        && !m.group(3).matches("0+");
        return right
                ? Optional.of(
                        new TraceContext(
                                m.group(2),
                                m.group(3),
                                (HexFormat.fromHexDigits(m.group(4)) & 1) == 1))
                : Optional.empty();
    }

    /** The place of something that every process knows by the same name. */
    static TraceContext of(String identity) {
        byte[] hash;
        try {
            hash =
                    MessageDigest.getInstance("SHA-256")
                            .digest(identity.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
        return new TraceContext(
                HexFormat.of().formatHex(hash, 0, 16),
                HexFormat.of().formatHex(hash, 16, 24),
                true);
    }

    @Override
    public String toString() {
        return "00-%s-%s-%s".formatted(trace, span, sampled ? "01" : "00");
    }
}
