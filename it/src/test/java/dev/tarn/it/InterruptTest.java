package dev.tarn.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.app.At;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Ctrl-C in the middle of a statement that would take minutes. */
final class InterruptTest {
    @TempDir Path folder;

    @Test
    void aBuildStopsCleanlyAndTheNextOneWorks() throws Exception {
        try (Workshop shop = new Workshop(folder)) {
            shop.put("models/quick.sql", "select 1 as x");
            shop.put(
                    "models/endless.sql",
                    "select count(*) as n from {{ ref('quick') }}, range(1000000000000) t(i)"
                            + " where hash(i + x) % 7 = 1");
            CountDownLatch quick = new CountDownLatch(1);
            Program build =
                    Program.start(
                            folder,
                            line -> {
                                if (line.contains("model quick")) {
                                    quick.countDown();
                                }
                            },
                            "build");
            if (!build.hearsInterrupts()) {
                build.kill();
                Assumptions.abort("Ctrl-C is switched off for what runs in the background");
            }
            assertThat(quick.await(2, TimeUnit.MINUTES)).as(build.output()).isTrue();

            build.interrupt();

            assertThat(build.exitCode()).as(build.output()).isEqualTo(130);
            assertThat(build.output()).contains("[INTERRUPTED]");
            assertThat(shop.tarn().tableNames(At.MAIN)).isEmpty();
            shop.put("models/endless.sql", "select 2 as n from {{ ref('quick') }}");
            shop.build();
            assertThat(shop.rows("from main.endless")).containsExactly("2");
        }
    }
}
