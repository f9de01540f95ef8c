package dev.tarn.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.app.At;
import dev.tarn.app.BuildRequest;
import dev.tarn.app.MaintainRequest;
import dev.tarn.app.OpenRequest;
import dev.tarn.app.Tarn;
import dev.tarn.model.RefName;
import dev.tarn.model.TableName;
import dev.tarn.model.run.RunStatus;
import dev.tarn.run.Cancellation;
import dev.tarn.run.RunListener;
import dev.tarn.run.RunReport;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Streams beside everything else that happens to tables: landing, failures, rivals, upkeep. */
final class StreamRunsTest {
    @TempDir Path folder;
    private Workshop shop;

    @BeforeEach
    void openShop() {
        shop = new Workshop(folder).source("clicks");
        shop.put(
                "streams/views.sql",
                """
                select window_start, count(*) as n, sum(id) as ids
                from tumble(stream({{ source('bronze_clicks', 'clicks') }}), ts, interval '1 hour')
                group by all
                """);
        shop.put(
                "streams/seen.sql",
                "select id from stream({{ source('bronze_clicks', 'clicks') }})");
        shop.put("models/gold.sql", "select sum(n) as n from {{ ref('views') }}");
        land(1, "08:00", "08:59", "09:30");
    }

    @AfterEach
    void closeShop() {
        shop.close();
    }

    /** A file whose clicks have ids from ten times its number on. */
    private void land(int file, String... times) {
        StringBuilder rows = new StringBuilder("id,ts\n");
        for (int i = 0; i < times.length; i++) {
            rows.append(10 * file + i).append(",2026-05-04 ").append(times[i]).append(":00\n");
        }
        shop.put("landing/clicks/" + file + ".csv", rows.toString());
    }

    private RunReport build() {
        RunReport report = shop.build();
        assertThat(report.problems()).isEmpty();
        return report;
    }

    private List<String> views() {
        return shop.rows("select hour(window_start), n, ids from main.views order by 1");
    }

    private List<String> seen() {
        return shop.rows("select id from main.seen order by id");
    }

    @Test
    void whatLandsGoesThroughAllStreamsInTheSameRun() {
        build();
        assertThat(views()).containsExactly("8|2|21");
        assertThat(shop.rows("select n from main.gold")).containsExactly("2");
        land(2, "09:59", "10:00");

        build();

        assertThat(views()).containsExactly("8|2|21", "9|2|32");
        assertThat(shop.rows("select n from main.gold")).containsExactly("4");
        assertThat(seen()).containsExactly("10", "11", "12", "20", "21");
        assertThat(build().run().status()).isEqualTo(RunStatus.UNCHANGED);
    }

    @Test
    void aRunThatFailsTakesNoStreamFurther() {
        build();
        land(2, "10:00");
        shop.put("tests/fails.sql", "select * from {{ ref('views') }} where n < 100");

        assertThat(shop.build().run().status()).isEqualTo(RunStatus.FAILED);

        assertThat(views()).containsExactly("8|2|21");
        shop.remove("tests/fails.sql");
        build();
        assertThat(views()).containsExactly("8|2|21", "9|1|12");
        assertThat(seen()).containsExactly("10", "11", "12", "20");
    }

    @Test
    void ofTwoRunsAtOnceTheSecondIsRefusedAndNothingIsDoubled() {
        build();
        land(2, "10:00");
        AtomicReference<RunReport> other = new AtomicReference<>();

        RunReport slow =
                shop.build(
                        BuildRequest.everything("build"),
                        (node, task) -> {
                            if (task.status().isFinal() && other.get() == null) {
                                other.set(otherBuild());
                            }
                        });

        assertThat(Objects.requireNonNull(other.get()).run().status())
                .isEqualTo(RunStatus.PUBLISHED);
        assertThat(slow.run().status()).isEqualTo(RunStatus.FAILED);
        assertThat(Workshop.told(slow.problems())).contains("[COMMIT_CONFLICT]");
        build();
        assertThat(views()).containsExactly("8|2|21", "9|1|12");
        assertThat(seen()).containsExactly("10", "11", "12", "20");
    }

    private Path stateThatWasRead() {
        String read =
                shop.tarn()
                        .table(new TableName("main", "seen"), At.MAIN)
                        .attributes()
                        .getOrDefault("stream.input.0", "")
                        .split("\t", -1)[0];
        return read.startsWith("file:") ? Path.of(URI.create(read)) : Path.of(read);
    }

    private RunReport otherBuild() {
        try (Tarn tarn = Tarn.open(OpenRequest.of(folder))) {
            return tarn.build(
                    BuildRequest.everything("build"), new RunListener() {}, new Cancellation());
        }
    }

    @Test
    void aStreamGoesOnWhenTheStateThatItReadIsForgotten() throws Exception {
        shop.put("tarn.yml", "upkeep: {mode: off}\n");
        build();
        land(2, "09:40");
        build();
        shop.put("models/plain.sql", "select 1 as one");
        land(3, "09:50");
        assertThat(
                        shop.build(
                                        new BuildRequest(
                                                "build",
                                                java.util.EnumSet.allOf(
                                                        dev.tarn.app.NodeKind.class),
                                                List.of("source:bronze_clicks.clicks"),
                                                List.of(),
                                                RefName.MAIN,
                                                false,
                                                false,
                                                java.util.Optional.empty()))
                                .problems())
                .isEmpty();
        assertThat(seen()).hasSize(4);
        shop.put(
                        "tarn.yml",
                        "upkeep: {history: 1ms, snapshot_age: 1ms, snapshots_kept: 1, orphan_age: 1ms}\n")
                .reopen();
        for (int i = 0; i < 2; i++) {
            shop.tarn()
                    .maintain(
                            new MaintainRequest(
                                    RefName.MAIN,
                                    List.of(),
                                    Duration.ofMillis(1),
                                    Long.MAX_VALUE,
                                    true),
                            done -> {},
                            () -> false);
        }
        Files.delete(stateThatWasRead());
        land(4, "11:00");

        build();

        assertThat(seen()).containsExactly("10", "11", "12", "20", "30", "40");
        assertThat(views()).containsExactly("8|2|21", "9|3|62");
    }
}
