package dev.tarn.cli;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * What Ctrl-C stops. The virtual machine begins to shut down at once; this holds it up for as long
 * as the work needs to stop cleanly, and no longer than a second and a half. Work that begins after
 * Ctrl-C is stopped at once. Safe for use by many threads.
 */
final class Interrupts {
    private static final long MILLIS = 1_500;

    private final CountDownLatch finished = new CountDownLatch(1);
    private final List<Runnable> actions = new ArrayList<>();
    private boolean fired;

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
            fired = true;
            now = List.copyOf(actions);
        }
        now.forEach(Runnable::run);
    }

    /** The program has said all it had to say. */
    void finished() {
        finished.countDown();
    }

    /**
     * @param err where it is said when work did not stop in time to say so itself
     */
    void hookIntoShutdown(PrintStream err) {
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stopAndWait(err), "tarn-interrupt"));
    }

    private void stopAndWait(PrintStream err) {
        if (finished.getCount() == 0) {
            return;
        }
        fire();
        try {
            if (!finished.await(MILLIS, TimeUnit.MILLISECONDS)) {
                // Whatever still works is not worth waiting for: nothing of it is visible.
                err.println("Stopped before it was done. [INTERRUPTED]");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void remember(Runnable stop) {
        boolean late;
        synchronized (this) {
            actions.add(stop);
            late = fired;
        }
        if (late) {
            stop.run();
        }
    }

    private synchronized void forget(Runnable stop) {
        actions.remove(stop);
    }
}
