package dev.tarn.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.spi.KeptAnswers;
import dev.tarn.spi.KeptAnswers.Kept;
import dev.tarn.spi.TestClock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Answers to requests that are sent again. */
final class KeptAnswersTest {
    private static final Duration KEPT = Duration.ofMinutes(30);

    @TempDir Path folder;

    private final TestClock clock = TestClock.at("2026-01-01T00:00:00Z");
    private StateStore store;

    @BeforeEach
    void open() {
        store = StateStore.open(StateConfig.Sqlite.at(folder.resolve("catalog.db")), clock);
    }

    @AfterEach
    void close() {
        store.close();
    }

    private void keep(String key, String request, String body) {
        Instant now = clock.instant();
        Kept answer =
                new Kept(
                        request,
                        200,
                        Map.of("content-type", "application/json", "etag", "\"ä\""),
                        body.getBytes(StandardCharsets.UTF_8));
        store.answers().keep(key, answer, now, now.plus(KEPT));
    }

    private Optional<String> found(String key) {
        return store.answers()
                .find(key, clock.instant())
                .map(a -> a.request() + " " + new String(a.body(), StandardCharsets.UTF_8));
    }

    @Test
    void theFirstAnswerStaysThroughARestartUntilItsTimeIsOver() {
        keep("a", "POST /x", "{\"one\": \"ü\"}");
        keep("a", "POST /x", "another");
        close();
        open();

        assertThat(found("a")).contains("POST /x {\"one\": \"ü\"}");
        KeptAnswers.Kept kept = store.answers().find("a", clock.instant()).orElseThrow();
        assertThat(kept.status()).isEqualTo(200);
        assertThat(kept.headers())
                .isEqualTo(Map.of("content-type", "application/json", "etag", "\"ä\""));
        assertThat(found("b")).isEmpty();

        clock.move(KEPT);
        assertThat(found("a")).isEmpty();
        keep("a", "POST /y", "");
        assertThat(found("a")).contains("POST /y ");
    }

    @Test
    void theOldestGoWhenThereAreTooMany() {
        for (int i = 0; i < 2_301; i++) {
            keep("k" + i, "r", "b");
            clock.move(Duration.ofMillis(1));
        }

        assertThat(found("k0")).isEmpty();
        assertThat(found("k200")).isEmpty();
        assertThat(found("k2300")).contains("r b");
        assertThat(found("k400")).contains("r b");
    }
}
