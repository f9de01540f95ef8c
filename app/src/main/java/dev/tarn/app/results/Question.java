package dev.tarn.app.results;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * What is asked, and by whom.
 *
 * @param principal who may see the rows
 * @param sql the query as it was written
 */
public record Question(String principal, String sql) {
    /** Changes when the form of kept rows does, or what a query means. */
    private static final String EDITION = "1";

    String name() {
        return digest(EDITION + '\n' + principal + '\n' + sql.strip()).substring(0, 32);
    }

    static String digest(String text) {
        try {
            return HexFormat.of()
                    .formatHex(
                            MessageDigest.getInstance("SHA-256")
                                    .digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JVM has SHA-256", e);
        }
    }
}
