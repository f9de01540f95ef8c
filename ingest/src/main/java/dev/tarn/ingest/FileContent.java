package dev.tarn.ingest;

import dev.tarn.model.graph.IngestSpec.Format;
import dev.tarn.spi.RowReaders;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PushbackInputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.zip.GZIPInputStream;

/**
 * What a file really is, by its first bytes: names can be wrong, content cannot.
 *
 * @param marked whether the text begins with a byte order mark
 * @param plain whether the engine can read the file by its name: its bytes are UTF-8 text without a
 *     byte order mark, and the name is no pattern
 */
record FileContent(
        Path path, Compression compression, Charset encoding, boolean marked, boolean plain) {
    private static final int BUFFER = 1 << 16;
    private static final int HEAD = 4096;

    /** How the bytes on disk are packed. */
    enum Compression {
        NONE,
        GZIP,
        ZSTD
    }

    /** Looks at a file; its compression is recognised by content, whatever its name. */
    static FileContent of(Path path, Charset encoding, RowReaders readers) throws IOException {
        byte[] packed = head(Files.newInputStream(path));
        Compression compression = compression(packed);
        FileContent raw = new FileContent(path, compression, encoding, false, false);
        byte[] start = compression == Compression.NONE ? packed : head(raw.bytes(readers));
        Charset actual = byMark(start).orElse(encoding);
        boolean marked = byMark(start).isPresent();
        boolean utf8 = actual.equals(StandardCharsets.UTF_8);
        String name = path.toString();
        boolean pattern = name.contains("*") || name.contains("?") || name.contains("[");
        boolean plain = utf8 && compression == Compression.NONE && !marked && !pattern;
        return new FileContent(path, compression, actual, marked, plain);
    }

    /** Whether the bytes on disk are those of its text, so that reading can begin in its middle. */
    boolean isSeekable() {
        return encoding.equals(StandardCharsets.UTF_8)
                && compression == Compression.NONE
                && !marked;
    }

    /** The file's bytes, unpacked. */
    InputStream bytes(RowReaders readers) throws IOException {
        InputStream file = new BufferedInputStream(Files.newInputStream(path), BUFFER);
        return switch (compression) {
            case NONE -> file;
            case GZIP -> new GZIPInputStream(file, BUFFER);
            case ZSTD -> readers.zstd(file);
        };
    }

    /** The file's text as UTF-8, without a byte order mark. */
    InputStream text(RowReaders readers) throws IOException {
        PushbackInputStream in = new PushbackInputStream(bytes(readers), 3);
        byte[] start = in.readNBytes(3);
        int mark = markLength(start);
        in.unread(start, mark, start.length - mark);
        return encoding.equals(StandardCharsets.UTF_8)
                ? in
                : new TranscodedInput(new InputStreamReader(in, encoding));
    }

    /**
     * The format: as declared, else as the content shows for binary formats, else as the name says,
     * else as the text looks.
     */
    Format format(Optional<Format> declared, String name, RowReaders readers) throws IOException {
        if (declared.isPresent()) {
            return declared.get();
        }
        byte[] head = head(bytes(readers));
        Optional<Format> binary = binary(head);
        return binary.orElseGet(
                () -> byName(name).map(f -> proven(f, head)).orElseGet(() -> byText(head)));
    }

    /** The format that the first bytes prove. */
    static Optional<Format> binary(byte[] head) {
        if (starts(head, 'P', 'A', 'R', '1')) {
            return Optional.of(Format.PARQUET);
        }
        if (starts(head, 'O', 'b', 'j', 1)) {
            return Optional.of(Format.AVRO);
        }
        if (starts(head, 'O', 'R', 'C')) {
            return Optional.of(Format.ORC);
        }
        return starts(head, 'P', 'K', 3, 4) ? Optional.of(Format.EXCEL) : Optional.empty();
    }

    private static Optional<Format> byName(String name) {
        String plain = name.toLowerCase(Locale.ROOT).replaceAll("\\.(gz|gzip|zst|zstd)$", "");
        return switch (plain.substring(plain.lastIndexOf('.') + 1)) {
            case "csv" -> Optional.of(Format.CSV);
            case "tsv", "tab" -> Optional.of(Format.TSV);
            case "json" -> Optional.of(Format.JSON);
            case "ndjson", "jsonl" -> Optional.of(Format.NDJSON);
            case "parquet" -> Optional.of(Format.PARQUET);
            case "avro" -> Optional.of(Format.AVRO);
            case "orc" -> Optional.of(Format.ORC);
            case "xlsx" -> Optional.of(Format.EXCEL);
            default -> Optional.empty();
        };
    }

    /** A first line that is a JSON object is no header, whatever the name says. */
    private static Format proven(Format named, byte[] head) {
        if (named != Format.CSV && named != Format.TSV) {
            return named;
        }
        String line =
                new String(head, StandardCharsets.UTF_8).strip().lines().findFirst().orElse("");
        if (!line.startsWith("{")) {
            return named;
        }
        try {
            return JsonText.object(line).isEmpty() ? named : Format.JSON;
        } catch (JsonText.Refused e) {
            return named;
        }
    }

    private static Format byText(byte[] head) {
        String text = new String(head, StandardCharsets.UTF_8).strip();
        return text.startsWith("{") || text.startsWith("[") ? Format.JSON : Format.CSV;
    }

    private static byte[] head(InputStream in) throws IOException {
        try (in) {
            return in.readNBytes(HEAD);
        }
    }

    private static Compression compression(byte[] head) {
        if (starts(head, 0x1f, 0x8b)) {
            return Compression.GZIP;
        }
        return starts(head, 0x28, 0xb5, 0x2f, 0xfd) ? Compression.ZSTD : Compression.NONE;
    }

    private static Optional<Charset> byMark(byte[] head) {
        if (starts(head, 0xef, 0xbb, 0xbf)) {
            return Optional.of(StandardCharsets.UTF_8);
        }
        if (starts(head, 0xff, 0xfe)) {
            return Optional.of(StandardCharsets.UTF_16LE);
        }
        return starts(head, 0xfe, 0xff) ? Optional.of(StandardCharsets.UTF_16BE) : Optional.empty();
    }

    private static int markLength(byte[] start) {
        return byMark(start).map(c -> c.equals(StandardCharsets.UTF_8) ? 3 : 2).orElse(0);
    }

    private static boolean starts(byte[] head, int... wanted) {
        byte[] bytes = new byte[wanted.length];
        for (int i = 0; i < wanted.length; i++) {
            bytes[i] = (byte) wanted[i];
        }
        return head.length >= bytes.length
                && Arrays.equals(head, 0, bytes.length, bytes, 0, bytes.length);
    }
}
