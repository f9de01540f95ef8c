package dev.tarn.app;

import dev.tarn.spi.HttpProtocol;
import dev.tarn.spi.Span;
import dev.tarn.spi.Tracer;
import java.time.Duration;

/**
 * Counts and traces what a protocol answers. A request is part of the trace that its header names.
 * Of an address the path is told and never what is asked with it.
 */
final class WatchedProtocol implements HttpProtocol {
    private final String mount;
    private final HttpProtocol protocol;
    private final Tracer tracer;
    private final RequestCounts counts;

    WatchedProtocol(String mount, HttpProtocol protocol, Tracer tracer, RequestCounts counts) {
        this.mount = mount;
        this.protocol = protocol;
        this.tracer = tracer;
        this.counts = counts;
    }

    @Override
    public Answer answer(Call call) {
        long begin = System.nanoTime();
        Answer answer =
                tracer.during(
                        call.method() + " " + mount,
                        Span.Kind.SERVER,
                        call.headers().getOrDefault("traceparent", ""),
                        span -> {
                            Answer made = protocol.answer(call);
                            span.attribute("http.request.method", call.method())
                                    .attribute(
                                            "url.path",
                                            (mount.equals("/") ? "" : mount) + call.path())
                                    .attribute("http.response.status_code", made.status());
                            if (made.status() >= 500) {
                                span.failed("status " + made.status());
                            }
                            return made;
                        });
        counts.add(mount, answer.status(), Duration.ofNanos(System.nanoTime() - begin));
        return answer;
    }

    @Override
    public Refusals refusals() {
        return protocol.refusals();
    }

    @Override
    public boolean knowsWho(String path) {
        return protocol.knowsWho(path);
    }
}
