package dev.tarn.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * What Ctrl-C stops. The virtual machine begins to shut down at once; this holds it up for as long
 * as the work needs to stop cleanly, and no longer than two seconds. Safe for use by many threads.
 */
final class Interrupts {
    private static final long SECONDS = 2;

    private final CountDownLatch finished = new CountDownLatch(1);
    private final List<Runnable> actions = new ArrayList<>();

    /**
     * Does some work that Ctrl-C can stop.
     *
     * @param stop asks the work to stop; called by another thread
     */
    <T> T during(Runnable stop, Supplier<T> work) {
        remember(stop);
        try {
            return work.get();
        } finally {
            forget(stop);
        }
    }

    /** Asks everything that works to stop. */
    void fire() {
        List<Runnable> now;
        synchronized (this) {
            now = List.copyOf(actions);
        }
        now.forEach(Runnable::run);
    }

    /** The program has said all it had to say. */
    void finished() {
        finished.countDown();
    }

    void hookIntoShutdown() {
        Runtime.getRuntime().addShutdownHook(new Thread(this::stopAndWait, "tarn-interrupt"));
    }

    private void stopAndWait() {
        if (finished.getCount() == 0) {
            return;
        }
        fire();
        try {
            if (!finished.await(SECONDS, TimeUnit.SECONDS)) {
                return; // whatever still works is not worth waiting for: nothing of it is visible
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void remember(Runnable stop) {
        actions.add(stop);
    }

    private synchronized void forget(Runnable stop) {
        actions.remove(stop);
    }
}
