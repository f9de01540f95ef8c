package dev.tarn.project;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.model.Problem;
import dev.tarn.model.job.BreakerRule;
import dev.tarn.model.job.Job;
import dev.tarn.model.job.JobName;
import dev.tarn.model.job.JobTask;
import dev.tarn.model.job.RetryRule;
import dev.tarn.model.job.TaskKind;
import dev.tarn.model.job.Trigger;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class JobFilesTest {
    @TempDir Path project;

    @Test
    void aFileSaysWhatIsToBeDoneWhen() throws IOException {
        write(
                "nightly.yml",
                """
                pools: {api: 2}
                jobs:
                  - name: nightly
                    owner: shop
                    schedule:
                      - {cron: "30 6 * * *", zone: Europe/Zurich}
                      - {published: [raw.orders, raw.items], match: all}
                    catch_up: all
                    start: 2026-11-01
                    runs_at_a_time: 3
                    params: {country: CH}
                    timeout: 2h
                    retry: {times: 5, on: [TIMEOUT], delay: 1s}
                    tasks:
                      - name: load
                        http: {url: "https://example.org/{{ ds }}", expect: [200, 204]}
                        pool: api
                        retry: 0
                      - name: models
                        after: load
                        build: {select: ["+orders", "tag:x"], by_interval: true}
                """);
        JobFiles.Reading reading = JobFiles.read(project);
        assertThat(reading.problems()).isEmpty();
        assertThat(reading.pools()).containsEntry("api", 2);
        JobFiles.Defined nightly =
                Objects.requireNonNull(reading.jobs().get(new JobName("nightly")));
        Job job = nightly.job();
        assertThat(job.triggers())
                .extracting(Trigger::words)
                .containsExactly(
                        "cron 30 6 * * * (Europe/Zurich)",
                        "when raw.orders and raw.items are published");
        assertThat(job.catchUp()).isEqualTo(Job.CatchUp.ALL);
        assertThat(job.timeout()).contains(Duration.ofHours(2));
        JobTask load = job.tasks().getFirst();
        assertThat(load.retry().times()).isZero();
        assertThat(load.retry().on()).isInstanceOf(RetryRule.On.Codes.class);
        assertThat(job.tasks().getLast().kind())
                .isInstanceOfSatisfying(
                        TaskKind.Build.class,
                        b -> {
                            assertThat(b.select()).hasSize(2);
                            assertThat(b.byInterval()).isTrue();
                        });
        assertThat(JobFiles.read(nightly.definition())).isEqualTo(job);
    }

    @Test
    void breakersListsAndMergesAreRead() throws IOException {
        write(
                "more.yml",
                """
                pools: {crm: {slots: 2, breaker: {failures: 5, rest: 10m}}, api: 3}
                jobs:
                  - name: one
                    breaker: {failures: 3, rest: 1h}
                    tasks:
                      - {name: a, each: [x, y], build: "{{ item }}", gives: integer}
                      - {name: b, each: "{{ tasks.a.outputs }}", merge: {branch: w, delete: true}, after: a}
                """);
        JobFiles.Reading reading = JobFiles.read(project);
        assertThat(reading.problems()).isEmpty();
        assertThat(reading.pools()).isEqualTo(Map.of("crm", 2, "api", 3));
        assertThat(reading.breakers())
                .isEqualTo(Map.of("crm", new BreakerRule(5, Duration.ofMinutes(10))));
        Job job = Objects.requireNonNull(reading.jobs().get(new JobName("one"))).job();
        assertThat(job.breaker()).contains(new BreakerRule(3, Duration.ofHours(1)));
        assertThat(job.tasks().getFirst().each().orElseThrow().listed()).isTrue();
        assertThat(job.tasks().getLast().each().orElseThrow().listed()).isFalse();
        assertThat(job.tasks())
                .extracting(JobTask::gives)
                .containsExactly(JobTask.Gives.INTEGER, JobTask.Gives.TEXT);
        assertThat(job.tasks().getLast().kind())
                .isInstanceOfSatisfying(TaskKind.Merge.class, m -> assertThat(m.delete()).isTrue());
    }

    @Test
    void tasksThatKeepTheWarehouseInOrderAreRead() throws IOException {
        write(
                "care.yml",
                """
                jobs:
                  - name: care
                    tasks:
                      - {name: all, maintain: true}
                      - {name: some, maintain: [gold.orders, gold.items]}
                      - {name: cheap, maintain: {tables: gold.orders, budget: 30m, max_bytes: 10GB, ref: work}}
                      - {name: files, clean: true}
                      - {name: land, replay: source:raw.prices}
                      - {name: back, rewind: {select: [source:raw.prices], to: start, parts: a.csv, keep_rows: true}}
                """);
        JobFiles.Reading reading = JobFiles.read(project);
        assertThat(reading.problems()).isEmpty();
        List<JobTask> tasks =
                Objects.requireNonNull(reading.jobs().get(new JobName("care"))).job().tasks();
        assertThat(tasks.stream().map(t -> t.kind().word()))
                .containsExactly("maintain", "maintain", "maintain", "clean", "replay", "rewind");
        assertThat(tasks.get(0).kind())
                .isInstanceOfSatisfying(
                        TaskKind.Maintain.class, m -> assertThat(m.tables()).isEmpty());
        assertThat(tasks.get(1).kind())
                .isInstanceOfSatisfying(
                        TaskKind.Maintain.class, m -> assertThat(m.tables()).hasSize(2));
        assertThat(tasks.get(2).kind())
                .isInstanceOfSatisfying(
                        TaskKind.Maintain.class,
                        m -> {
                            assertThat(m.budget().orElseThrow().text()).isEqualTo("30m");
                            assertThat(m.bytesMax().orElseThrow().text()).isEqualTo("10GB");
                        });
        assertThat(tasks.get(5).kind())
                .isInstanceOfSatisfying(
                        TaskKind.Rewind.class, r -> assertThat(r.keepRows()).isTrue());
        write(
                "care.yml",
                """
                jobs:
                  - name: care
                    tasks:
                      - {name: back, rewind: {to: start}}
                      - {name: there, rewind: {select: source:raw}}
                      - {name: odd, maintain: {table: x}}
                """);
        assertThat(JobFiles.read(project).problems())
                .extracting(Object::toString)
                .containsExactly(
                        "jobs/care.yml:4:30: Task 'back': 'rewind' has no 'select'. Add it. [YAML_INVALID]",
                        "jobs/care.yml:5:31: Task 'there': 'rewind' has no 'to'. Add it. [YAML_INVALID]",
                        "jobs/care.yml:6:32: Task 'odd': 'maintain' has no key 'table'. Did you mean 'tables'? [UNKNOWN_KEY]");
    }

    @Test
    void classesContainersAndConditionsAreRead() throws IOException {
        write(
                "more.yml",
                """
                jobs:
                  - name: one
                    schedule: {published: raw.orders, if: "select count(*) > 10 from raw.orders"}
                    tasks:
                      - {name: a, java: com.example.Score}
                      - name: b
                        java: {class: com.example.Score, path: [lib/*, classes], arguments: ["{{ ds }}"], options: -Xmx1g}
                      - {name: c, container: "alpine:3"}
                      - name: d
                        container: {image: alpine:3, command: [echo, hi], folders: {in: /data}, memory: 2GiB, cpus: 2, runner: kubernetes}
                        environment: {A: b}
                """);
        JobFiles.Reading reading = JobFiles.read(project);
        assertThat(reading.problems()).isEmpty();
        JobFiles.Defined one = Objects.requireNonNull(reading.jobs().get(new JobName("one")));
        assertThat(JobFiles.read(one.definition())).isEqualTo(one.job());
        assertThat(one.job().triggers().getFirst())
                .isInstanceOfSatisfying(
                        Trigger.OnPublished.class,
                        t ->
                                assertThat(t.condition().orElseThrow().text())
                                        .isEqualTo("select count(*) > 10 from raw.orders"));
        assertThat(one.job().tasks().get(1).kind())
                .isInstanceOfSatisfying(
                        TaskKind.JavaClass.class,
                        k -> {
                            assertThat(k.path()).hasSize(2);
                            assertThat(k.arguments().getFirst().text()).isEqualTo("{{ ds }}");
                        });
        assertThat(one.job().tasks().getLast().kind())
                .isInstanceOfSatisfying(
                        TaskKind.Container.class,
                        k -> {
                            assertThat(k.memoryBytes()).contains(2L << 30);
                            assertThat(k.cpus()).contains("2");
                            assertThat(k.runner()).contains("kubernetes");
                            assertThat(k.environment()).containsKey("A");
                        });
    }

    @Test
    void whatIsWrongInContainersIsTold() throws IOException {
        write(
                "bad.yml",
                """
                jobs:
                  - name: one
                    tasks:
                      - name: a
                        container: {image: x, memory: much, cpus: none, runner: dokcer}
                      - {name: b, java: {path: lib}}
                """);
        assertThat(JobFiles.read(project).problems())
                .extracting(Problem::toString)
                .containsExactly(
                        "jobs/bad.yml:5:39: Task 'a': 'container': 'memory' cannot be 'much'. Write a size such as 512MiB or 2GiB. [CONFIG_INVALID]",
                        "jobs/bad.yml:5:51: Task 'a': 'container': 'cpus' cannot be 'none'. Write a number from 0.01 to 1000, such as 0.5. [CONFIG_INVALID]",
                        "jobs/bad.yml:5:65: Task 'a': 'container': 'runner' cannot be 'dokcer': it is one of docker, kubernetes, nerdctl, podman. Did you mean 'docker'? [CONFIG_INVALID]",
                        "jobs/bad.yml:6:25: Task 'b': 'java' has no 'class'. Add it. [YAML_INVALID]");
    }

    @Test
    void whatIsWrongInBreakersListsAndNamesIsTold() throws IOException {
        write(
                "more.yml",
                """
                pools: {crm: {slots: 0, braker: 1}}
                jobs:
                  - name: on-demand
                    tasks: [{name: a, nothing: }]
                  - name: one
                    breaker: {failures: 3}
                    tasks:
                      - {name: "a[1]", nothing: }
                      - {name: b, build: {retry_of: "?"}}
                      - {name: c, gives: int, nothing: }
                """);
        assertThat(JobFiles.read(project).problems())
                .extracting(Problem::message)
                .contains(
                        "'on-demand' is what builds that somebody asks a server for are called. Choose another name.",
                        "'a[1]' cannot name a task: a small letter comes first, then up to 59 small letters, digits or '_'.",
                        "'?' is not the id of a run. `tarn runs` lists them.",
                        "Task 'c': 'gives' cannot be 'int': it is one of boolean, integer, list, number, text, timestamp.")
                .anyMatch(m -> m.contains("'braker'") && m.contains("Did you mean 'breaker'?"))
                .anyMatch(m -> m.contains("rest"))
                .anyMatch(m -> m.contains("slots"));
    }

    @Test
    void allMistakesAreToldTogether() throws IOException {
        write(
                "bad.yml",
                """
                jobs:
                  - name: Nightly
                    tasks: []
                  - name: one
                    schedule: {cron: "0 0 30 2 *", zone: Europe/Zurch}
                    catchup: all
                    tasks:
                      - name: a
                        after: [b, d]
                        biuld: x
                      - name: b
                        after: a
                        shell: echo
                        timeout: soon
                  - name: two
                    schedule: {after: three}
                    tasks: [{name: x, nothing: }]
                  - name: three
                    schedule: {after: two}
                    tasks: [{name: x, nothing: , pool: none}]
                """);
        assertThat(JobFiles.read(project).problems())
                .extracting(Problem::toString)
                .containsExactly(
                        "jobs/bad.yml:2:11: 'Nightly' cannot name a job: a small letter comes first, then up to 59 small letters, digits, '_' or '-'. [NAME_INVALID]",
                        "jobs/bad.yml:5:22: Cron '0 0 30 2 *' never comes: no year has such a day. Correct the day of the month or the month. [CONFIG_INVALID]",
                        "jobs/bad.yml:5:42: There is no time zone 'Europe/Zurch'. Did you mean 'Europe/Zurich'? Zones are named as Europe/Zurich or UTC. [CONFIG_INVALID]",
                        "jobs/bad.yml:6:5: Job 'one' has no key 'catchup'. Did you mean 'catch_up'? [UNKNOWN_KEY]",
                        "jobs/bad.yml:8:9: Task 'a' does not say what to do. Add one of: build, ingest, seed, run, test, snapshot, sql, merge, maintain, clean, replay, rewind, feed, shell, java, container, http, wait, file, table, approval, nothing. [CONFIG_INVALID]",
                        "jobs/bad.yml:10:9: Task 'a' has no key 'biuld'. Did you mean 'build'? [UNKNOWN_KEY]",
                        "jobs/bad.yml:11:15: Task 'b' comes after 'a', which the job does not have. Did you mean 'b'? [NODE_NOT_FOUND]",
                        "jobs/bad.yml:14:18: Task 'b': 'timeout' cannot be 'soon'. Write a length of time such as 90s, 15m, 1h or 2d. [CONFIG_INVALID]",
                        "jobs/bad.yml:15:11: These jobs wait for each other: two after three after two. Take one of them out. [DEPENDENCY_CYCLE]",
                        "jobs/bad.yml:20:20: Task 'x' wants a slot of pool 'none', which is not there. Say how many slots it has under 'pools:'. [CONFIG_INVALID]");
    }

    @Test
    void tasksThatWaitForEachOtherAreNamed() throws IOException {
        write(
                "cycle.yml",
                """
                jobs:
                  - name: one
                    tasks:
                      - {name: a, after: c, nothing: }
                      - {name: b, after: a, nothing: }
                      - {name: c, after: b, nothing: }
                """);
        assertThat(JobFiles.read(project).problems())
                .extracting(Problem::toString)
                .containsExactly(
                        "jobs/cycle.yml:4:16: These tasks wait for each other: a after c after b after a. Take one of them out. [DEPENDENCY_CYCLE]");
    }

    private void write(String name, String text) throws IOException {
        Files.createDirectories(project.resolve("jobs"));
        Files.writeString(project.resolve("jobs").resolve(name), text);
    }
}
