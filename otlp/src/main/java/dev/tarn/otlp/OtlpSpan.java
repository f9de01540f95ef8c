package dev.tarn.otlp;

import dev.tarn.spi.Span;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A span that is kept until it is over, then handed on. */
final class OtlpSpan implements Span {
    private static final int ATTRIBUTES_MAX = 64;
    private static final int TEXT_MAX = 1_000;
    private static final int LINKS_MAX = 16;

    private final OtlpTracer tracer;
    private final String name;
    private final Kind kind;
    private final TraceContext context;
    private final Optional<String> parent;
    private final long begin;
    private final Map<String, Object> attributes = new LinkedHashMap<>();
    private final List<TraceContext> links = new ArrayList<>();
    private Optional<String> failure = Optional.empty();
    private boolean over;

    OtlpSpan(
            OtlpTracer tracer,
            String name,
            Kind kind,
            TraceContext context,
            Optional<String> parent,
            long begin) {
        this.tracer = tracer;
        this.name = name;
        this.kind = kind;
        this.context = context;
        this.parent = parent;
        this.begin = begin;
    }

    /** What is sent of a span. */
    record Ended(
            String name,
            Kind kind,
            TraceContext context,
            Optional<String> parent,
            long begin,
            long end,
            Map<String, Object> attributes,
            List<TraceContext> links,
            Optional<String> failure) {}

    TraceContext context() {
        return context;
    }

    private synchronized Span put(String key, Object value) {
        if (!over && attributes.size() < ATTRIBUTES_MAX) {
            attributes.put(key, value);
        }
        return this;
    }

    @Override
    public Span attribute(String key, String value) {
        return put(key, shortened(value));
    }

    @Override
    public Span attribute(String key, long value) {
        return put(key, value);
    }

    private static String shortened(String text) {
        return text.length() > TEXT_MAX ? text.substring(0, TEXT_MAX) + "…" : text;
    }

    @Override
    public synchronized Span failed(String reason) {
        failure = Optional.of(shortened(reason));
        return this;
    }

    @Override
    public Span leaves(String mark) {
        tracer.mark(mark, context);
        return this;
    }

    @Override
    public synchronized Span follows(String mark) {
        if (links.size() < LINKS_MAX) {
            tracer.marked(mark).filter(c -> !c.equals(context)).ifPresent(links::add);
        }
        return this;
    }

    @Override
    public String traceparent() {
        return context.toString();
    }

    @Override
    public void close() {
        Ended ended;
        synchronized (this) {
            if (over) {
                return;
            }
            over = true;
            ended =
                    new Ended(
                            name,
                            kind,
                            context,
                            parent,
                            begin,
                            tracer.nanos(),
                            new LinkedHashMap<>(attributes),
                            List.copyOf(links),
                            failure);
        }
        if (context.sampled()) {
            tracer.ended(ended);
        }
    }
}
