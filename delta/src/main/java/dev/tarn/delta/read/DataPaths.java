package dev.tarn.delta.read;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Paths as a Delta log writes them, and the locations they mean. */
final class DataPaths {
    private DataPaths() {}

    /** A location as storage spells it: other engines write URIs for local files. */
    static String normalized(String location) {
        String rest = location;
        if (rest.startsWith("file:")) {
            rest = rest.substring("file:".length());
            if (rest.startsWith("//")) {
                rest = rest.substring(rest.startsWith("///") ? 2 : 1);
            }
        } else if (rest.startsWith("s3a://") || rest.startsWith("s3n://")) {
            rest = "s3://" + rest.substring("s3a://".length());
        }
        return rest.length() > 1 && rest.endsWith("/") ? rest.replaceAll("/+$", "") : rest;
    }

    /** The location of a path of the log: absolute, or relative to the table; percent-encoded. */
    static String resolve(String table, String path) {
        String decoded = decoded(path);
        boolean absolute =
                decoded.startsWith("/") || decoded.matches("^[a-zA-Z][a-zA-Z0-9+.-]*:/.*");
        return absolute ? normalized(decoded) : table + "/" + decoded;
    }

    private static String decoded(String path) {
        if (path.indexOf('%') < 0) {
            return path;
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(path.length());
        byte[] raw = path.getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < raw.length; i++) {
            int value = raw[i] == '%' && i + 2 < raw.length ? hex(raw[i + 1], raw[i + 2]) : -1;
            if (value >= 0) {
                bytes.write(value);
                i += 2;
            } else {
                bytes.write(raw[i]);
            }
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private static int hex(byte high, byte low) {
        int first = Character.digit(high, 16);
        int second = Character.digit(low, 16);
        return first < 0 || second < 0 ? -1 : first * 16 + second;
    }
}
