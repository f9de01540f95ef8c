package dev.tarn.schedule;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What the triggers of a job have seen, by trigger; written as forms on the web are. */
record Seen(Map<String, String> values) {
    /** Before a condition: for what it did not hold. */
    static final String ASKED = "asked ";

    /** Why a condition could not be asked. */
    static final String TROUBLE = "trouble";

    private static final int HASH_BYTES = 8;

    static Seen parse(String text) {
        Map<String, String> values = new TreeMap<>();
        for (String pair : text.isEmpty() ? new String[0] : text.split("&")) {
            int sign = pair.indexOf('=');
            values.put(decoded(pair.substring(0, sign)), decoded(pair.substring(sign + 1)));
        }
        return new Seen(values);
    }

    String text() {
        return values.entrySet().stream()
                .map(e -> encoded(e.getKey()) + "=" + encoded(e.getValue()))
                .collect(Collectors.joining("&"));
    }

    static String hash(String text) {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256")
                            .digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, HASH_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static String decoded(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }
}
