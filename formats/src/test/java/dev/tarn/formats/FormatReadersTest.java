package dev.tarn.formats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.model.graph.IngestSpec.Format;
import dev.tarn.model.table.Field;
import dev.tarn.spi.RowReaders;
import dev.tarn.spi.RowReaders.RowReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Avro, ORC and Excel files become rows; broken ones are refused. */
final class FormatReadersTest {
    @TempDir Path folder;
    private final RowReaders readers = new FormatReaders();

    @Test
    void avroFilesBecomeRows() throws IOException {
        Path file = folder.resolve("a.avro");
        SampleFiles.avro(file, 3000);

        List<List<@Nullable Object>> rows = rows(Format.AVRO, file);

        assertThat(columns(Format.AVRO, file))
                .containsExactly("id BIGINT", "name VARCHAR", "amount DOUBLE");
        assertThat(rows).hasSize(3000);
        assertThat(rows.subList(0, 2))
                .containsExactly(Arrays.asList(1L, "n1", 0.5), Arrays.asList(2L, null, 1.0));
    }

    @Test
    void orcFilesBecomeRows() throws IOException {
        Path file = folder.resolve("a.orc");
        SampleFiles.orc(file, 3000);

        List<List<@Nullable Object>> rows = rows(Format.ORC, file);

        assertThat(columns(Format.ORC, file))
                .containsExactly("id BIGINT", "name VARCHAR", "amount DOUBLE");
        assertThat(rows).hasSize(3000);
        assertThat(rows.subList(0, 2))
                .containsExactly(Arrays.asList(1L, "n1", 0.5), Arrays.asList(2L, null, 1.0));
    }

    @Test
    void excelSheetsBecomeRows() throws IOException {
        Path file = folder.resolve("a.xlsx");
        SampleFiles.excel(file, 5);

        List<List<@Nullable Object>> rows = rows(Format.EXCEL, file);

        assertThat(columns(Format.EXCEL, file))
                .containsExactly("id BIGINT", "name VARCHAR", "amount DOUBLE", "at TIMESTAMP");
        assertThat(rows).hasSize(5);
        assertThat(rows.get(1))
                .isEqualTo(Arrays.asList(2L, null, 1.0, LocalDateTime.of(2024, 1, 2, 12, 0)));
        assertThatThrownBy(() -> readers.open(Format.EXCEL, file, Map.of("sheet", "dat")))
                .hasMessage("a.xlsx has no sheet 'dat'; it has data, other. [FILE_CORRUPT]");
    }

    @Test
    void truncatedFilesAreRefused() throws IOException {
        Path avro = folder.resolve("a.avro");
        SampleFiles.avro(avro, 30_000);
        Path orc = folder.resolve("a.orc");
        SampleFiles.orc(orc, 3000);
        Path excel = folder.resolve("a.xlsx");
        SampleFiles.excel(excel, 20);
        for (Path file : List.of(avro, orc, excel)) {
            byte[] bytes = Files.readAllBytes(file);
            Files.write(file, Arrays.copyOf(bytes, bytes.length / 2));
        }

        assertThatThrownBy(() -> rows(Format.AVRO, avro)).hasMessageEndingWith("[FILE_CORRUPT]");
        assertThatThrownBy(() -> rows(Format.ORC, orc)).hasMessageEndingWith("[FILE_CORRUPT]");
        assertThatThrownBy(() -> rows(Format.EXCEL, excel)).hasMessageEndingWith("[FILE_CORRUPT]");
    }

    @Test
    void zstandardIsUnpacked() throws IOException {
        Path file = folder.resolve("a.zst");
        SampleFiles.zstd(file, "text");

        try (InputStream in = readers.zstd(Files.newInputStream(file))) {
            assertThat(in.readAllBytes()).asString().isEqualTo("text");
        }
    }

    @Test
    void otherFormatsAreLeftToTheEngine() {
        assertThat(readers.reads(Format.PARQUET)).isFalse();
        assertThatThrownBy(() -> readers.open(Format.CSV, folder, Map.of()))
                .hasMessage("Format CSV is read by the engine. [UNSUPPORTED]");
    }

    private List<String> columns(Format format, Path file) {
        try (RowReader reader = readers.open(format, file, Map.of())) {
            return reader.schema().fields().stream()
                    .map((Field f) -> f.name() + " " + f.type().sql())
                    .toList();
        }
    }

    private List<List<@Nullable Object>> rows(Format format, Path file) {
        try (RowReader reader = readers.open(format, file, Map.of())) {
            List<List<@Nullable Object>> rows = new ArrayList<>();
            List<@Nullable Object> row = reader.next();
            while (row != null) {
                rows.add(row);
                row = reader.next();
            }
            return rows;
        }
    }
}
