package dev.tarn.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.app.BuildRequest;
import dev.tarn.app.OpenRequest;
import dev.tarn.app.Tarn;
import dev.tarn.model.run.RunStatus;
import dev.tarn.run.Cancellation;
import dev.tarn.run.RunListener;
import dev.tarn.run.RunReport;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two runs on one ref at once: the second is repeated on the first's result, or refused. */
final class ConflictTest {
    @TempDir Path folder;

    @Test
    void anAppendIsRepeatedOnWhatTheOtherRunPublished() {
        try (Workshop shop = new Workshop(folder)) {
            shop.put("models/log.sql", log("'first' as run, 0 as part"));
            shop.build();
            AtomicReference<RunReport> other = new AtomicReference<>();
            shop.put("models/log.sql", log("'slow' as run, 1 as part"));

            RunReport slow =
                    shop.build(
                            BuildRequest.everything("build"),
                            (node, task) -> {
                                if (task.status().isFinal()) {
                                    shop.put("models/log.sql", log("'fast' as run, 2 as part"));
                                    other.set(otherBuild());
                                }
                            });

            assertThat(Objects.requireNonNull(other.get()).run().status())
                    .isEqualTo(RunStatus.PUBLISHED);
            assertThat(slow.problems()).isEmpty();
            assertThat(slow.run().status()).isEqualTo(RunStatus.PUBLISHED);
            assertThat(shop.rows("select run, part from main.log order by part"))
                    .containsExactly("first|0", "slow|1", "fast|2");
        }
    }

    @Test
    void anOverwriteIsRefusedWithTheNameOfTheRunThatWasFirst() {
        try (Workshop shop = new Workshop(folder)) {
            shop.put("models/state.sql", "select 1 as version");
            shop.build();
            AtomicReference<RunReport> other = new AtomicReference<>();
            shop.put("models/state.sql", "select 2 as version");

            RunReport slow =
                    shop.build(
                            BuildRequest.everything("build"),
                            (node, task) -> {
                                if (task.status().isFinal()) {
                                    shop.put("models/state.sql", "select 3 as version");
                                    other.set(otherBuild());
                                }
                            });

            assertThat(slow.run().status()).isEqualTo(RunStatus.FAILED);
            assertThat(Workshop.told(slow.problems()))
                    .isEqualTo(
                            "Nothing was published: main.state moved on main while this run worked;"
                                    + " run %s was first. Run again to build on its result. [COMMIT_CONFLICT]",
                            Objects.requireNonNull(other.get()).run().id());
            assertThat(shop.rows("select version from main.state")).containsExactly("3");
            assertThat(shop.rows("select version from main.state", "run:" + slow.run().id()))
                    .containsExactly("2");
        }
    }

    private RunReport otherBuild() {
        try (Tarn other = Tarn.open(OpenRequest.of(folder))) {
            return other.build(
                    BuildRequest.everything("build"), RunListener.SILENT, new Cancellation());
        }
    }

    private static String log(String columns) {
        return "{{ config(materialized='incremental', incremental_strategy='append') }}\nselect "
                + columns;
    }
}
