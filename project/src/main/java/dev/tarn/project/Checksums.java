package dev.tarn.project;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What tells whether a node's file is another one, in the shape of dbt's manifest. */
final class Checksums {
    private static final int SEED_BYTES_MAX = 1 << 20;

    private Checksums() {}

    /** Tests that are settings of others have none. */
    static Map<Object, @Nullable Object> of(Draft draft) {
        if (draft.kind == Draft.Kind.GENERIC) {
            return named("none", "");
        }
        return draft.seedSum.orElseGet(() -> of(draft.text));
    }

    /** Of a large seed only the name counts, as in dbt. */
    static Map<Object, @Nullable Object> of(byte[] seed, String file) {
        return seed.length > SEED_BYTES_MAX
                ? named("path", FactTexts.inPackage(file))
                : of(new String(seed, StandardCharsets.UTF_8));
    }

    static Map<Object, @Nullable Object> of(String text) {
        try {
            byte[] sum =
                    MessageDigest.getInstance("SHA-256")
                            .digest(text.strip().getBytes(StandardCharsets.UTF_8));
            return named("sha256", HexFormat.of().formatHex(sum));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Map<Object, @Nullable Object> named(String name, String sum) {
        Map<Object, @Nullable Object> checksum = new LinkedHashMap<>();
        checksum.put("name", name);
        checksum.put("checksum", sum);
        return checksum;
    }
}
