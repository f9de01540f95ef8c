package dev.tarn.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.http.KeyLog.Landed;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Keys are found as long as they are kept, in few positions that are seldom written. */
final class KeyLogTest {
    private static final Instant BEGIN = Instant.parse("2026-11-21T12:00:00Z");
    private static final Duration DAY = Duration.ofDays(1);

    private final Map<String, String> positions = new HashMap<>();
    private long written;

    private KeyLog read() {
        KeyLog log = new KeyLog();
        log.follow(positions);
        return log;
    }

    private void add(String key, Instant now) {
        read().adding(List.of(new Landed(key, "b" + key, 3)), now, DAY)
                .forEach((part, value) -> {
                    value.ifPresentOrElse(
                            v -> positions.put(part, v), () -> positions.remove(part));
                    written += value.map(String::length).orElse(0);
                });
    }

    @Test
    void manyKeysAreFewPositions() {
        for (int i = 0; i < 2_000; i++) {
            add("k" + i, BEGIN.plusSeconds(i));
        }

        KeyLog log = read();
        for (int i = 0; i < 2_000; i++) {
            assertThat(log.find("k" + i)).contains(new Landed("k" + i, "bk" + i, 3));
        }
        assertThat(log.find("k2000")).isEmpty();
        assertThat(positions).hasSizeLessThan(50);
        long all = positions.values().stream().mapToLong(String::length).sum();
        assertThat(written).isLessThan(5 * all);
    }

    @Test
    void keysAreForgottenAfterTheirTime() {
        add("old", BEGIN);
        add("new", BEGIN.plus(DAY).plusSeconds(1));

        assertThat(read().find("old")).isEmpty();
        assertThat(read().find("new")).isPresent();
        assertThat(positions).hasSize(1);
    }

    @Test
    void aLogFollowsWhatOthersPublish() {
        KeyLog log = read();
        add("k1", BEGIN);
        assertThat(log.find("k1")).isEmpty();
        log.follow(positions);
        assertThat(log.find("k1")).isPresent();
        log.follow(Map.of());
        assertThat(log.find("k1")).isEmpty();
    }
}
