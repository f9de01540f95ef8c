package dev.tarn.model.table;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.model.table.FileOptions.BloomFilters;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** How lightly files are written when nobody says how. */
final class FileOptionsTest {
    private static FileOptions options(String codec, Optional<Integer> level) {
        return new FileOptions(
                codec, level, Optional.of(9000L), BloomFilters.ALL, Optional.of(0.5));
    }

    @Test
    void whatATableSaysHolds() {
        assertThat(options("zstd", Optional.empty()).lightly())
                .isEqualTo(options("zstd", Optional.of(1)));
        assertThat(options("zstd", Optional.of(9)).lightly())
                .isEqualTo(options("zstd", Optional.of(9)));
        assertThat(options("gzip", Optional.empty()).lightly())
                .isEqualTo(options("gzip", Optional.empty()));
    }
}
