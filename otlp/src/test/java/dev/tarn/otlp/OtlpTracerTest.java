package dev.tarn.otlp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.spi.Span;
import dev.tarn.spi.Tracer;
import io.opentelemetry.proto.trace.v1.Status;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a real receiver of OTLP reads of what is sent. */
final class OtlpTracerTest {
    private static final String PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    private static final String LAST = "last";
    private static final String AWAY = "nobody takes anything";

    private final Collector collector = new Collector();

    @AfterEach
    void close() {
        collector.close();
    }

    private List<io.opentelemetry.proto.trace.v1.Span> sent(
            Map<String, String> more, Function<Tracer, ?> work) {
        Map<String, String> environment = new HashMap<>(more);
        environment.putIfAbsent("OTEL_EXPORTER_OTLP_ENDPOINT", collector.url() + "/");
        try (Tracer tracer =
                OtlpTracer.open(
                        OtlpSettings.of(environment, "1.2").orElseThrow(),
                        Clock.fixed(
                                Instant.parse("2026-11-21T06:00:00.000000007Z"), ZoneOffset.UTC),
                        new Random(1))) {
            Object unused = work.apply(tracer);
            tracer.begin(LAST, Span.Kind.INTERNAL, PARENT).close();
            if (!more.containsKey(AWAY)) {
                collector.await(LAST);
            }
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        return collector.spans().stream().filter(s -> !s.getName().equals(LAST)).toList();
    }

    private static String hex(com.google.protobuf.ByteString bytes) {
        return HexFormat.of().formatHex(bytes.toByteArray());
    }

    @Test
    void aSpanArrivesWithEverythingThatWasSaid() {
        var spans =
                sent(
                        Map.of(
                                "OTEL_SERVICE_NAME", "lake",
                                "OTEL_RESOURCE_ATTRIBUTES", "deployment.environment=a%20b",
                                "OTEL_EXPORTER_OTLP_HEADERS", "X-Key=very%2Csecret"),
                        tracer ->
                                tracer.during(
                                        "GET /",
                                        Span.Kind.SERVER,
                                        PARENT,
                                        outer -> {
                                            outer.attribute("rows", 5_000_000_000L)
                                                    .attribute("path", "/ü");
                                            outer.leaves("publication 7");
                                            try (Span task =
                                                    tracer.begin("task", Span.Kind.INTERNAL, "")) {
                                                task.failed("It broke.");
                                            }
                                            try (Span query =
                                                    tracer.begin(
                                                            "query", Span.Kind.INTERNAL, "x")) {
                                                query.follows("publication 7")
                                                        .follows("publication 8");
                                            }
                                            return outer;
                                        }));

        assertThat(spans)
                .extracting(io.opentelemetry.proto.trace.v1.Span::getName)
                .containsExactly("task", "query", "GET /");
        var server = spans.getLast();
        assertThat(hex(server.getTraceId())).isEqualTo("0af7651916cd43dd8448eb211c80319c");
        assertThat(hex(server.getParentSpanId())).isEqualTo("b7ad6b7169203331");
        assertThat(server.getKind())
                .isEqualTo(io.opentelemetry.proto.trace.v1.Span.SpanKind.SPAN_KIND_SERVER);
        assertThat(server.getStartTimeUnixNano()).isEqualTo(1_795_240_800_000_000_007L);
        assertThat(server.getEndTimeUnixNano()).isEqualTo(1_795_240_800_000_000_007L);
        assertThat(
                        server.getAttributesList().stream()
                                .collect(Collectors.toMap(a -> a.getKey(), a -> a.getValue())))
                .hasEntrySatisfying(
                        "rows", v -> assertThat(v.getIntValue()).isEqualTo(5_000_000_000L))
                .hasEntrySatisfying("path", v -> assertThat(v.getStringValue()).isEqualTo("/ü"));
        var task = spans.getFirst();
        assertThat(task.getParentSpanId()).isEqualTo(server.getSpanId());
        assertThat(task.getStatus().getCode()).isEqualTo(Status.StatusCode.STATUS_CODE_ERROR);
        assertThat(task.getStatus().getMessage()).isEqualTo("It broke.");
        assertThat(spans.get(1).getLinksList())
                .singleElement()
                .satisfies(l -> assertThat(l.getSpanId()).isEqualTo(server.getSpanId()));
        assertThat(collector.resource())
                .containsEntry("service.name", "lake")
                .containsEntry("service.version", "1.2")
                .containsEntry("deployment.environment", "a b");
        assertThat(collector.headers())
                .containsEntry("x-key", "very,secret")
                .containsEntry("content-type", "application/x-protobuf");
    }

    @Test
    void whatOthersDoNotTraceIsNotTraced() {
        var spans =
                sent(
                        Map.of(),
                        t ->
                                t.during(
                                        "a",
                                        Span.Kind.SERVER,
                                        PARENT.replaceAll("01$", "00"),
                                        s -> s));
        assertThat(spans).isEmpty();
    }

    @Test
    void aShareOfTracesIsTold() {
        var spans =
                sent(
                        Map.of(
                                "OTEL_TRACES_SAMPLER", "parentbased_traceidratio",
                                "OTEL_TRACES_SAMPLER_ARG", "0.25"),
                        t -> {
                            for (int i = 0; i < 1_000; i++) {
                                t.begin("a", Span.Kind.INTERNAL, "").close();
                            }
                            return t;
                        });
        assertThat(spans).hasSizeBetween(180, 320);
    }

    @Test
    void aCollectorThatIsBusyIsAskedAgain() {
        collector.answer(503);
        var spans = sent(Map.of(), t -> t.during("a", Span.Kind.INTERNAL, "", s -> s));
        assertThat(spans).hasSize(1);
    }

    @Test
    void nothingWaitsForACollectorThatIsNotThere() {
        collector.close();
        assertThat(sent(Map.of(AWAY, ""), t -> t.during("a", Span.Kind.INTERNAL, "", s -> s)))
                .isEmpty();
    }

    @Test
    void whatFailsIsTold() {
        var spans =
                sent(
                        Map.of(),
                        t -> {
                            assertThatThrownBy(() ->
                                            t.during(
                                                    "a",
                                                    Span.Kind.INTERNAL,
                                                    "",
                                                    s -> {
                                                        throw new IllegalStateException("no");
                                                    }))
                                    .hasMessage("no");
                            return t;
                        });
        assertThat(spans)
                .singleElement()
                .satisfies(s -> assertThat(s.getStatus().getMessage()).isEqualTo("no"));
    }

    @Test
    void theEnvironmentDecides() {
        String endpoint = "OTEL_EXPORTER_OTLP_ENDPOINT";
        assertThat(of(Map.of())).isEmpty();
        assertThat(of(Map.of(endpoint, " "))).isEmpty();
        assertThat(of(Map.of(endpoint, "http://a", "OTEL_SDK_DISABLED", "true"))).isEmpty();
        assertThat(of(Map.of(endpoint, "http://a", "OTEL_TRACES_EXPORTER", "none"))).isEmpty();
        assertThat(of(Map.of(endpoint, "http://a", "OTEL_EXPORTER_OTLP_PROTOCOL", "grpc")))
                .isEmpty();
        assertThat(of(Map.of(endpoint, "a b"))).isEmpty();
        assertThat(of(Map.of(endpoint, "http://a", "OTEL_TRACES_SAMPLER", "jaeger_remote")))
                .isEmpty();
        assertThat(of(Map.of(endpoint, "https://a:4318/x/")))
                .map(s -> s.endpoint().toString())
                .contains("https://a:4318/x/v1/traces");
        assertThat(of(Map.of("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "http://b/t")))
                .map(s -> s.endpoint().toString())
                .contains("http://b/t");
        assertThat(of(Map.of(endpoint, "http://a/secret", "OTEL_EXPORTER_OTLP_HEADERS", "k=s")))
                .hasToString("Optional[OtlpSettings[a]]");
    }

    private static Optional<OtlpSettings> of(Map<String, String> environment) {
        return OtlpSettings.of(environment, "1");
    }

    @Test
    void headersOfOthersAreReadWithCare() {
        assertThat(TraceContext.parse(PARENT)).map(TraceContext::toString).contains(PARENT);
        for (String bad :
                List.of(
                        "",
                        "00-0",
                        PARENT.toUpperCase(java.util.Locale.ROOT),
                        PARENT + "-x",
                        PARENT.replaceFirst("00", "ff"),
                        PARENT.replaceFirst("0af7651916cd43dd8448eb211c80319c", "0".repeat(32)))) {
            assertThat(TraceContext.parse(bad)).describedAs(bad).isEmpty();
        }
        assertThat(TraceContext.parse(PARENT.replaceFirst("00", "cc") + "-later")).isPresent();
    }
}
