package dev.tarn.otlp;

import dev.tarn.spi.Span;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/** Spans in the form of OTLP: opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest. */
final class TraceRequest {
    private TraceRequest() {}

    static byte[] of(Map<String, String> resource, List<OtlpSpan.Ended> spans) {
        ProtoBytes request = new ProtoBytes();
        request.message(
                1,
                all -> {
                    all.message(
                            1, r -> resource.forEach((key, value) -> attribute(r, 1, key, value)));
                    all.message(
                            2,
                            scope -> {
                                scope.message(1, s -> s.text(1, "dev.tarn"));
                                spans.forEach(span -> scope.message(2, s -> span(s, span)));
                            });
                });
        return request.toBytes();
    }

    private static void span(ProtoBytes out, OtlpSpan.Ended span) {
        out.bytes(1, hex(span.context().trace())).bytes(2, hex(span.context().span()));
        span.parent().ifPresent(p -> out.bytes(4, hex(p)));
        out.text(5, span.name())
                .number(6, span.kind() == Span.Kind.SERVER ? 2 : 1)
                .fixed(7, span.begin())
                .fixed(8, span.end());
        span.attributes().forEach((key, value) -> attribute(out, 9, key, value));
        span.links()
                .forEach(link ->
                        out.message(
                                13, l -> l.bytes(1, hex(link.trace())).bytes(2, hex(link.span()))));
        span.failure().ifPresent(why -> out.message(15, s -> s.text(2, why).number(3, 2)));
    }

    private static void attribute(ProtoBytes out, int field, String key, Object value) {
        out.message(
                field,
                pair ->
                        pair.text(1, key)
                                .message(
                                        2,
                                        any -> {
                                            if (value instanceof Long number) {
                                                any.number(3, number);
                                            } else {
                                                any.text(1, value.toString());
                                            }
                                        }));
    }

    private static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits);
    }
}
