package dev.tarn.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.model.job.JobRun;
import dev.tarn.model.job.JobRunId;
import dev.tarn.model.job.TaskRun;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whose turn it is, and when. */
final class TurnsTest {
    @TempDir Path folder;
    private JobLab lab;

    @BeforeEach
    void open() {
        lab = new JobLab(folder);
    }

    @AfterEach
    void close() {
        lab.close();
    }

    @Test
    void whatIsMoreImportantTakesTheNextSlotThatIsFree() {
        List<String> done = new CopyOnWriteArrayList<>();
        CountDownLatch free = new CountDownLatch(1);
        lab.doing.build =
                (order, control) -> {
                    String what = order.select().getFirst();
                    if (what.equals("first")) {
                        try {
                            free.await();
                        } catch (InterruptedException e) {
                            Thread.currentThread().interrupt();
                        }
                    }
                    done.add(what);
                    return "";
                };
        lab.jobs(
                """
                pools: {one: 1}
                jobs:
                  - {name: first, tasks: [{name: a, build: first, pool: one}]}
                  - name: low
                    tasks:
                      - {name: a, build: low, pool: one}
                      - {name: b, build: low but urgent, pool: one, priority: 20}
                  - {name: high, priority: 10, tasks: [{name: a, build: high, pool: one}]}
                """);
        lab.server();
        JobRunId first = lab.start("first");
        lab.until(() -> lab.task(first, "a").status() == TaskRun.Status.RUNNING);
        List<JobRunId> others = List.of(lab.start("low"), lab.start("high"));
        lab.until(() -> lab.waitsFor(others.get(0), "b").startsWith("a slot"));
        lab.until(() -> lab.waitsFor(others.get(1), "a").startsWith("a slot"));

        free.countDown();

        others.forEach(id -> assertThat(lab.ended(id).status()).isEqualTo(JobRun.Status.SUCCEEDED));
        assertThat(done).containsExactly("first", "low but urgent", "high", "low");
    }

    @Test
    void aTimeToWaitUntilIsFilledIn() {
        lab.jobs(
                """
                jobs:
                  - name: one
                    params: {hours: "3"}
                    tasks:
                      - {name: pause, wait: {until: "{{ due.add(hours=2) }}"}}
                      - {name: past, wait: {until: "2020-01-01T00:00:00Z"}}
                      - {name: odd, wait: {until: "{{ params.hours }}"}}
                """);
        lab.server();
        JobRunId id = lab.start("one");
        lab.until(() -> lab.waitsFor(id, "pause").startsWith("the time"));
        assertThat(lab.waitsFor(id, "pause")).startsWith("the time 2026-11-21T14:00:00Z;");
        lab.until(() -> lab.task(id, "past").status() == TaskRun.Status.SUCCEEDED);
        lab.until(() -> lab.task(id, "odd").status() == TaskRun.Status.FAILED);
        assertThat(lab.task(id, "odd").message().orElseThrow()).contains("'3'");

        lab.later(Duration.ofHours(2));

        lab.until(() -> lab.task(id, "pause").status() == TaskRun.Status.SUCCEEDED);
    }
}
