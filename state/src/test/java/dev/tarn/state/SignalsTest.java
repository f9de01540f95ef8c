package dev.tarn.state;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.model.alert.Signal;
import dev.tarn.spi.AlertTables;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What those who do jobs say is wrong is heard by those who tell people. */
final class SignalsTest {
    private static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");

    @TempDir Path folder;

    @Test
    void whatIsRaisedStandsSinceThenUntilItIsCleared() {
        try (StateStore store = StateStore.open(StateConfig.Sqlite.in(folder), Clock.systemUTC())) {
            raise(store, new Signal("breaker_open", "job:a", NOON, "It failed."));
            raise(store, new Signal("breaker_open", "job:b", NOON, "So did it."));
            raise(
                    store,
                    new Signal("breaker_open", "job:a", NOON.plusSeconds(60), "It failed again."));

            assertThat(signals(store))
                    .containsExactlyInAnyOrder(
                            new Signal("breaker_open", "job:a", NOON, "It failed again."),
                            new Signal("breaker_open", "job:b", NOON, "So did it."));

            clear(store, "breaker_open", "job:a");
            clear(store, "other", "job:b");

            assertThat(signals(store)).extracting(Signal::subject).containsExactly("job:b");
        }
    }

    private static void raise(StateStore store, Signal signal) {
        boolean unused =
                store.jobs()
                        .change(tables -> {
                            tables.raise(signal);
                            return true;
                        });
    }

    private static void clear(StateStore store, String kind, String subject) {
        boolean unused =
                store.jobs()
                        .change(tables -> {
                            tables.clear(kind, subject);
                            return true;
                        });
    }

    private static List<Signal> signals(StateStore store) {
        return store.alerts().read(AlertTables::signals);
    }
}
