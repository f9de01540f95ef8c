package dev.tarn.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.model.job.JobRun;
import dev.tarn.model.job.JobRunId;
import dev.tarn.model.job.TaskName;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tasks that start classes and containers. */
final class ProgramTest {
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

    private static String classes() {
        try {
            return Path.of(
                            Greeter.class
                                    .getProtectionDomain()
                                    .getCodeSource()
                                    .getLocation()
                                    .toURI())
                    .toString();
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }

    private JobRunId start(String task) {
        lab.jobs(
                """
                jobs:
                  - name: one
                    params: {who: world}
                    tasks:
                      - name: t
                        retry: 0
                %s
                """
                        .formatted(task.indent(8)));
        lab.server();
        return lab.start("one");
    }

    @Test
    void aClassRunsInAJavaOfItsOwnAndNoShellSeesWhatItIsTold() throws Exception {
        JobRunId id =
                start(
                        """
                        java:
                          class: dev.tarn.schedule.Greeter
                          path: ["%s"]
                          arguments: ["hello; {{ params.who }} $HOME"]
                          options: [-Dmood=good, -Xmx32m]
                        environment: {WHO: "{{ params.who }}"}
                        """
                                .formatted(classes()));
        assertThat(lab.ended(id).status()).isEqualTo(JobRun.Status.SUCCEEDED);
        assertThat(lab.task(id, "t").output()).isEqualTo("hello; world $HOME world good");
        assertThat(lab.views.log(id, new TaskName("t"), Optional.empty()).orElseThrow())
                .contains("working in " + folder.toRealPath());
    }

    @Test
    void aClassThatEndsWithACodeFailsWithItsLastLine() {
        JobRunId id =
                start(
                        "java: {class: dev.tarn.schedule.Greeter, path: \"%s\", arguments: fail}"
                                .formatted(classes()));
        assertThat(lab.ended(id).status()).isEqualTo(JobRun.Status.FAILED);
        assertThat(lab.task(id, "t").message())
                .contains(
                        "The command ended with code 4: it failed. `tarn job log` shows what it printed.");
    }

    @Test
    void aPathThatIsNotThereIsToldWithItsPlace() {
        JobRunId id = start("java: {class: com.example.Score, path: [lib/score.jar]}");
        assertThat(lab.ended(id).status()).isEqualTo(JobRun.Status.FAILED);
        assertThat(lab.task(id, "t").message())
                .contains(
                        "jobs/all.yml:7:49: There is no %s, which the class needs on its path. Build it first, or correct 'path'; it is looked for from the project's folder."
                                .formatted(folder.resolve("lib/score.jar")));
    }

    @Test
    void aContainerIsOrderedWithWhatTheTaskSays() {
        JobRunId id =
                start(
                        """
                        container:
                          image: registry.example.org/etl:{{ params.who }}
                          command: [load, "--day", "{{ ds }}"]
                          folders: {in: /data}
                          memory: 512MiB
                          cpus: 0.5
                          runner: podman
                        environment: {WHO: "{{ params.who }}"}
                        """);
        assertThat(lab.ended(id).status()).isEqualTo(JobRun.Status.SUCCEEDED);
        assertThat(lab.task(id, "t").output()).isEqualTo("done");
        assertThat(lab.views.log(id, new TaskName("t"), Optional.empty())).contains("in podman");
        var order = lab.doing.containers.getFirst();
        assertThat(order.name()).isEqualTo(ProgramTask.name(id.value(), new TaskName("t")));
        assertThat(order.image()).isEqualTo("registry.example.org/etl:world");
        assertThat(order.command()).isEqualTo(List.of("load", "--day", "2026-11-21"));
        assertThat(order.folders()).isEqualTo(Map.of(folder.resolve("in").toString(), "/data"));
        assertThat(order.memoryBytes()).contains(512L << 20);
        assertThat(order.cpus()).contains("0.5");
        assertThat(order.environment())
                .containsEntry("WHO", "world")
                .containsEntry("TARN_JOB", "one")
                .containsEntry("TARN_JOB_RUN", id.value())
                .containsEntry("TARN_ATTEMPT", "1");
    }

    @Test
    void containersHaveNamesThatEveryRunnerTakes() {
        assertThat(
                        ProgramTask.name(
                                "j261121-101500-k3xq7a2b",
                                new TaskName("load_all_of_the_shops[12]")))
                .matches("[a-z0-9]([a-z0-9-]*[a-z0-9])?")
                .hasSizeLessThanOrEqualTo(63)
                .startsWith("tarn-j261121-101500-k3xq7a2b-load-all-of-the-shop");
        assertThat(ProgramTask.name("j1", new TaskName("a_b")))
                .isNotEqualTo(ProgramTask.name("j1", new TaskName("a__b")));
    }
}
