package dev.tarn.run;

import dev.tarn.spi.EngineSession;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Stops a run from outside: what executes is cancelled, what waits is not begun. */
public final class Cancellation {
    private final Set<EngineSession> active = ConcurrentHashMap.newKeySet();
    private final Set<Runnable> others = ConcurrentHashMap.newKeySet();
    private volatile boolean cancelled;

    /** Asks the run to stop. Returns at once; may be called more than once. */
    public void cancel() {
        cancelled = true;
        active.forEach(EngineSession::cancel);
        others.forEach(Runnable::run);
    }

    public boolean isCancelled() {
        return cancelled;
    }

    /** Lets a session be cancelled until it is released. */
    public void watch(EngineSession session) {
        active.add(session);
        if (cancelled) {
            session.cancel();
        }
    }

    /** The session is done. */
    public void release(EngineSession session) {
        active.remove(session);
    }

    /** Does something when the run is stopped, until it is released. */
    public void watch(Runnable stop) {
        others.add(stop);
        if (cancelled) {
            stop.run();
        }
    }

    public void release(Runnable stop) {
        others.remove(stop);
    }

    /**
     * @throws dev.tarn.model.TarnException {@code INTERRUPTED} when it was stopped
     */
    public void check() {
        if (cancelled) {
            throw RunErrors.cancelled();
        }
    }
}
