package dev.tarn.http;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.zip.GZIPInputStream;

/**
 * What a server said.
 *
 * @param uri where it was said, behind redirects
 * @param body unpacked
 */
@SuppressWarnings("ArrayRecordComponent") // Bodies are handed on, never compared.
record Answer(int status, URI uri, HttpHeaders headers, byte[] body) {
    private static final int CHUNK = 64 << 10;

    /** A body that is longer than allowed. */
    static final class TooLong extends IOException {
        private static final long serialVersionUID = 1L;
    }

    Optional<String> header(String name) {
        return headers.firstValue(name);
    }

    boolean isGood() {
        return status / 100 == 2;
    }

    /** {@code application/json}, in lower case and without parameters. */
    String type() {
        return header("Content-Type")
                .map(t -> t.replaceFirst(";.*", "").strip().toLowerCase(Locale.ROOT))
                .orElse("");
    }

    /** The encoding that the head says. */
    Optional<Charset> declared() {
        String type = header("Content-Type").orElse("");
        int at = type.toLowerCase(Locale.ROOT).indexOf("charset=");
        if (at < 0) {
            return Optional.empty();
        }
        String name = type.substring(at + 8).replaceFirst(";.*", "").replace("\"", "").strip();
        try {
            return Optional.of(Charset.forName(name));
        } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
            return Optional.empty();
        }
    }

    private Charset charset() {
        return declared().orElse(StandardCharsets.UTF_8);
    }

    String text() {
        return new String(body, charset());
    }

    /** The body in UTF-8, without a byte order mark. */
    byte[] utf8() {
        byte[] bytes =
                charset().equals(StandardCharsets.UTF_8)
                        ? body
                        : text().getBytes(StandardCharsets.UTF_8);
        boolean marked =
                bytes.length >= 3
                        && bytes[0] == (byte) 0xEF
                        && bytes[1] == (byte) 0xBB
                        && bytes[2] == (byte) 0xBF;
        return marked ? Arrays.copyOfRange(bytes, 3, bytes.length) : bytes;
    }

    /** What is behind gzip, up to a length. */
    static byte[] unpacked(byte[] packed, long most) throws IOException {
        ByteArrayOutputStream plain = new ByteArrayOutputStream();
        try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(packed))) {
            byte[] chunk = new byte[CHUNK];
            for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
                if (plain.size() + (long) n > most) {
                    throw new TooLong();
                }
                plain.write(chunk, 0, n);
            }
        }
        return plain.toByteArray();
    }
}
