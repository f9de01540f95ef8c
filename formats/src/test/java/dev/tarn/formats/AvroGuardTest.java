package dev.tarn.formats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.model.graph.IngestSpec.Format;
import dev.tarn.spi.RowReaders.RowReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Container files of Avro that say of themselves what cannot be; none of it is made room for. */
final class AvroGuardTest {
    private static final long HUGE = 1_900_000_000;
    private static final String SYNC = "0123456789abcdef";
    private static final String TEXT = "a damaged file is any number";

    private final FormatReaders readers = new FormatReaders();

    @TempDir Path folder;

    private static byte[] bytes(Object... parts) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (Object part : parts) {
            switch (part) {
                case String text -> bytes.writeBytes(text.getBytes(StandardCharsets.UTF_8));
                case byte[] some -> bytes.writeBytes(some);
                default -> number(((Number) part).longValue(), bytes);
            }
        }
        return bytes.toByteArray();
    }

    private static void number(long value, ByteArrayOutputStream out) {
        long left = (value << 1) ^ (value >> 63);
        while (left > 0x7f) {
            out.write((int) (left & 0x7f) | 0x80);
            left >>>= 7;
        }
        out.write((int) left);
    }

    private static byte[] header(String type) {
        String schema =
                "{\"type\":\"record\",\"name\":\"r\",\"fields\":[{\"name\":\"v\",\"type\":%s}]}"
                        .formatted(type);
        return bytes("Obj\1", 1, 11, "avro.schema", schema.length(), schema, 0, SYNC);
    }

    private static byte[] block(Object... value) {
        byte[] bytes = bytes(value);
        return bytes(1, bytes.length, bytes, SYNC);
    }

    private Object read(Object... parts) throws IOException {
        Path file = Files.write(folder.resolve("a.avro"), bytes(parts));
        try (RowReader reader = readers.open(Format.AVRO, file, Map.of())) {
            Object row = reader.next();
            assertThat(reader.next()).isNull();
            return String.valueOf(row);
        }
    }

    private void assertRefused(String message, Object... parts) {
        assertThatThrownBy(() -> read(parts)).hasMessage(message);
    }

    @Test
    void aLengthInAValueIsHeldAgainstItsBlock() throws IOException {
        String longer =
                "a.avro is no whole Avro file: a value is longer than its block. [FILE_CORRUPT]";
        for (long length : new long[] {TEXT.length() + 1, HUGE, Long.MAX_VALUE, -1}) {
            assertRefused(longer, header("\"string\""), block(length, TEXT));
            assertRefused(longer, header("\"bytes\""), block(length, TEXT));
        }
        assertRefused(
                "a.avro is no whole Avro file: a list has more items than its block has bytes."
                        + " [FILE_CORRUPT]",
                header("{\"type\":\"array\",\"items\":\"null\"}"),
                block(HUGE, 0));
        assertThat(read(header("\"string\""), block(TEXT.length(), TEXT)))
                .isEqualTo("[" + TEXT + "]");
        assertThat(
                        read(
                                header("{\"type\":\"array\",\"items\":\"string\"}"),
                                block(2, 1, "a", 1, "b", 0)))
                .isEqualTo("[[a, b]]");
        assertThat(read(header("{\"type\":\"map\",\"values\":\"int\"}"), block(1, 1, "k", 7, 0)))
                .isEqualTo("[{k=7}]");
    }

    @Test
    void aLengthOfABlockOrInTheHeaderIsHeldAgainstTheFile() {
        String cut =
                "a.avro is no whole Avro file: it breaks off in the middle of a block, or is"
                        + " damaged. [FILE_CORRUPT]";
        assertRefused(cut, header("\"string\""), bytes(1, HUGE), TEXT);
        assertRefused(cut, header("\"string\""), bytes(1, -HUGE), TEXT);
        assertRefused(cut, "Obj\1", 1, HUGE, TEXT);
        assertRefused(cut, "Obj\1", Long.MIN_VALUE, 0, TEXT);
    }

    @Test
    void aRecordThatContainsItselfIsNoColumn() {
        assertRefused(
                "Column 'v' of a.avro has the type record that contains itself, which no table"
                        + " can hold. [UNSUPPORTED]",
                header("[\"null\",\"r\"]"),
                block(0));
    }
}
