package dev.tarn.ingest;

import dev.tarn.model.graph.Budget;
import dev.tarn.spi.OpenSource.Batch;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * Keeps readers of one source within its budget: whoever has read something waits until it is paid
 * for, and so does the source, which is asked for nothing meanwhile. Safe for use by many threads.
 */
public final class Spending {
    private static final long LONGEST_REST_NANOS = 100_000_000;

    private final Budget budget;
    private final Clock clock;
    private final Semaphore connections;
    private Instant paid;
    private volatile boolean stopped;

    Spending(Budget budget, Clock clock) {
        this.budget = budget;
        this.clock = clock;
        this.connections = new Semaphore(budget.connections().orElse(Integer.MAX_VALUE));
        this.paid = clock.instant();
    }

    /** The same batch, read within the budget. */
    public Batch over(Batch batch) {
        return budget.equals(Budget.UNLIMITED) ? batch : new BudgetedBatch(batch, this);
    }

    /** Does something with one of the connections. */
    <T> T connected(Supplier<T> work) {
        try {
            while (!connections.tryAcquire(LONGEST_REST_NANOS, TimeUnit.NANOSECONDS)) {
                check();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw IngestErrors.interrupted();
        }
        try {
            return work.get();
        } finally {
            connections.release();
        }
    }

    /** Waits until so much is paid for, behind what others have read. */
    void spend(long rows, long bytes) {
        check();
        long nanos =
                Math.max(
                        cost(rows, budget.rows().orElse(0)), cost(bytes, budget.bytes().orElse(0)));
        if (nanos == 0) {
            return;
        }
        Instant last = clock.instant();
        Instant due;
        synchronized (this) {
            due = (paid.isAfter(last) ? paid : last).plusNanos(nanos);
            paid = due;
        }
        while (true) {
            check();
            Instant now = clock.instant();
            if (now.isBefore(last)) {
                // The clock was put back: what is due by it says nothing any more.
                forget(now);
                return;
            }
            last = now;
            long left = Duration.between(now, due).toNanos();
            if (left <= 0) {
                return;
            }
            LockSupport.parkNanos(Math.min(left, LONGEST_REST_NANOS));
        }
    }

    private static long cost(long amount, long aSecond) {
        return aSecond == 0 ? 0 : (long) (amount * 1e9 / aSecond);
    }

    private synchronized void forget(Instant now) {
        paid = now;
    }

    private void check() {
        if (stopped || Thread.currentThread().isInterrupted()) {
            throw IngestErrors.interrupted();
        }
    }

    void stop() {
        stopped = true;
    }
}
