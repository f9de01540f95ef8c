package dev.tarn.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;

/** Messages that say of themselves what cannot be. */
final class AvroReaderTest {
    private static byte[] message(Object... parts) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (Object part : parts) {
            if (part instanceof String text) {
                bytes.writeBytes(text.getBytes(StandardCharsets.UTF_8));
            } else {
                long number = ((Number) part).longValue();
                for (long n = (number << 1) ^ (number >> 63); ; n >>>= 7) {
                    bytes.write((int) (n > 0x7f ? (n & 0x7f) | 0x80 : n));
                    if (n >>> 7 == 0) {
                        break;
                    }
                }
            }
        }
        return bytes.toByteArray();
    }

    private static String read(String type, byte[] message) throws Undecodable {
        JsonBytes out = new JsonBytes();
        new AvroReader(
                        new Schema.Parser()
                                .parse(
                                        "{\"type\":\"record\",\"name\":\"r\",\"fields\":[{\"name\":\"v\",\"type\":%s}]}"
                                                .formatted(type)))
                .read(message, 0, out);
        return new String(out.copy(), StandardCharsets.UTF_8);
    }

    private static void assertRefused(String type, byte[] message, String reason) {
        assertThatThrownBy(() -> read(type, message))
                .isInstanceOf(Undecodable.class)
                .hasMessage(reason);
    }

    @Test
    void aLengthBehindTheEndOfTheMessageTakesNoMemory() throws Undecodable {
        String early = "the Avro value ends too early";
        for (long length : new long[] {4, 1_900_000_000, Long.MAX_VALUE, -1, Long.MIN_VALUE}) {
            assertRefused("\"string\"", message(length, "abc"), early);
            assertRefused("\"bytes\"", message(length, "abc"), early);
            assertRefused(
                    "{\"type\":\"map\",\"values\":\"int\"}", message(1, length, "abc"), early);
        }
        assertThat(read("\"string\"", message(3, "abc"))).isEqualTo("{\"v\":\"abc\"}");
        assertThat(read("\"string\"", message(0))).isEqualTo("{\"v\":\"\"}");
        assertThat(read("{\"type\":\"map\",\"values\":\"int\"}", message(1, 1, "k", 7, 0)))
                .isEqualTo("{\"v\":{\"k\":7}}");
    }

    @Test
    void aListOfNothingsIsNotWrittenOut() {
        assertRefused(
                "{\"type\":\"array\",\"items\":\"null\"}",
                message(2_000_000_000, 0),
                "the Avro value has a list of more items than bytes");
    }

    @Test
    void aValueThatIsNestedTooDeeplyIsRefused() {
        Object[] nested = Collections.nCopies(1_000_000, 1).toArray();
        assertRefused("[\"null\",\"r\"]", message(nested), "the Avro value is nested too deeply");
    }
}
