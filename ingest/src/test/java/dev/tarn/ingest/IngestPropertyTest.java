package dev.tarn.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.formats.FormatReaders;
import dev.tarn.ingest.Landing.Settled;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever files hold, every row is landed or kept apart, and none is doubled. */
final class IngestPropertyTest {
    @TempDir Path folder;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void dirtyTextIsAccountedFor(long seed) throws IOException {
        Random random = new Random(seed);
        try (IngestHarness source = new IngestHarness(folder, new FormatReaders())) {
            source.types(Map.of("id", "BIGINT", "amount", "DOUBLE", "day", "DATE"));
            int good = 0;
            int bad = 0;
            StringBuilder csv = new StringBuilder("id,name,amount,day\n");
            StringBuilder lines = new StringBuilder();
            for (int i = 0; i < 2000; i++) {
                boolean broken = random.nextInt(10) == 0;
                csv.append(broken ? badRecord(random, i) : goodRecord(random, i)).append('\n');
                lines.append(broken ? badLine(random, i) : goodLine(i)).append('\n');
                good += broken ? 0 : 2;
                bad += broken ? 2 : 0;
            }
            source.file("a.csv", csv.toString());
            source.file("b.ndjson", lines.toString());

            Settled settled = source.run();

            assertThat(source.rows()).hasSize(good);
            assertThat(source.quarantine()).hasSize(bad);
            assertThat(settled.quarantined()).isEqualTo(bad);
            assertThat(settled.files().stream().mapToLong(f -> f.rows()).sum()).isEqualTo(good);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {11, 12, 13, 14, 15, 16})
    void randomAndTruncatedBytesNeverStopABatch(long seed) throws IOException {
        Random random = new Random(seed);
        byte[] packed = FileIngestTest.gzip("id,name\n1,x\n".repeat(500));
        String[] names = {"a.csv", "b.ndjson", "c.json", "d.parquet", "e.avro", "f.orc", "g.xlsx"};
        try (IngestHarness source = new IngestHarness(folder, new FormatReaders())) {
            for (String name : names) {
                byte[] bytes = new byte[random.nextInt(5000)];
                random.nextBytes(bytes);
                source.file(name, bytes);
            }
            source.file("h.csv.gz", Arrays.copyOf(packed, random.nextInt(packed.length)));
            byte[] damaged = packed.clone();
            damaged[random.nextInt(damaged.length)] ^= 0x55;
            source.file("i.csv.gz", damaged);
            source.file("z.csv", "id\n1\n");

            Settled settled = source.run();

            assertThat(settled.files()).hasSize(10);
            assertThat(settled.files().getLast().rows()).isEqualTo(1);
            assertThat(source.rows())
                    .hasSize((int) settled.files().stream().mapToLong(f -> f.rows()).sum());
            assertThat(source.quarantine()).hasSize((int) settled.quarantined());
        }
    }

    @Test
    void manySmallFilesAreOneBatch() throws IOException {
        try (IngestHarness source = new IngestHarness(folder, new FormatReaders())) {
            for (int i = 0; i < 2000; i++) {
                source.file("f%04d.csv".formatted(i), "id,name\n%d,x\n%d,y\n".formatted(i, i + 1));
            }

            Settled settled = source.run();

            assertThat(settled.files()).hasSize(2000).allMatch(f -> f.rows() == 2);
            assertThat(settled.positions()).hasSize(2000);
            assertThat(source.rows()).hasSize(4000);
        }
    }

    private static String goodRecord(Random random, int i) {
        String name = random.nextBoolean() ? "\"a, \"\"" + i + "\"\"\nb\"" : "n" + i;
        return String.format(Locale.ROOT, "%d,%s,%.2f,2024-01-%02d", i, name, i / 4.0, i % 28 + 1);
    }

    private static String badRecord(Random random, int i) {
        return switch (random.nextInt(5)) {
            case 0 -> i + ",short";
            case 1 -> i + ",n,1.5,2024-01-01,extra";
            case 2 -> "x" + i + ",n,1.5,2024-01-01";
            case 3 -> i + ",n,1.5,2024-02-31";
            default -> i + ",\"n\"x,1.5,2024-01-01";
        };
    }

    private static String goodLine(int i) {
        return "{\"id\": %d, \"name\": \"n\\n%d\", \"amount\": %d.5}".formatted(i, i, i);
    }

    private static String badLine(Random random, int i) {
        return switch (random.nextInt(5)) {
            case 0 -> "{\"id\": " + i;
            case 1 -> "[" + i + "]";
            case 2 -> "{\"id\": \"x\"}";
            case 3 -> "{\"id\": 1, \"id\": 2}";
            default ->
                    new String(
                            "{\"id\": 1} \u0000".getBytes(StandardCharsets.UTF_8),
                            StandardCharsets.UTF_8);
        };
    }
}
