package dev.tarn.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.app.Answer;
import dev.tarn.app.At;
import dev.tarn.app.BuildRequest;
import dev.tarn.app.OpenRequest;
import dev.tarn.app.Tarn;
import dev.tarn.otlp.Collector;
import dev.tarn.run.Cancellation;
import dev.tarn.run.RunListener;
import dev.tarn.run.RunReport;
import dev.tarn.spi.HttpProtocol;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.Span;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A trace goes from a request to a run, its source and its models, and from a query to that run.
 */
final class TracesTest {
    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";

    @TempDir Path folder;

    @Test
    void whatHappenedIsOneTrace() throws Exception {
        Files.createDirectories(folder.resolve("models"));
        Files.createDirectories(folder.resolve("landing"));
        Files.writeString(folder.resolve("landing/a.csv"), "id\n1\n2\n");
        Files.writeString(
                folder.resolve("dbt_project.yml"), "name: shop\nversion: '1'\nprofile: shop\n");
        Files.writeString(
                folder.resolve("models/all.yml"),
                """
                sources:
                  - name: raw
                    tables: [{name: orders, ingest: {location: "landing/*.csv"}}]
                """);
        Files.writeString(
                folder.resolve("models/gold.sql"),
                "{{ config(materialized='table') }} select * from {{ source('raw', 'orders') }}\n");
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
            String run;
            try (Tarn tarn = Tarn.open(request)) {
                RunReport[] report = new RunReport[1];
                HttpProtocol building =
                        tarn.watched(
                                "/build",
                                call -> {
                                    report[0] =
                                            tarn.build(
                                                    BuildRequest.everything("build"),
                                                    RunListener.SILENT,
                                                    new Cancellation());
                                    return new HttpProtocol.Answer(200, Map.of(), new byte[0]);
                                });
                HttpProtocol.Answer unused =
                        building.answer(
                                new HttpProtocol.Call(
                                        "POST",
                                        "/x",
                                        Map.of("token", "secret"),
                                        Map.of(
                                                "traceparent",
                                                "00-" + TRACE + "-b7ad6b7169203331-01"),
                                        new byte[0],
                                        ""));
                run = report[0].run().id().value();
                try (Answer answer =
                        tarn.query("select * from gold", At.MAIN, new Cancellation())) {
                    assertThat(answer).isNotNull();
                }
                collector.await("query");
            }
            List<Span> spans = collector.spans();
            Span server = one(spans, "POST /build");
            Span runSpan = one(spans, "run");
            Span query = one(spans, "query");
            assertThat(hex(server.getTraceId())).isEqualTo(TRACE);
            assertThat(text(server, "url.path")).isEqualTo("/build/x");
            assertThat(runSpan.getParentSpanId()).isEqualTo(server.getSpanId());
            assertThat(text(runSpan, "tarn.run.id")).isEqualTo(run);
            assertThat(spans.stream().filter(s -> s.getName().equals("task")))
                    .hasSize(2)
                    .allSatisfy(t -> assertThat(t.getParentSpanId()).isEqualTo(runSpan.getSpanId()))
                    .allSatisfy(t -> assertThat(number(t, "tarn.rows")).isEqualTo(2))
                    .extracting(t -> text(t, "tarn.task.id"))
                    .containsExactlyInAnyOrder("source.shop.raw.orders", "model.shop.gold");
            assertThat(number(query, "tarn.publication"))
                    .isEqualTo(number(runSpan, "tarn.publication"));
            assertThat(query.getLinksList())
                    .singleElement()
                    .satisfies(l -> assertThat(l.getSpanId()).isEqualTo(runSpan.getSpanId()));
            assertThat(spans.toString()).doesNotContain("secret");
        }
    }

    private static Span one(List<Span> spans, String name) {
        List<Span> found = spans.stream().filter(s -> s.getName().equals(name)).toList();
        assertThat(found).as(name).hasSize(1);
        return found.getFirst();
    }

    private static KeyValue attribute(Span span, String key) {
        return span.getAttributesList().stream()
                .filter(a -> a.getKey().equals(key))
                .findFirst()
                .orElseThrow(() -> new AssertionError("No " + key + " in " + span));
    }

    private static String text(Span span, String key) {
        return attribute(span, key).getValue().getStringValue();
    }

    private static long number(Span span, String key) {
        return attribute(span, key).getValue().getIntValue();
    }

    private static String hex(com.google.protobuf.ByteString bytes) {
        return HexFormat.of().formatHex(bytes.toByteArray());
    }
}
