package dev.tarn.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.formats.FormatReaders;
import dev.tarn.model.graph.IngestSpec.Format;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Files whose lines the engine reads land as they do record by record, which a line that ends in
 * another way than the others brings about.
 */
final class EngineLinesTest {
    private static final String[] VALUES = {
        "1",
        "-7",
        "-0",
        "12.50",
        "12.5",
        "0.00001",
        "1e3",
        "15e-1",
        "1234567890123456789",
        "123456789012345678901",
        "0.1234567890123456789",
        "true",
        "null",
        "\"\"",
        "\"x\"",
        "\" y \"",
        "\"a\\nb\\u00e9\\ud83d\\ude00\"",
        "\"\\ud800\"",
        "\"2024-01-01\"",
        "\"2024-01-01T10:11:12Z\"",
        "\"1\\/2\"",
        "\"ä\"",
        "[]",
        "[1,2]",
        "[1, 2.50]",
        "{\"k\":1}",
        "{\"k\": {\"l\":[\"m\"]}}",
        "{\"k\":1,\"k\":2}",
        "01",
        "1.",
        "tru",
        "\"\\x\"",
        "\"open",
    };
    private static final String[] LINES = {
        "",
        "  ",
        "\t",
        "42",
        "{}",
        "{\"a\":1",
        "{\"a\":1}}",
        "{\"a\":1,}",
        "{\"a\":1,\"a\":2}",
        "{\"e\":1, \"d\" : 2 }",
        "{\"a\\u0062\":1}",
        "<html>",
    };

