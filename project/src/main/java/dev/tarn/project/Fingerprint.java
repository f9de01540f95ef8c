package dev.tarn.project;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/** Sums up what decides a node's result. Parts cannot run into each other. */
final class Fingerprint {
    private final MessageDigest digest;

    Fingerprint(String kind) {
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
        add(kind);
    }

    Fingerprint add(String part) {
        return add(part.getBytes(StandardCharsets.UTF_8));
    }

    Fingerprint add(byte[] part) {
        digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(part.length).array());
        digest.update(part);
        return this;
    }

    Fingerprint add(Map<String, String> parts) {
        new TreeMap<>(parts).forEach((k, v) -> add(k).add(v));
        return add("");
    }

    String build() {
        return HexFormat.of().formatHex(digest.digest());
    }
}
