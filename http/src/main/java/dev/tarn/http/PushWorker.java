package dev.tarn.http;

import dev.tarn.http.Delivery.Verdict;
import dev.tarn.model.TableName;
import dev.tarn.model.TarnException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Lands what waits for one table, batch by batch, and says what became of each request. */
final class PushWorker implements AutoCloseable {
    private static final int MOST_TRIES = 5;
    private static final long LONGEST_STOP_MILLIS = 30_000;

    private final TableName table;
    private final PushStream stream;
    private final PushDesk.Landing landing;
    private final Thread thread;

    private PushWorker(String path, TableName table, PushStream stream, PushDesk.Landing landing) {
        this.table = table;
        this.stream = stream;
        this.landing = landing;
        this.thread = Thread.ofPlatform().name("push-" + path).daemon().unstarted(this::work);
    }

    static PushWorker start(
            String path, TableName table, PushStream stream, PushDesk.Landing landing) {
        PushWorker worker = new PushWorker(path, table, stream, landing);
        worker.thread.start();
        return worker;
    }

    private void work() {
        try {
            for (List<Delivery> batch = stream.take(); !batch.isEmpty(); batch = stream.take()) {
                land(batch);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Lands requests together; if they cannot, each for itself, so that one harms no other. */
    private void land(List<Delivery> batch) {
        try {
            attempt(batch);
        } catch (TarnException | IllegalStateException failure) {
            boolean own = failure instanceof TarnException known && !known.code().retryable();
            if (own && batch.size() > 1) {
                batch.forEach(one -> land(List.of(one)));
            } else {
                batch.forEach(one -> one.verdict.completeExceptionally(failure));
            }
        } catch (RuntimeException | Error failure) {
            batch.forEach(one -> one.verdict.completeExceptionally(failure));
        }
    }

    private void attempt(List<Delivery> batch) {
        stream.current(batch);
        long landed = published();
        List<Delivery> fresh = batch.stream().filter(d -> d.before().isEmpty()).toList();
        long told = fresh.stream().mapToLong(d -> d.rows.size()).sum();
        List<String> asked = new ArrayList<>();
        batch.stream().filter(d -> d.before().isPresent()).forEach(d -> asked.add(d.id));
        if (landed < told) {
            fresh.forEach(d -> asked.add(d.id));
        }
        Map<String, List<PushDesk.Rejected>> rejected =
                asked.isEmpty() ? Map.of() : landing.rejected(table, asked);
        for (Delivery delivery : batch) {
            boolean again = delivery.before().isPresent();
            delivery.verdict.complete(
                    new Verdict(
                            delivery.before()
                                    .map(KeyLog.Landed::rows)
                                    .orElse((long) delivery.rows.size()),
                            again,
                            delivery.isConflict(),
                            rejected.getOrDefault(delivery.id, List.of())));
        }
    }

    /** Somebody else may be faster at the same table; then it is done again on what they left. */
    private long published() {
        for (int tries = 1; ; tries++) {
            try {
                return landing.land(table);
            } catch (TarnException failure) {
                if (!failure.code().retryable() || tries == MOST_TRIES) {
                    throw failure;
                }
            }
        }
    }

    @Override
    public void close() {
        try {
            thread.join(LONGEST_STOP_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
