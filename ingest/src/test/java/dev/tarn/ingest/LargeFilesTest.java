package dev.tarn.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.formats.FormatReaders;
import dev.tarn.ingest.Landing.Settled;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of which several are read at the same time. */
final class LargeFilesTest {
    private static final int LINES = 40_000;

    @TempDir Path folder;
    private IngestHarness source;

    @BeforeEach
    void open() {
        source = new IngestHarness(folder, new FormatReaders());
    }

    @AfterEach
    void close() {
        source.close();
    }

    @Test
    void thousandsOfColumnsLandWithATypeOfTheirOwnEach() throws IOException {
        int columns = 4000;
        List<String> head = new ArrayList<>();
        List<String> values = new ArrayList<>();
        List<Object> wanted = new ArrayList<>();
        for (int i = 0; i < columns; i++) {
            head.add("c" + i);
            values.add(i % 4 == 0 ? "t" + i : Integer.toString(i));
            wanted.add(i % 4 == 0 ? "t" + i : (Object) (long) i);
        }
        source.file(
                "wide.csv",
                String.join(",", head)
                        + "\n"
                        + String.join(",", values)
                        + "\n"
                        + ",".repeat(columns - 1)
                        + "\n");

        Settled settled = source.run();

        assertThat(settled.quarantined()).isZero();
        assertThat(source.rows()).hasSize(2);
        assertThat(source.rows().getFirst()).containsAll(wanted).doesNotContainNull();
        assertThat(Collections.frequency(source.rows().getLast(), null)).isEqualTo(columns);
    }

    @Test
    void linesKeepTheirNumbersWhenFilesAreReadAtTheSameTime() throws IOException {
        source.types(Map.of("n", "BIGINT", "at", "TIMESTAMPTZ"));
        for (String name : List.of("a", "b", "c", "d")) {
            source.file(name + ".ndjson", events());
        }
        source.file("e.ndjson", FileIngestTest.gzip(events()));

        Settled settled = source.run();

        assertThat(source.rows()).hasSize(5 * (LINES - 3));
        assertThat(source.rows())
                .allSatisfy(row -> assertThat(row.getFirst()).isEqualTo(row.getLast()));
        assertThat(settled.quarantined()).isEqualTo(15);
        assertThat(source.quarantine().subList(0, 3))
                .containsExactly(
                        List.of(
                                "in/a.ndjson",
                                101L,
                                "at",
                                "'the day after' is no TIMESTAMPTZ",
                                "{\"n\":101,\"at\":\"the day after\"}"),
                        List.of(
                                "in/a.ndjson",
                                20_000L,
                                "n",
                                "'7.5' is no BIGINT",
                                "{\"n\":7.5,\"at\":\"2026-03-01T00:00:00Z\"}"),
                        java.util.Arrays.asList(
                                "in/a.ndjson",
                                (long) LINES,
                                null,
                                "the record is not valid JSON: it lacks a name in quotes at"
                                        + " character 12",
                                "{\"n\":40000,"));
    }

    @Test
    void theLastOfManyLinesDecidesAType() throws IOException {
        source.file("a.csv", "id,n\n" + numbers(300_000) + "x,1");

        source.run();

        assertThat(source.columns()).containsExactly("id VARCHAR", "n BIGINT");
        assertThat(source.rows()).hasSize(300_001);
        assertThat(source.quarantine()).isEmpty();
    }

    @Test
    void packedDelimitedFilesLandWithTheirLineNumbers() throws IOException {
        source.file("a.csv", FileIngestTest.gzip("id,n\n" + numbers(100_000)));
        source.file("b.csv", ("id,n\n" + numbers(5)).replace('\n', '\r'));

        source.run();

        assertThat(source.columns()).containsExactly("id BIGINT", "n BIGINT");
        assertThat(source.rows()).hasSize(100_005);
        assertThat(source.rows())
                .allSatisfy(row -> assertThat(row.getFirst()).isEqualTo((Long) row.getLast() - 2));
    }

    @Test
    void recordsOfSeveralLinesAreLeftOutOfTheOthers() throws IOException {
        source.types(Map.of("id", "BIGINT"));
        StringBuilder text = new StringBuilder("id,note\n");
        for (int i = 2; i < LINES; i += 8) {
            for (int plain = 0; plain < 5; plain++) {
                text.append(i + plain).append(",plain\n");
            }
            text.append(i + 5).append(",\"first\n\nthird\"\n");
        }
        source.file("a.csv", text.toString());

        source.run();

        assertThat(source.rows()).hasSize(LINES / 8 * 6);
        assertThat(source.rows())
                .allSatisfy(row -> assertThat(row.getFirst()).isEqualTo(row.getLast()));
        assertThat(source.rows().get(5)).contains("first\n\nthird");
    }