    @TempDir Path folder;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void linesOfJsonLandAsTheyDoRecordByRecord(long seed) throws IOException {
        Random random = new Random(seed);
        String end = seed % 4 == 0 ? "\r\n" : "\n";
        int variety = seed % 2 == 0 ? VALUES.length : 5;
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 1200; i++) {
            boolean odd = random.nextInt(40) == 0 && i < 1199;
            text.append(odd ? LINES[random.nextInt(LINES.length)] : mostly(random, i, variety));
            text.append(i < 1199 || seed % 3 == 0 ? end : "");
        }
        Map<String, String> types =
                seed < 4 ? Map.of("a", "BIGINT", "b", "DECIMAL(12,2)", "c", "DOUBLE") : Map.of();
        requireSame("x.ndjson", text.toString(), types, seed);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void delimitedLinesLandAsTheyDoRecordByRecord(long seed) throws IOException {
        Random random = new Random(seed);
        String[] fields = {"1", "x", "", "2.50", "2024-01-01", "007", "\"q\"", "\"a,b\"", "it\"s"};
        String[] odd = {
            "",
            " ",
            "1",
            "1,2,3,4",
            "1,2,3,",
            "\"x\"y,2,3",
            "\t,\t,ü",
            "1,\"\",\"\"",
            "1,\"a\"\"b\",",
            "8,\"a@@b\",",
            "8,9,\"a@@\"\"b,c\"\"@d\"",
            "8,\"a@@b\"",
            "9,\"5\",\"2024-01-02\"",
            ",,",
        };
        String end = seed % 2 == 0 ? "\r\n" : "\n";
        StringBuilder text = new StringBuilder("id,n,m" + end);
        for (int i = 0; i < 1200; i++) {
            String line = i + "," + pick(random, fields) + "," + pick(random, fields);
            boolean plain = random.nextInt(8) > 0 || i == 1199;
            String all = random.nextInt(40) == 0 ? pick(random, odd).replace("@", end) : line;
            text.append(plain ? i + ",12,2024-01-02" : all);
            text.append(i < 1199 || seed % 3 == 0 ? end : "");
        }
        Map<String, String> types =
                seed < 3
                        ? Map.of("n", "BIGINT", "m", "DATE")
                        : seed < 5 ? Map.of("n", "DECIMAL(3,1)", "m", "TIMESTAMPTZ") : Map.of();
        requireSame("x.csv", text.toString(), types, seed);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void valuesOfAnyKindLandAsTheyDoRecordByRecord(long seed) throws IOException {
        Random random = new Random(seed);
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < 1200; i++) {
            text.append(mostly(random, i, VALUES.length)).append('\n');
        }
        requireSame("x.ndjson", text.toString(), Map.of("a", "VARIANT", "b", "VARIANT"), seed);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\r\n"})
    void aVariantKeepsWhatKindOfValueItIs(String end) throws IOException {
        try (IngestHarness source = new IngestHarness(folder, new FormatReaders())) {
            source.types(Map.of("v", "VARIANT"));
            source.file(
                    "a.ndjson",
                    """
                    {"v":"123"}
                    {"v":123}
                    {"v":"text with \\"quotes\\""}
                    {"v":""}
                    {"v":true}
                    {"v":null}
                    {"v":{"a":[1,"1"]}}
                    {}
                    """
                            + end);

            source.run();

            assertThat(source.rows())
                    .extracting(List::getFirst)
                    .containsExactly(
                            "123",
                            123L,
                            "text with \"quotes\"",
                            "",
                            true,
                            null,
                            Map.of("a", List.of(1L, "1")),
                            null);
            assertThat(source.quarantine()).isEmpty();
        }
    }

    @Test
    void aFirstLineThatIsAnObjectIsNoHeaderWhateverTheNameSays() throws IOException {
        try (IngestHarness source = new IngestHarness(folder, new FormatReaders())) {
            source.file("a.csv", "{\"id\":1}\n{\"id\":2}\n");
            source.file("b.csv", "{\"id\":3}");

            source.run();

            assertThat(source.rows()).extracting(List::getFirst).containsExactly(1L, 2L, 3L);
            assertThat(source.quarantine()).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\r\n"})
    void numbersThatAreTooLargeForANumberStayText(String end) throws IOException {
        try (IngestHarness source = new IngestHarness(folder, new FormatReaders())) {
            source.file(
                    "a.ndjson",
                    """
                    {"a":1,"b":1234567890123456789,"c":1e400,"d":1e30}
                    {"a":123456789012345678901234567890,"b":1,"c":1.5,"d":2}
                    """
                            + end);

            source.run();

            assertThat(source.columns())
                    .containsExactly("a VARCHAR", "b VARCHAR", "c VARCHAR", "d DOUBLE");
            assertThat(source.rows())
                    .extracting(r -> r.subList(0, 4))
                    .containsExactly(
                            List.of("1", "1234567890123456789", "1e400", 1e30),
                            List.of("123456789012345678901234567890", "1", "1.5", 2.0));
        }
    }

    @Test
    void filesAreReadTogetherWithTheirOwnLineNumbers() throws IOException {
        try (IngestHarness source = new IngestHarness(folder, new FormatReaders())) {
            source.file("a.ndjson", "{\"id\":1}\n\n{\"id\":2}\n\n");
            source.file("b.ndjson", "{\"id\":3,\"x\":\"y\"}\r\n{\"id\":\r\n{\"id\":4}");
            source.file("c.ndjson", FileIngestTest.gzip("{\"id\":5}\n{\"id\":6}\n"));
            source.file("d.csv", "id,x\n7,p\n8,q");
            source.file("e.csv", "x,id\n\nr,9\n");
            source.file("f.ndjson", "{\"ID\":10}\n");
            source.file("g*.ndjson", "{\"id\":11}\n");

            source.run();

            assertThat(source.columns()).containsExactly("id BIGINT", "x VARCHAR");
            assertThat(source.rows())
                    .extracting(r -> r.get(2) + " " + r.get(3) + " " + r.get(0) + " " + r.get(1))
                    .containsExactly(
                            "in/a.ndjson 1 1 null",
                            "in/a.ndjson 3 2 null",
                            "in/b.ndjson 1 3 y",
                            "in/b.ndjson 3 4 null",
                            "in/c.ndjson 1 5 null",
                            "in/c.ndjson 2 6 null",
                            "in/d.csv 2 7 p",
                            "in/d.csv 3 8 q",
                            "in/e.csv 3 9 r",
                            "in/f.ndjson 1 10 null",
                            "in/g*.ndjson 1 11 null");
            assertThat(source.quarantine()).hasSize(1);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-8", "ISO-8859-1", "UTF-16LE", "UTF-16BE"})
    void valuesOfRecordsThatOnlyWeTakeApartArriveUnharmed(String encoding) throws IOException {
        String text =
                "id,v,w\n"
                        + "1,\"\\, \u00e9 and \"\"quotes\"\"\",\"\"\n"
                        + "2,a\u0000b\u001fc,\u0007\n"
                        + "3,\"two\r\nlines\",\"null\"\n"
                        + "4,,\"[1,\"\"x\"\"]\"\n";
        try (IngestHarness source = new IngestHarness(folder, new FormatReaders())) {
            source.options(Map.of("encoding", encoding));
            source.file("a.csv", text.getBytes(Charset.forName(encoding)));
            source.file("b.csv.gz", FileIngestTest.gzip(text, Charset.forName(encoding)));

            source.run();

            for (List<List<@Nullable Object>> rows :
                    List.of(source.rows().subList(0, 4), source.rows().subList(4, 8))) {
                assertThat(rows)
                        .extracting(r -> r.subList(0, 3))
                        .containsExactly(
                                List.of(1L, "\\, \u00e9 and \"quotes\"", ""),
                                List.of(2L, "a\u0000b\u001fc", "\u0007"),
                                List.of(3L, "two\r\nlines", "null"),
                                Arrays.asList(4L, null, "[1,\"x\"]"));
            }
            assertThat(source.quarantine()).isEmpty();
        }
    }

    private void requireSame(String name, String text, Map<String, String> types, long seed)
            throws IOException {
        List<Object> lines = landed("lines", name, text, types);
        List<Object> records = landed("records", name, byRecord(text), types);
        assertThat(lines).as("seed %d", seed).isEqualTo(records);
        assertThat(isReadByLine("lines", name)).isTrue();
        assertThat(isReadByLine("records", name)).isFalse();
    }

    /** The same records in a file that is not read by its lines. */
    private static String byRecord(String text) {
        String end = text.contains("\r\n") ? "\r\n" : "\n";
        return (text.endsWith(end) ? text : text + end) + (end.equals("\n") ? "\r\n" : "\n");
    }

    private boolean isReadByLine(String project, String name) throws IOException {
        FormatReaders readers = new FormatReaders();
        FileContent content =
                FileContent.of(
                        folder.resolve(project).resolve("in").resolve(name),
                        StandardCharsets.UTF_8,
                        readers);
        Format format = name.endsWith(".csv") ? Format.CSV : Format.NDJSON;
        IngestOptions options =
                new IngestOptions(Optional.empty(), '"', '"', true, "", StandardCharsets.UTF_8);
        return new LineScanner(readers, options, Map.of()).scan(content, format).isPresent();
    }

    private List<Object> landed(String project, String name, String text, Map<String, String> types)
            throws IOException {
        Path own = folder.resolve(project);
        try (IngestHarness source = new IngestHarness(own, new FormatReaders())) {
            source.types(types).file(name, text.getBytes(StandardCharsets.UTF_8));
            source.run();
            List<Object> all = new ArrayList<>(source.columns());
            all.addAll(source.rows());
            all.addAll(source.quarantine());
            return all;
        }
    }

    /** Few lines of a file may be odd if the others are to be left to the engine. */
    private static String mostly(Random random, int i, int variety) {
        return random.nextInt(8) == 0 && i < 1199
                ? object(random, i, variety)
                : "{\"id\":%d,\"a\":%d,\"b\":1.5,\"c\":\"c%d\",\"d\":[1]}".formatted(i, i % 7, i);
    }

    private static String object(Random random, int i, int variety) {
        StringBuilder object = new StringBuilder("{\"id\":" + i);
        for (String key : List.of("a", "b", "c", "d")) {
            if (random.nextInt(4) > 0) {
                object.append(random.nextInt(9) == 0 ? ", \"" : ",\"").append(key).append("\":");
                int least = key.charAt(0) - 'a';
                object.append(VALUES[(least * 7 + random.nextInt(variety)) % VALUES.length]);
            }
        }
        return object.append('}').toString();
    }

    private static String pick(Random random, String[] from) {
        return from[random.nextInt(from.length)];
    }
}
