package dev.tarn.ingest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.TarnException;
import dev.tarn.model.graph.Budget;
import dev.tarn.model.table.Field;
import dev.tarn.model.table.Schema;
import dev.tarn.model.table.Type.Primitive;
import dev.tarn.spi.OpenSource.Batch;
import dev.tarn.spi.OpenSource.Outcome;
import dev.tarn.spi.OpenSource.Portion;
import dev.tarn.spi.OpenSource.Refusals;
import dev.tarn.spi.RowSink;
import java.lang.reflect.Proxy;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What a source is asked for, by a clock that goes on whenever somebody looks. */
final class SpendingTest {
    private static final Instant START = Instant.parse("2026-11-22T00:00:00Z");

    private static final class Ticking extends Clock {
        private Instant now = START;
        private final Duration step;
        private int looks = Integer.MAX_VALUE;

        Ticking(Duration step) {
            this.step = step;
        }

        @Override
        public synchronized Instant instant() {
            now = looks-- == 0 ? START.minus(Duration.ofDays(1)) : now.plus(step);
            return now;
        }

        /** Is put back by a day when somebody has looked so often. */
        synchronized void backAfter(int more) {
            looks = more;
        }

        synchronized Duration passed() {
            return Duration.between(START, now);
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }

    private static final Refusals NONE_REFUSED =
            (part, number, reason, raw) -> {
                throw new AssertionError(reason);
            };

    /** Forgets what it is told. */
    private static RowSink sink() {
        return (RowSink)
                Proxy.newProxyInstance(
                        RowSink.class.getClassLoader(),
                        new Class<?>[] {RowSink.class},
                        (self, method, arguments) ->
                                method.getReturnType() == long.class ? (Object) 0L : null);
    }

    private static Budget budget(long rows, long bytes, int connections) {
        return new Budget(
                rows == 0 ? OptionalLong.empty() : OptionalLong.of(rows),
                bytes == 0 ? OptionalLong.empty() : OptionalLong.of(bytes),
                connections == 0 ? OptionalInt.empty() : OptionalInt.of(connections));
    }

    private static Batch batch(List<Portion> portions) {
        return new Batch() {
            @Override
            public Schema columns() {
                return new Schema(List.of(Field.of("a", Primitive.VARCHAR)));
            }

            @Override
            public List<Portion> portions() {
                return portions;
            }

            @Override
            public void close() {}
        };
    }

    private static Portion rows(int count, String text) {
        return (rows, refusals) -> {
            for (int i = 0; i < count; i++) {
                rows.text(text);
                rows.endRow();
            }
            return new Outcome(Map.of(), 0, false);
        };
    }

    @Test
    void rowsComeNoFasterThanIsAllowed() {
        Ticking clock = new Ticking(Duration.ofMillis(10));
        Batch paced = new Spending(budget(1000, 0, 0), clock).over(batch(List.of(rows(2000, "x"))));
        paced.portions().getFirst().read(sink(), NONE_REFUSED);
        assertThat(clock.passed()).isBetween(Duration.ofSeconds(2), Duration.ofSeconds(4));
    }

    @Test
    void bytesComeNoFasterThanIsAllowedAndTablesShareThem() {
        Ticking clock = new Ticking(Duration.ofMillis(10));
        Spending spending = new Spending(budget(0, 100_000, 0), clock);
        for (int table = 0; table < 2; table++) {
            spending.over(batch(List.of(rows(1000, "x".repeat(100)))))
                    .portions()
                    .getFirst()
                    .read(sink(), NONE_REFUSED);
        }
        assertThat(clock.passed()).isBetween(Duration.ofSeconds(2), Duration.ofSeconds(4));
    }

    @Test
    void withoutABudgetABatchIsLeftAsItIs() {
        Batch batch = batch(List.of());
        Spending free = new Spending(Budget.UNLIMITED, new Ticking(Duration.ZERO));
        assertThat(free.over(batch)).isSameAs(batch);
    }

    @Test
    void whatIsNotSpentIsNotSaved() {
        Ticking clock = new Ticking(Duration.ofMillis(10));
        Spending spending = new Spending(budget(100, 0, 0), clock);
        for (int quiet = 0; quiet < 10_000; quiet++) {
            Instant unused = clock.instant();
        }
        Duration before = clock.passed();
        spending.spend(100, 0);
        assertThat(clock.passed().minus(before)).isGreaterThanOrEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void aClockThatIsPutBackStopsNobody() {
        Ticking clock = new Ticking(Duration.ofMillis(1));
        Spending spending = new Spending(budget(1, 0, 0), clock);
        clock.backAfter(3);
        spending.spend(1_000_000, 0);
        assertThat(clock.passed()).isNegative();
    }

    @Test
    void whoeverWaitsIsWokenByAnEnd() {
        Spending spending = new Spending(budget(1, 0, 0), new Ticking(Duration.ofNanos(1)));
        spending.stop();
        assertThatThrownBy(() -> spending.spend(1_000_000, 0))
                .isInstanceOfSatisfying(
                        TarnException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.INTERRUPTED));
    }

    @Test
    void noMoreConnectionsReadThanAreAllowed() throws Exception {
        Spending spending = new Spending(budget(0, 0, 2), new Ticking(Duration.ofMillis(1)));
        AtomicInteger reading = new AtomicInteger();
        List<Integer> seen = new ArrayList<>();
        CyclicBarrier both = new CyclicBarrier(2);
        Portion portion =
                (rows, refusals) -> {
                    int now = reading.incrementAndGet();
                    synchronized (seen) {
                        seen.add(now);
                    }
                    try {
                        // Two are there together each time, and there never is a third.
                        both.await(1, TimeUnit.MINUTES);
                    } catch (InterruptedException
                            | java.util.concurrent.BrokenBarrierException
                            | TimeoutException e) {
                        throw new AssertionError(e);
                    }
                    reading.decrementAndGet();
                    return new Outcome(Map.of(), 0, false);
                };
        List<Portion> portions =
                spending.over(batch(List.of(portion, portion, portion, portion))).portions();
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            List<Future<Outcome>> all =
                    portions.stream()
                            .map(p -> threads.submit(() -> p.read(sink(), NONE_REFUSED)))
                            .toList();
            for (Future<Outcome> one : all) {
                one.get();
            }
        }
        assertThat(seen).hasSize(4).allMatch(n -> n <= 2);
    }
}
