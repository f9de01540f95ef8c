package dev.tarn.http;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * How a webhook proves who sends it: a hash of the body under a secret that both know.
 *
 * @param kind whose way of writing it
 * @param header that has it
 * @param secret the key
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
record Signature(Kind kind, String header, byte[] secret) {
    /** A request that was signed longer ago is one that somebody recorded. */
    private static final Duration OLDEST = Duration.ofMinutes(5);

    /** Ways of writing a signature. */
    enum Kind {
        GITHUB,
        STRIPE,
        SLACK,
        STANDARD,
        HMAC_SHA256;

        String header() {
            return switch (this) {
                case GITHUB -> "x-hub-signature-256";
                case STRIPE -> "stripe-signature";
                case SLACK -> "x-slack-signature";
                case STANDARD -> "webhook-signature";
                case HMAC_SHA256 -> "x-signature";
            };
        }
    }

    static Signature of(Kind kind, String header, String secret) {
        byte[] key = secret.getBytes(StandardCharsets.UTF_8);
        if (kind == Kind.STANDARD) {
            try {
                key = Base64.getDecoder().decode(secret.replaceFirst("^whsec_", ""));
            } catch (IllegalArgumentException e) {
                // It is taken as it stands.
            }
        }
        return new Signature(
                kind, header.isEmpty() ? kind.header() : header.toLowerCase(Locale.ROOT), key);
    }

    /**
     * Lets a request pass if its signature is right.
     *
     * @param headers by name in lower case
     */
    void check(Map<String, String> headers, byte[] body, Clock clock) throws PushErrors.Refused {
        String given = headers.getOrDefault(header, "").strip();
        if (given.isEmpty()) {
            throw PushErrors.signature("the header '%s' is missing".formatted(header));
        }
        switch (kind) {
            case GITHUB -> {
                require(given.startsWith("sha256=") && fits(body, List.of(given.substring(7))));
            }
            case HMAC_SHA256 ->
                    require(fits(body, List.of(given.replaceFirst("(?i)^sha256=", ""))));
            case SLACK -> {
                String time = headers.getOrDefault("x-slack-request-timestamp", "");
                requireRecent(time, clock);
                require(
                        given.startsWith("v0=")
                                && fits(
                                        joined("v0:" + time + ":", body),
                                        List.of(given.substring(3))));
            }
            case STRIPE -> {
                String time = "";
                List<String> hashes = new ArrayList<>();
                for (String part : given.split(",")) {
                    String[] pair = part.strip().split("=", 2);
                    if (pair.length == 2 && pair[0].equals("t")) {
                        time = pair[1];
                    } else if (pair.length == 2 && pair[0].equals("v1")) {
                        hashes.add(pair[1]);
                    }
                }
                requireRecent(time, clock);
                require(fits(joined(time + ".", body), hashes));
            }
            case STANDARD -> {
                String time = headers.getOrDefault("webhook-timestamp", "");
                requireRecent(time, clock);
                List<String> hashes = new ArrayList<>();
                for (String part : given.split(" ")) {
                    if (part.startsWith("v1,")) {
                        hashes.add(part.substring(3));
                    }
                }
                String id = headers.getOrDefault("webhook-id", "");
                require(fits(joined(id + "." + time + ".", body), hashes));
            }
        }
    }

    private static void require(boolean right) throws PushErrors.Refused {
        if (!right) {
            throw PushErrors.signature("it is not the body's, or the secret is another one");
        }
    }

    private static void requireRecent(String time, Clock clock) throws PushErrors.Refused {
        if (!time.matches("\\d{1,11}")) {
            throw PushErrors.signature("it does not say when it was made");
        }
        Duration age =
                Duration.between(Instant.ofEpochSecond(Long.parseLong(time)), clock.instant())
                        .abs();
        if (age.compareTo(OLDEST) > 0) {
            throw PushErrors.signature(
                    "it was made %d seconds from now, and %d are allowed"
                            .formatted(age.toSeconds(), OLDEST.toSeconds()));
        }
    }

    private static byte[] joined(String begin, byte[] body) {
        byte[] first = begin.getBytes(StandardCharsets.UTF_8);
        byte[] all = java.util.Arrays.copyOf(first, first.length + body.length);
        System.arraycopy(body, 0, all, first.length, body.length);
        return all;
    }

    /** Whether one of the texts is the hash, in hexadecimal or Base64. */
    private boolean fits(byte[] signed, List<String> texts) {
        byte[] hash;
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(secret, "HmacSHA256"));
            hash = mac.doFinal(signed);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every Java has HMAC-SHA256", e);
        }
        byte[] hex = HexFormat.of().formatHex(hash).getBytes(StandardCharsets.US_ASCII);
        byte[] base64 = Base64.getEncoder().encode(hash);
        boolean found = false;
        for (String text : texts) {
            byte[] given = text.strip().getBytes(StandardCharsets.UTF_8);
            found |= MessageDigest.isEqual(lower(given), hex);
            found |= MessageDigest.isEqual(given, base64);
        }
        return found;
    }

    private static byte[] lower(byte[] hex) {
        return new String(hex, StandardCharsets.UTF_8)
                .toLowerCase(Locale.ROOT)
                .getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return kind + " in " + header;
    }
}
