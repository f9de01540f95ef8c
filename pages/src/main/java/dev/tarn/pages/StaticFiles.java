package dev.tarn.pages;

import dev.tarn.spi.HttpProtocol;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/** Style, script and icon. Their addresses change with their content, so browsers may keep them. */
final class StaticFiles {
    private static final Map<String, String> TYPES =
            Map.of(
                    "tarn.css", "text/css; charset=utf-8",
                    "tarn.js", "text/javascript; charset=utf-8",
                    "theme.js", "text/javascript; charset=utf-8",
                    "icon.svg", "image/svg+xml");
    private static final Map<String, byte[]> FILES = read();
    private static final Map<String, String> VERSIONS =
            FILES.keySet().stream()
                    .collect(Collectors.toUnmodifiableMap(n -> n, StaticFiles::version));

    private StaticFiles() {}

    static Link link(String name) {
        return Link.to("static", name).with("v", Objects.requireNonNull(VERSIONS.get(name)));
    }

    static Optional<HttpProtocol.Answer> answer(String name) {
        byte[] body = FILES.get(name);
        return body == null
                ? Optional.empty()
                : Optional.of(
                        Reply.of(
                                200,
                                TYPES.getOrDefault(name, "text/plain"),
                                Map.of("Cache-Control", "max-age=31536000, immutable"),
                                body));
    }

    private static String version(String name) {
        try {
            byte[] digest =
                    MessageDigest.getInstance("SHA-256")
                            .digest(Objects.requireNonNull(FILES.get(name)));
            return HexFormat.of().formatHex(digest, 0, 6);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Map<String, byte[]> read() {
        Map<String, byte[]> files = new HashMap<>();
        for (String name : TYPES.keySet()) {
            try (InputStream in = StaticFiles.class.getResourceAsStream(name)) {
                files.put(name, Objects.requireNonNull(in).readAllBytes());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return Map.copyOf(files);
    }
}
