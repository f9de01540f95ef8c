package dev.tarn.app;

import dev.tarn.run.Cancellation;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Work of one thread that waits for servers without asking whether it shall go on: whoever stops
 * the run interrupts it.
 */
final class Stoppable {
    private @Nullable Thread working = Thread.currentThread();
    private boolean interrupted;

    private Stoppable() {}

    /**
     * Does something, and nothing more once it is stopped.
     *
     * @throws dev.tarn.model.TarnException {@code INTERRUPTED}
     */
    static <T> T during(Cancellation cancellation, Supplier<T> work) {
        Stoppable stoppable = new Stoppable();
        Runnable stop = stoppable::stop;
        cancellation.watch(stop);
        try {
            cancellation.check();
            return work.get();
        } catch (RuntimeException failure) {
            // What an interrupted client complains of is no news.
            cancellation.check();
            throw failure;
        } finally {
            cancellation.release(stop);
            stoppable.end();
        }
    }

    private synchronized void stop() {
        Thread thread = working;
        if (thread != null) {
            interrupted = true;
            thread.interrupt();
        }
    }

    /** The thread is for others again; what was meant for this work is not for theirs. */
    private synchronized void end() {
        working = null;
        if (interrupted) {
            boolean unused = Thread.interrupted();
        }
    }
}