    @Test
    void columnsWithManyValuesThatMayNotFitAreLeftToTheEngine() throws IOException {
        source.types(Map.of("day", "DATE"));
        StringBuilder text = new StringBuilder("id,day\n");
        for (int i = 2; i < 5000; i++) {
            text.append(i).append(i % 10 == 0 ? ",never\n" : ",2024-3-1\n");
        }
        source.file("a.csv", text.toString());

        source.run();

        assertThat(source.columns()).containsExactly("id BIGINT", "day DATE");
        assertThat(source.rows()).hasSize(4499);
        assertThat(source.quarantine()).hasSize(499);
        assertThat(source.quarantine().getFirst())
                .containsExactly("in/a.csv", 10L, "day", "'never' is no DATE", "10,never");
    }

    @Test
    void aLaterBatchIsCastToWhatTheTableHas() throws IOException {
        source.file("a.csv", "id,n,day,note\n1,1,2024-01-01,7\n2,2.5,2024-01-02,x\n");
        source.run();
        source.file("b.csv", "id,n,day,note\n3,4,2024-01-03,5\nx,5,2024-01-04,6\n");
        source.file("c.ndjson", "{\"id\":5,\"n\":\"6.5\",\"day\":\"2024-01-05\",\"note\":true}\n");

        source.run();

        assertThat(source.columns())
                .containsExactly("id BIGINT", "n DOUBLE", "day DATE", "note VARCHAR");
        assertThat(source.rows()).hasSize(4);
        assertThat(source.quarantine())
                .containsExactly(
                        List.of("in/b.csv", 3L, "id", "'x' is no BIGINT", "x,5,2024-01-04,6"));
    }

    @Test
    void objectsInListsKeepTheirParts() throws IOException {
        source.file(
                "a.ndjson",
                "{\"l\":[{\"p\":1},{\"p\":2,\"q\":\"x\"}]}\n{\"l\":[]}\n{\"l\":[{\"p\":null}]}\n");

        source.run();

        assertThat(source.columns()).containsExactly("l STRUCT(\"p\" BIGINT, \"q\" VARCHAR)[]");
        assertThat(source.rows()).hasSize(3);
    }

    private static String events() {
        StringBuilder text = new StringBuilder();
        for (int i = 1; i < LINES; i++) {
            String at = i == 101 ? "the day after" : "2026-03-01T00:00:00Z";
            String n = i == 20_000 ? "7.5" : Integer.toString(i);
            text.append("{\"n\":").append(n).append(",\"at\":\"").append(at).append("\"}\n");
        }
        return text.append("{\"n\":").append(LINES).append(',').toString();
    }

    private static String numbers(int count) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < count; i++) {
            text.append(i).append(',').append(i % 7).append('\n');
        }
        return text.toString();
    }

    /** Only its beginning is kept, and the records behind it land. */
    @Test
    void aRecordThatIsTooLongGoesToQuarantine() throws IOException {
        String half = "é".repeat(1_500_000);
        source.file(
                "a.csv",
                "id,text\n1,a\n2,%1$s%1$s\n3,\"%1$s%1$s\"\n4,\"%1$s\n%1$s\"\n5,e\n"
                        .formatted(half));

        source.run();

        assertThat(source.rows()).extracting(row -> row.getFirst()).containsExactly(1L, 5L);
        assertThat(source.quarantine())
                .extracting(row ->
                        row.get(1) + ": " + row.get(3) + ", " + String.valueOf(row.get(4)).length())
                .containsExactly(
                        "3: the record is longer than 4 MiB, 2097153",
                        "4: the record is longer than 4 MiB, 2097154",
                        "5: the record has a quote that is not closed in 4 MiB, 1500003",
                        "6: the record has 1 field where the header has 2, 1500001");
    }

    /** Nothing of such a file can land, and it keeps no other from landing. */
    @Test
    void aHeaderThatIsNoneGoesToQuarantineWithItsFile() throws IOException {
        source.file("few.csv", "id\n1\n");
        source.file("long.csv", "name".repeat(2_000_000) + "\n1\n");
        source.file("open.csv", "id,\"text\n1,a\n");
        source.file("wide.csv", ",".repeat(999_999) + "\n" + ",".repeat(999_999) + "\n");

        source.run();

        assertThat(source.columns()).containsExactly("id BIGINT");
        assertThat(source.rows()).hasSize(1);
        assertThat(source.quarantine())
                .extracting(row -> row.get(0) + ", " + row.get(1) + ": " + row.get(3))
                .containsExactly(
                        "in/long.csv, null: the header is longer than 4 MiB",
                        "in/open.csv, null: the header has a quote that is never closed",
                        "in/wide.csv, null: the file has 1,000,000 columns, and a table may have 10,000");
    }
}
