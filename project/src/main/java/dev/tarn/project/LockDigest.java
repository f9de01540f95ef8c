package dev.tarn.project;

import dev.tarn.jinja.Values;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a lock file says of the wishes it was made for. It is what dbt writes there, so that either
 * program keeps to what the other has chosen.
 */
final class LockDigest {
    private LockDigest() {}

    /**
     * The digest of the packages that a project asks for. Templates count as they are written, for
     * what they give may be a secret.
     */
    static String of(Path root) throws IOException {
        List<String> lines = new ArrayList<>();
        for (String file : List.of("packages.yml", "dependencies.yml")) {
            Path path = root.resolve(file);
            if (Files.isRegularFile(path)) {
                YamlReader.readMapping(file, Files.readString(path), new Problems())
                        .ifPresent(f -> packages(f).forEach(p -> lines.add(line(p))));
            }
        }
        lines.sort(Comparator.naturalOrder());
        return sha1(String.join("\n", lines));
    }

    private static String line(Object wish) {
        return Values.json(entry(wish), -1, true);
    }

    private static List<?> packages(YamlValue file) {
        return file.plain() instanceof Map<?, ?> map && map.get("packages") instanceof List<?> list
                ? list
                : List.of();
    }

    /** A wish with all that can be said of one of its kind, and as it was written. */
    private static Map<Object, @Nullable Object> entry(Object wish) {
        Map<Object, @Nullable Object> entry = new LinkedHashMap<>();
        if (wish instanceof Map<?, ?> said) {
            if (said.containsKey("git")) {
                entry.put("revision", null);
                entry.put("subdirectory", null);
                entry.put("warn-unpinned", null);
            } else if (said.containsKey("package")) {
                entry.put("install_prerelease", false);
            }
            said.forEach(entry::put);
        }
        entry.put("unrendered", wish);
        return entry;
    }

    private static String sha1(String text) {
        try {
            return HexFormat.of()
                    .formatHex(
                            MessageDigest.getInstance("SHA-1")
                                    .digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-1", e);
        }
    }
}
