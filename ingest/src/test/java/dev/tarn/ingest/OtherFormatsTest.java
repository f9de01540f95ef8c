package dev.tarn.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.formats.FormatReaders;
import dev.tarn.formats.SampleFiles;
import dev.tarn.ingest.Landing.Settled;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Formats that row readers read land like all others. */
final class OtherFormatsTest {
    @TempDir Path folder;

    @Test
    void avroOrcExcelAndZstandardLandTogether() throws IOException {
        Path in = Files.createDirectories(folder.resolve("in"));
        SampleFiles.avro(in.resolve("a.avro"), 3);
        SampleFiles.orc(in.resolve("b.orc"), 3);
        SampleFiles.excel(in.resolve("c.xlsx"), 3);
        SampleFiles.zstd(in.resolve("d.csv.zst"), "id,name,amount\n1,x,2.5\n");
        SampleFiles.avro(in.resolve("wrong-name.csv"), 3);
        try (IngestHarness source = new IngestHarness(folder, new FormatReaders())) {
            Settled settled = source.run();

            assertThat(source.columns())
                    .containsExactly("id BIGINT", "name VARCHAR", "amount DOUBLE", "at TIMESTAMP");
            assertThat(settled.files())
                    .extracting(f -> f.rows())
                    .containsExactly(3L, 3L, 3L, 1L, 3L);
            assertThat(source.rows().get(1).subList(0, 3)).isEqualTo(Arrays.asList(2L, null, 1.0));
            assertThat(source.rows()).hasSize(13);
        }
    }

    @Test
    void truncatedFilesAreKeptApartAsAWhole() throws IOException {
        Path in = Files.createDirectories(folder.resolve("in"));
        SampleFiles.avro(in.resolve("a.avro"), 30_000);
        SampleFiles.orc(in.resolve("b.orc"), 3000);
        SampleFiles.excel(in.resolve("c.xlsx"), 20);
        SampleFiles.zstd(in.resolve("d.csv.zst"), "id\n" + "1\n2\n3\n".repeat(1000));
        for (String name : new String[] {"a.avro", "b.orc", "c.xlsx", "d.csv.zst"}) {
            byte[] bytes = Files.readAllBytes(in.resolve(name));
            Files.write(in.resolve(name), Arrays.copyOf(bytes, bytes.length / 2));
        }
        SampleFiles.avro(in.resolve("e.avro"), 3);
        try (IngestHarness source = new IngestHarness(folder, new FormatReaders())) {
            Settled settled = source.run();

            assertThat(settled.quarantined()).isEqualTo(4);
            assertThat(source.rows()).hasSize(3);
        }
    }
}
