package dev.tarn.app;

import dev.tarn.model.TarnException;
import dev.tarn.model.graph.Node;
import dev.tarn.model.graph.NodeId;
import dev.tarn.run.Cancellation;
import dev.tarn.spi.CatalogView;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Watches sources for something new, so that runs begin only when there is something to land. Each
 * source is asked by a thread of its own: one that waits for rows keeps no other from landing.
 */
final class Lookout implements AutoCloseable {
    private final ConnectedIngestion connected;
    private final Supplier<CatalogView> view;
    private final Clock clock;
    private final ExecutorService threads =
            Executors.newCachedThreadPool(
                    Thread.ofPlatform().daemon().name("lookout-", 1).factory());
    private final Set<NodeId> asked = new HashSet<>();
    private final Set<NodeId> ready = new LinkedHashSet<>();
    private final Map<NodeId, String> failures = new HashMap<>();

    /**
     * @param view what is published now, where rows land
     */
    Lookout(ConnectedIngestion connected, Supplier<CatalogView> view, Clock clock) {
        this.connected = connected;
        this.view = view;
        this.clock = clock;
    }

    /**
     * The sources that have something new, or that cannot be asked for a reason that has not been
     * told; waits for one of them, but no longer than a while. A clock that is put back ends the
     * while.
     */
    synchronized Set<NodeId> await(
            Collection<Node.Source> sources, Duration longest, Cancellation cancellation) {
        Runnable wake = this::wake;
        cancellation.watch(wake);
        try {
            for (Node.Source source : sources) {
                if (!ready.contains(source.id()) && asked.add(source.id())) {
                    threads.execute(() -> ask(source));
                }
            }
            Instant begun = clock.instant();
            Duration left = longest;
            while (ready.isEmpty() && !cancellation.isCancelled() && left.isPositive()) {
                TimeUnit.MILLISECONDS.timedWait(this, Math.max(1, left.toMillis()));
                left = left(begun, longest, clock.instant());
            }
            Set<NodeId> found = new LinkedHashSet<>(ready);
            ready.clear();
            return found;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            cancellation.cancel();
            return Set.of();
        } finally {
            cancellation.release(wake);
        }
    }

    /** What is left of a wait; nothing by a clock that was put back. */
    static Duration left(Instant begun, Duration wait, Instant now) {
        return now.isBefore(begun) ? Duration.ZERO : wait.minus(Duration.between(begun, now));
    }

    private synchronized void wake() {
        notifyAll();
    }

    private void ask(Node.Source source) {
        boolean something = false;
        String failure = "";
        try {
            something = connected.ask(source, view.get());
        } catch (TarnException refused) {
            failure = String.valueOf(refused.getMessage());
        } catch (RuntimeException unforeseen) {
            failure = unforeseen.toString();
        }
        told(source.id(), something, failure);
    }

    /** A failure is shown by a run that meets it; the same again is not worth another run. */
    private synchronized void told(NodeId source, boolean something, String failure) {
        boolean isNew = !failure.isEmpty() && !failure.equals(failures.get(source));
        if (failure.isEmpty()) {
            failures.remove(source);
        } else {
            failures.put(source, failure);
        }
        asked.remove(source);
        if (something || isNew) {
            ready.add(source);
            notifyAll();
        }
    }

    /** Nobody is asked any more when this returns. */
    @Override
    public void close() {
        threads.shutdownNow();
        connected.cancel();
        try {
            if (!threads.awaitTermination(1, TimeUnit.MINUTES)) {
                throw new IllegalStateException("A source does not let go");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
