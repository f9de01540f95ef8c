package dev.tarn.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.tarn.app.Answer;
import dev.tarn.app.At;
import dev.tarn.app.OpenRequest;
import dev.tarn.app.Tarn;
import dev.tarn.model.job.JobName;
import dev.tarn.model.job.JobRun;
import dev.tarn.model.job.JobRunId;
import dev.tarn.otlp.Collector;
import dev.tarn.run.Cancellation;
import dev.tarn.schedule.Scheduler;
import io.opentelemetry.proto.trace.v1.Span;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One trace goes from a run of a job over its tasks and the runs of the project to each node. */
final class JobTracesTest {
    private static final long LONGEST_SECONDS = 120;

    @TempDir Path folder;

    @Test
    void aJobIsOneTrace() throws Exception {
        CompletableFuture<String> asked = new CompletableFuture<>();
        HttpServer other =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        other.createContext(
                "/",
                exchange -> {
                    asked.complete(
                            String.valueOf(exchange.getRequestHeaders().getFirst("traceparent")));
                    exchange.sendResponseHeaders(204, -1);
                    exchange.close();
                });
        other.start();
        project(other.getAddress().getPort());
        try (Collector collector = new Collector()) {
            OpenRequest request =
                    new OpenRequest(
                            folder,
                            Optional.empty(),
                            Map.of(),
                            Optional.empty(),
                            Map.of("OTEL_EXPORTER_OTLP_ENDPOINT", collector.url()),
                            Clock.systemUTC(),
                            note -> {});
            try (Tarn tarn = Tarn.open(request);
                    Scheduler unused = tarn.jobs().work()) {
                JobRunId id =
                        tarn.jobs()
                                .start(
                                        new JobName("nightly"),
                                        Map.of(),
                                        Optional.empty(),
                                        Optional.empty(),
                                        "ann")
                                .id();
                JobRun run = ended(tarn, id);
                assertThat(run.status()).isEqualTo(JobRun.Status.FAILED);
                try (Answer answer =
                        tarn.query("select * from gold", At.MAIN, new Cancellation())) {
                    assertThat(answer).isNotNull();
                }
                collector.await("job run");
                collector.await("query");
            }
            List<Span> spans = collector.spans();
            Span job = one(spans, "job run");
            assertThat(job.getParentSpanId().isEmpty()).isTrue();
            assertThat(text(job, "tarn.job")).isEqualTo("nightly");
            assertThat(text(job, "tarn.status")).isEqualTo("failed");
            assertThat(job.getStatus().getMessage()).contains("task 'wrong'");
            List<Span> tasks = spans.stream().filter(s -> s.getName().equals("job task")).toList();
            assertThat(tasks)
                    .hasSize(4)
                    .allSatisfy(t -> assertThat(t.getTraceId()).isEqualTo(job.getTraceId()))
                    .allSatisfy(t -> assertThat(t.getParentSpanId()).isEqualTo(job.getSpanId()))
                    .extracting(t -> text(t, "tarn.job_task") + " " + text(t, "tarn.status"))
                    .containsExactlyInAnyOrder(
                            "build succeeded", "ask succeeded", "say succeeded", "wrong failed");
            Span build = task(tasks, "build");
            Span run = one(spans, "run");
            assertThat(run.getTraceId()).isEqualTo(job.getTraceId());
            assertThat(run.getParentSpanId()).isEqualTo(build.getSpanId());
            assertThat(spans.stream().filter(s -> s.getName().equals("task")))
                    .hasSize(2)
                    .allSatisfy(t -> assertThat(t.getTraceId()).isEqualTo(job.getTraceId()))
                    .allSatisfy(t -> assertThat(t.getParentSpanId()).isEqualTo(run.getSpanId()));
            assertThat(one(spans, "query").getLinksList())
                    .singleElement()
                    .satisfies(l -> assertThat(l.getSpanId()).isEqualTo(run.getSpanId()));
            assertThat(asked.get(LONGEST_SECONDS, TimeUnit.SECONDS))
                    .isEqualTo(header(task(tasks, "ask")));
            assertThat(Files.readString(folder.resolve("told.txt")).strip())
                    .isEqualTo(header(task(tasks, "say")));
        } finally {
            other.stop(0);
        }
    }

    private void project(int port) throws Exception {
        Files.createDirectories(folder.resolve("models"));
        Files.createDirectories(folder.resolve("seeds"));
        Files.createDirectories(folder.resolve("jobs"));
        Files.writeString(
                folder.resolve("dbt_project.yml"), "name: shop\nversion: '1'\nprofile: shop\n");
        Files.writeString(folder.resolve("seeds/items.csv"), "id\n1\n2\n");
        Files.writeString(
                folder.resolve("models/gold.sql"),
                "{{ config(materialized='table') }} select * from {{ ref('items') }}\n");
        Files.writeString(
                folder.resolve("jobs/nightly.yml"),
                """
                jobs:
                  - name: nightly
                    retry: 0
                    tasks:
                      - {name: build, build: true}
                      - {name: ask, http: "http://127.0.0.1:%d/x"}
                      - {name: say, shell: "echo $TRACEPARENT > told.txt"}
                      - {name: wrong, shell: "exit 3", after: build}
                """
                        .formatted(port));
    }

    private static JobRun ended(Tarn tarn, JobRunId id) throws InterruptedException {
        CountDownLatch never = new CountDownLatch(1);
        long giveUp = System.nanoTime() + TimeUnit.SECONDS.toNanos(LONGEST_SECONDS);
        while (!tarn.jobs().run(id).run().status().isEnd()) {
            assertThat(System.nanoTime() - giveUp).isNegative();
            assertThat(never.await(20, TimeUnit.MILLISECONDS)).isFalse();
        }
        return tarn.jobs().run(id).run();
    }

    private static Span one(List<Span> spans, String name) {
        List<Span> found = spans.stream().filter(s -> s.getName().equals(name)).toList();
        assertThat(found).as(name).hasSize(1);
        return found.getFirst();
    }

    private static Span task(List<Span> tasks, String name) {
        return tasks.stream()
                .filter(t -> text(t, "tarn.job_task").equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static String text(Span span, String key) {
        return span.getAttributesList().stream()
                .filter(a -> a.getKey().equals(key))
                .findFirst()
                .orElseThrow(() -> new AssertionError("No " + key + " in " + span))
                .getValue()
                .getStringValue();
    }

    private static String header(Span span) {
        HexFormat hex = HexFormat.of();
        return "00-%s-%s-01"
                .formatted(
                        hex.formatHex(span.getTraceId().toByteArray()),
                        hex.formatHex(span.getSpanId().toByteArray()));
    }
}
