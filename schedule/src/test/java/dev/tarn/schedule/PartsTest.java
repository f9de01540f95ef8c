package dev.tarn.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.model.job.JobRun;
import dev.tarn.model.job.JobRunId;
import dev.tarn.model.job.TaskName;
import dev.tarn.model.job.TaskRun;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tasks that are done once for each item of a list. */
final class PartsTest {
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

    private JobRunId start(String tasks) {
        lab.jobs("jobs:\n  - name: one\n    tasks:\n" + tasks.indent(6));
        lab.server();
        return lab.start("one");
    }

    @Test
    void aListThatIsMadeOnTheWayBecomesTasks() {
        JobRunId id =
                start(
                        """
                        - name: list
                          shell: |
                            echo '["CH", "DE", {"a": [1, 2]}]' > $TARN_OUTPUT
                        - name: load
                          after: list
                          each: "{{ tasks.list.output }}"
                          sql: select '{{ item }}', {{ item_number }}
                        - name: all
                          after: load
                          sql: "{{ tasks.load.outputs | length }} {{ tasks.load.output }}"
                        """);
        assertThat(lab.ended(id).status()).isEqualTo(JobRun.Status.SUCCEEDED);
        assertThat(lab.task(id, "load[0]").output()).isEqualTo("select 'CH', 0");
        assertThat(lab.task(id, "load[2]").output()).isEqualTo("select '{\"a\": [1, 2]}', 2");
        assertThat(lab.task(id, "load").status()).isEqualTo(TaskRun.Status.SUCCEEDED);
        assertThat(lab.task(id, "all").output())
                .startsWith("3 [\"select 'CH', 0\",\"select 'DE', 1\",");
        assertThat(lab.views.run(id).steps())
                .extracting(s -> s.task().task().value())
                .containsExactly("list", "load", "load[0]", "load[1]", "load[2]", "all");
    }

    @Test
    void itemsThatFailAreDoneAgainAndOthersAreNot() {
        AtomicBoolean broken = new AtomicBoolean(true);
        lab.doing.build =
                (order, control) -> {
                    if (order.select().contains("b") && broken.get()) {
                        throw new dev.tarn.model.TarnException(
                                dev.tarn.model.ErrorCode.SQL_INVALID, "no b");
                    }
                    return "";
                };
        JobRunId id =
                start(
                        """
                        - {name: load, each: [a, b, c], build: "{{ item }}"}
                        - {name: next, after: load, nothing: }
                        """);
        JobRun run = lab.ended(id);
        assertThat(run.status()).isEqualTo(JobRun.Status.FAILED);
        assertThat(run.message()).contains("task 'load[1]': no b");
        assertThat(lab.task(id, "load").message()).contains("1 of 3 parts failed.");
        assertThat(lab.task(id, "next").status()).isEqualTo(TaskRun.Status.UPSTREAM_FAILED);
        broken.set(false);
        lab.control.again(id, Optional.empty(), "ann");
        assertThat(lab.ended(id).status()).isEqualTo(JobRun.Status.SUCCEEDED);
        assertThat(lab.task(id, "load[0]").attempt()).isEqualTo(1);
        assertThat(lab.task(id, "load[1]").attempt()).isEqualTo(2);
        lab.control.again(id, Optional.of(new TaskName("load[2]")), "ann");
        assertThat(lab.ended(id).status()).isEqualTo(JobRun.Status.SUCCEEDED);
        assertThat(lab.task(id, "load[2]").attempt()).isEqualTo(2);
        lab.control.again(id, Optional.of(new TaskName("load")), "ann");
        assertThat(lab.ended(id).status()).isEqualTo(JobRun.Status.SUCCEEDED);
        assertThat(lab.doing.built).hasSize(8);
    }

    @Test
    void partsTakeSlotsOfTheirPoolAndSayWhatTheyWaitFor() {
        CountDownLatch go = new CountDownLatch(1);
        lab.doing.build =
                (order, control) -> {
                    try {
                        go.await();
                    } catch (InterruptedException e) {
                        throw new AssertionError(e);
                    }
                    return "";
                };
        lab.jobs(
                """
                pools: {api: 1}
                jobs:
                  - name: one
                    tasks: [{name: load, each: [a, b], build: "{{ item }}", pool: api}]
                """);
        lab.server();
        JobRunId id = lab.start("one");
        lab.until(() ->
                lab.views.run(id).steps().size() == 3
                        && lab.task(id, "load[0]").status() == TaskRun.Status.RUNNING);
        assertThat(lab.waitsFor(id, "load")).isEqualTo("its parts, of which 0 of 2 have ended");
        assertThat(lab.waitsFor(id, "load[1]")).isEqualTo("a slot of pool api: 1 of 1 are taken");
        go.countDown();
        assertThat(lab.ended(id).status()).isEqualTo(JobRun.Status.SUCCEEDED);
    }

    @Test
    void anEmptyListSkipsAndWhatIsNoListIsSaid() {
        JobRunId id =
                start(
                        """
                        - {name: none, each: "", nothing: }
                        - {name: bad, each: "[1, 2", nothing: }
                        - {name: many, each: "{{ range(10001) | join('\\n') }}", nothing: }
                        - {name: after, after: none, nothing: }
                        """);
        assertThat(lab.ended(id).status()).isEqualTo(JobRun.Status.FAILED);
        assertThat(lab.task(id, "none").message()).contains("'each' gave an empty list");
        assertThat(lab.task(id, "none").status()).isEqualTo(TaskRun.Status.SKIPPED);
        assertThat(lab.task(id, "after").status()).isEqualTo(TaskRun.Status.SKIPPED);
        assertThat(lab.task(id, "bad").message())
                .contains(
                        "'each' gave '[1, 2', which is not a list. Give a JSON array, or a line for each item.");
        assertThat(lab.task(id, "many").message())
                .contains(
                        "'each' gave 10,001 items; it can give 10,000, and 524,288 characters in all.");
    }

    @Test
    void anItemThatAShellWouldReadIsNoPartOfACommand() {
        JobRunId id =
                start(
                        """
                        - name: list
                          shell: "echo 'a; echo taken' > $TARN_OUTPUT"
                        - name: bad
                          after: list
                          each: "{{ tasks.list.output }}"
                          shell: echo {{ item }}
                        """);
        assertThat(lab.ended(id).status()).isEqualTo(JobRun.Status.FAILED);
        assertThat(lab.task(id, "bad[0]").message().orElse(""))
                .contains("that a shell reads as its own");
    }

    @Test
    void aCancelledRunStopsItsParts() {
        JobRunId id = start("- {name: slow, each: [a, b], wait: 1h}\n");
        lab.until(() -> lab.views.run(id).steps().size() == 3);
        lab.control.cancel(id, "ann");
        assertThat(lab.ended(id).status()).isEqualTo(JobRun.Status.CANCELLED);
        assertThat(lab.task(id, "slow[1]").status()).isEqualTo(TaskRun.Status.CANCELLED);
    }

    @Test
    void listsAreReadAsPeopleAndProgramsWriteThem() {
        assertThat(Items.parse("a\n b \n\n")).containsExactly("a", "b");
        assertThat(
                        Items.parse(
                                "['it''s', \"a\\n\\u00e9\\\"\", 12, null, {\"k\": [1, \"]\"]}]"
                                        .replace("''", "")))
                .containsExactly("its", "a\né\"", "12", "null", "{\"k\": [1, \"]\"]}");
        assertThat(Items.parse("[]")).isEmpty();
        List<String> odd = List.of("a\"b\\c\nd\u0001", "");
        assertThat(Items.parse(Items.write(odd))).isEqualTo(odd);
    }
}
