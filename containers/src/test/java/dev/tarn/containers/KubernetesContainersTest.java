package dev.tarn.containers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.TarnException;
import dev.tarn.spi.Containers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class KubernetesContainersTest {
    private static final String JOB = "/apis/batch/v1/namespaces/etl/jobs/tarn-a-b";

    @TempDir Path folder;
    private ClusterStandIn cluster;

    @BeforeEach
    void open() throws IOException {
        cluster = new ClusterStandIn();
    }

    @AfterEach
    void close() {
        cluster.close();
    }

    private Containers containers(Optional<String> url, String token) {
        return KubernetesContainers.open(
                new KubernetesConfig(
                        url,
                        "etl",
                        Optional.of(() -> token),
                        Optional.empty(),
                        Optional.of("runner"),
                        Duration.ofMillis(5)));
    }

    private Containers containers() {
        return containers(Optional.of(cluster.url() + "/"), "secret\n");
    }

    private static Containers.Order order(Map<String, String> folders) {
        return new Containers.Order(
                "tarn-a-b",
                "image:1",
                List.of("run", "\"it\""),
                Map.of("GREETING", "hello"),
                folders,
                Optional.of(1L << 29),
                Optional.of("0.5"));
    }

    @Test
    void aJobIsMadeFollowedAndRemoved() {
        Notes notes = new Notes();
        assertThat(containers().run(order(Map.of()), notes)).isEqualTo("42");
        assertThat(notes.printed()).isEqualTo("Job tarn-a-b in namespace etl\none\ntwo\n");
        assertThat(cluster.asked())
                .containsExactly(
                        "GET " + JOB,
                        "POST /apis/batch/v1/namespaces/etl/jobs",
                        "GET /api/v1/namespaces/etl/pods?labelSelector=job-name%3Dtarn-a-b",
                        "GET /api/v1/namespaces/etl/pods/pod-1/log?container=task&follow=true",
                        "GET " + JOB,
                        "GET /api/v1/namespaces/etl/pods?labelSelector=job-name%3Dtarn-a-b",
                        "DELETE " + JOB + "?propagationPolicy=Background");
    }

    @Test
    void theJobSaysWhatTheTaskSays() throws Exception {
        cluster.logWaits = true;
        Notes notes = new Notes();
        CompletableFuture<String> run =
                CompletableFuture.supplyAsync(
                        () -> containers().run(order(Map.of()), notes),
                        r -> Thread.ofVirtual().start(r));
        notes.awaitPrinted("two");
        assertThat(Objects.requireNonNull(cluster.job))
                .startsWith("{\"apiVersion\":\"batch/v1\",\"kind\":\"Job\",\"metadata\":")
                .contains(
                        "\"restartPolicy\":\"Never\",\"serviceAccountName\":\"runner\"",
                        "\"image\":\"image:1\",\"command\":[\"run\",\"\\\"it\\\"\"]",
                        "\"name\":\"TARN_OUTPUT\"",
                        "\"value\":\"/dev/termination-log\"",
                        "\"memory\":\"536870912\",\"cpu\":\"0.5\"",
                        "\"backoffLimit\":0");
        cluster.logGoesOn.countDown();
        assertThat(run.get()).isEqualTo("42");
    }

    @Test
    void aJobWhoseServerVanishedIsGoneOnWith() {
        cluster.job = "{}";
        Notes notes = new Notes();
        assertThat(containers().run(order(Map.of()), notes)).isEqualTo("42");
        assertThat(notes.printed())
                .isEqualTo("The job tarn-a-b is there already: going on with it.\none\ntwo\n");
        assertThat(cluster.asked()).noneMatch(a -> a.startsWith("POST"));
    }

    @Test
    void aLogThatBreaksOffIsReadOnFromThere() {
        cluster.breaksOffAfter = 6;
        cluster.condition = "{}";
        Notes notes = new Notes();
        CompletableFuture<String> run =
                CompletableFuture.supplyAsync(
                        () -> containers().run(order(Map.of()), notes),
                        r -> Thread.ofVirtual().start(r));
        assertThat(run)
                .satisfies(r -> {
                    notes.awaitPrinted("two\n");
                    cluster.condition = "{\"type\": \"Complete\", \"status\": \"True\"}";
                    assertThat(r.get()).isEqualTo("42");
                });
        assertThat(notes.printed()).isEqualTo("Job tarn-a-b in namespace etl\none\ntwo\n");
    }

    @Test
    void aFailureIsToldWithItsCodeAndTheJobIsRemoved() {
        cluster.phase = "Failed";
        cluster.container = "{\"terminated\": {\"exitCode\": 3, \"reason\": \"Error\"}}";
        cluster.condition = "{\"type\": \"Failed\", \"status\": \"True\"}";
        assertThatThrownBy(() -> containers().run(order(Map.of()), new Notes()))
                .hasMessage(
                        "The container ended with code 3: two. `tarn job log` shows what it printed. [NODE_FAILED]");
        assertThat(cluster.asked().getLast()).startsWith("DELETE");
        cluster.container = "{\"terminated\": {\"exitCode\": 137, \"reason\": \"OOMKilled\"}}";
        assertThatThrownBy(() -> containers().run(order(Map.of()), new Notes()))
                .hasMessage(
                        "The container ended with code 137: it wanted more memory than it may have. `tarn job log` shows what it printed. [NODE_FAILED]");
    }

    @Test
    void anImageThatCannotBeFetchedIsToldAndTheJobRemoved() {
        cluster.phase = "Pending";
        cluster.condition = "{}";
        cluster.container =
                "{\"waiting\": {\"reason\": \"ImagePullBackOff\", \"message\": \"no such image\"}}";
        assertThatThrownBy(() -> containers().run(order(Map.of()), new Notes()))
                .hasMessage(
                        "The cluster cannot run the image image:1: ImagePullBackOff: no such image. [STORAGE_FAILED]");
        assertThat(cluster.asked().getLast()).startsWith("DELETE");
    }

    @Test
    void whoeverStopsItRemovesItAndWhoeverHandsItOverDoesNot() throws Exception {
        for (boolean another : List.of(true, false)) {
            cluster.phase = "Pending";
            cluster.condition = "{}";
            cluster.container = "{\"waiting\": {\"reason\": \"ContainerCreating\"}}";
            Notes notes = new Notes();
            CompletableFuture<String> run =
                    CompletableFuture.supplyAsync(
                            () -> containers().run(order(Map.of()), notes),
                            r -> Thread.ofVirtual().start(r));
            notes.awaitPrinted("waits: ContainerCreating");
            notes.stop(another);
            assertThatThrownBy(run::get)
                    .hasRootCauseMessage("The container was stopped. [INTERRUPTED]");
            assertThat(cluster.asked().stream().filter(a -> a.startsWith("DELETE")).count())
                    .isEqualTo(another ? 0 : 1);
        }
    }

    @Test
    void whatTheClusterRefusesIsToldInItsWords() {
        cluster.refuses = 403;
        assertThatThrownBy(() -> containers().run(order(Map.of()), new Notes()))
                .hasMessage(
                        "The cluster refused it with status 403: jobs.batch is forbidden. [STORAGE_DENIED]")
                .extracting(e -> ((TarnException) e).code())
                .isEqualTo(ErrorCode.STORAGE_DENIED);
        assertThatThrownBy(() ->
                        containers(Optional.of(cluster.url()), "wrong")
                                .run(order(Map.of()), new Notes()))
                .hasMessage(
                        "The cluster refused it with status 401: Unauthorized. [STORAGE_DENIED]");
        assertThatThrownBy(() -> containers().run(order(Map.of("/a", "/b")), new Notes()))
                .hasMessage(
                        "A cluster does not see folders of this machine. Take out 'folders', or name another 'runner'. [UNSUPPORTED]");
    }

    @Test
    void aClusterThatIsNotThereIsTold() {
        String url = cluster.url();
        Containers containers = containers();
        cluster.close();
        assertThatThrownBy(() -> containers.run(order(Map.of()), new Notes()))
                .hasMessageStartingWith("The cluster at " + url + " cannot be reached: ")
                .extracting(e -> ((TarnException) e).code().retryable())
                .isEqualTo(true);
        assertThatThrownBy(() -> containers(Optional.empty(), ""))
                .hasMessage(
                        "It is not said where the Kubernetes cluster is. Set kubernetes.url in tarn.yml. [CONFIG_INVALID]");
        assertThatThrownBy(() -> containers(Optional.of("ftp://x"), ""))
                .hasMessage(
                        "kubernetes.url must be an address such as https://10.0.0.1:6443, not 'ftp://x'. [CONFIG_INVALID]");
    }

    @Test
    void aFileWithoutCertificatesIsTold() throws IOException {
        Path file = Files.writeString(folder.resolve("ca.pem"), "none");
        assertThatThrownBy(() ->
                        KubernetesContainers.open(
                                new KubernetesConfig(
                                        Optional.of("https://10.0.0.1"),
                                        "etl",
                                        Optional.empty(),
                                        Optional.of(file),
                                        Optional.empty(),
                                        Duration.ofSeconds(1))))
                .hasMessage(
                        file
                                + " has no certificates that can be read. kubernetes.ca wants a file in PEM. [CONFIG_INVALID]");
    }
}
