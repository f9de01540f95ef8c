package dev.tarn.otlp;

import dev.tarn.spi.Span;
import dev.tarn.spi.Tracer;
import java.time.Clock;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Makes spans and hands those that are over to the exporter. */
public final class OtlpTracer implements Tracer {
    private static final int MARKS_MAX = 500;

    private final OtlpSettings settings;
    private final Clock clock;
    private final RandomGenerator random;
    private final Exporter exporter;

    @SuppressWarnings("ThreadLocalUsage") // Each tracer has its own; there is one in a process.
    private final ThreadLocal<@Nullable OtlpSpan> current = new ThreadLocal<>();

    private final Map<String, TraceContext> marks =
            new LinkedHashMap<>() {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<String, TraceContext> eldest) {
                    return size() > MARKS_MAX;
                }
            };

    private OtlpTracer(OtlpSettings settings, Clock clock, RandomGenerator random) {
        this.settings = settings;
        this.clock = clock;
        this.random = random;
        this.exporter = new Exporter(settings);
    }

    /**
     * @param random for ids; safe for use by many threads
     */
    public static Tracer open(OtlpSettings settings, Clock clock, RandomGenerator random) {
        return new OtlpTracer(settings, clock, random);
    }

    @Override
    public Span begin(String name, Span.Kind kind, String traceparent) {
        return make(name, kind, traceparent);
    }

    private OtlpSpan make(String name, Span.Kind kind, String traceparent) {
        Optional<TraceContext> told = TraceContext.parse(traceparent);
        OtlpSpan around = current.get();
        Optional<TraceContext> parent =
                told.isPresent() ? told : Optional.ofNullable(around).map(OtlpSpan::context);
        String trace = parent.map(TraceContext::trace).orElseGet(() -> id(2));
        boolean foreign = told.isPresent() && !settings.heedsParent();
        boolean sampled =
                (parent.isPresent() && !foreign) ? parent.get().sampled() : isChosen(trace);
        return new OtlpSpan(
                this,
                name,
                kind,
                new TraceContext(trace, id(1), sampled),
                parent.map(TraceContext::span),
                nanos());
    }

    @Override
    public Span lasting(String name, String identity, Instant began) {
        TraceContext context = TraceContext.of(identity);
        return new OtlpSpan(
                this,
                name,
                Span.Kind.INTERNAL,
                new TraceContext(context.trace(), context.span(), isChosen(context.trace())),
                Optional.empty(),
                nanos(began));
    }

    /** By the id, so that all who see a trace choose alike. */
    private boolean isChosen(String trace) {
        long number = Long.parseUnsignedLong(trace.substring(16), 16) >>> 1;
        return settings.share() >= 1
                || number < (long) (settings.share() * (double) Long.MAX_VALUE);
    }

    private String id(int longs) {
        StringBuilder id = new StringBuilder();
        for (int i = 0; i < longs; i++) {
            long part;
            do {
                part = random.nextLong();
            } while (part == 0);
            id.append("%016x".formatted(part));
        }
        return id.toString();
    }

    @Override
    public <T> T during(String name, Span.Kind kind, String traceparent, Function<Span, T> work) {
        OtlpSpan before = current.get();
        OtlpSpan span = make(name, kind, traceparent);
        current.set(span);
        try {
            return work.apply(span);
        } catch (RuntimeException | Error e) {
            span.failed(e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage());
            throw e;
        } finally {
            if (before == null) {
                current.remove();
            } else {
                current.set(before);
            }
            span.close();
        }
    }

    void ended(OtlpSpan.Ended span) {
        exporter.add(span);
    }

    void mark(String mark, TraceContext context) {
        synchronized (marks) {
            marks.put(mark, context);
        }
    }

    Optional<TraceContext> marked(String mark) {
        synchronized (marks) {
            return Optional.ofNullable(marks.get(mark));
        }
    }

    long nanos() {
        return nanos(clock.instant());
    }

    private static long nanos(Instant at) {
        return at.getEpochSecond() * 1_000_000_000L + at.getNano();
    }

    @Override
    public void close() {
        exporter.close();
    }
}
