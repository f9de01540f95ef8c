package dev.tarn.project;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.duckdb.DuckDbConfig;
import dev.tarn.duckdb.DuckDbEngine;
import dev.tarn.spi.Engine;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@TestInstance(Lifecycle.PER_CLASS)
class CachedCompileTest {
    private static final int EDITS = Integer.getInteger("tarn.cache.edits", 15);

    private Path folder;
    private Engine engine;

    @BeforeAll
    void open(@TempDir Path shared) {
        folder = shared;
        engine = DuckDbEngine.open(DuckDbConfig.defaults(folder.resolve("spill")));
    }

    @AfterAll
    void close() {
        engine.close();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void whatIsRememberedChangesNothing(long seed) throws IOException {
        RandomProject project = new RandomProject(folder.resolve("project" + seed), seed);
        Path file = folder.resolve("cache" + seed);
        List<String> done = new ArrayList<>(List.of("fresh"));
        for (int i = 0; i <= EDITS; i++) {
            CompileCache cache = CompileCache.open(file, "this program");
            Outcome remembered =
                    Outcome.of(project.request().withCache(cache), engine, project.sources, 3);
            cache.save();
            Outcome fresh = Outcome.of(project.request(), engine, project.sources, 1);
            assertThat(remembered.differences(fresh))
                    .as(() -> "seed " + seed + " after " + done)
                    .isEmpty();
            if (Files.exists(file)) {
                assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
                        .doesNotContain("s3cr3t");
            }
            done.add(project.edit());
        }
    }
}
