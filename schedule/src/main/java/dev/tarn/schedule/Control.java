package dev.tarn.schedule;

import dev.tarn.model.RunId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** What connects a task that works with those who gave it out. Safe for use by many threads. */
public final class Control {
    private final Consumer<RunId> binding;
    private final BoundedLog log;
    private final List<Runnable> stops = new ArrayList<>();
    private final List<Runnable> ends = new ArrayList<>();
    private Optional<Stop> stopped = Optional.empty();
    private boolean over;
    private long kept;
    private String traceparent = "";

    Control(Consumer<RunId> binding, BoundedLog log) {
        this.binding = binding;
        this.log = log;
    }

    /** Why a task is asked to stop. */
    enum Stop {
        /** Somebody wants that. */
        CANCELLED,
        /** It takes too long. */
        TIMEOUT,
        /** Its server shuts down; another one goes on. */
        CLOSING,
        /** It was given to another server. */
        FENCED
    }

    /**
     * A run of the project has begun for this task. Must be told before anything is published.
     *
     * @throws dev.tarn.model.TarnException {@code RUN_LOST} if the task was given to somebody else;
     *     the run must end then
     */
    public void began(RunId run) {
        binding.accept(run);
    }

    /** Is kept with the task, up to a size. */
    public void print(String line) {
        log.line(line);
    }

    synchronized void isPartOf(String header) {
        traceparent = header;
    }

    /**
     * What programs and requests of the task are part of, as W3C's header; empty if nobody asks.
     */
    synchronized String traceparent() {
        return traceparent;
    }

    BoundedLog log() {
        return log;
    }

    /** Does something when the task is asked to stop; at once if it already was. */
    public void onStop(Runnable action) {
        boolean now;
        synchronized (this) {
            stops.add(action);
            now = stopped.isPresent();
        }
        if (now) {
            action.run();
        }
    }

    /** The first reason counts. */
    void stop(Stop why) {
        List<Runnable> actions;
        synchronized (this) {
            if (stopped.isPresent()) {
                return;
            }
            stopped = Optional.of(why);
            actions = List.copyOf(stops);
        }
        actions.forEach(Runnable::run);
    }

    /** Does something when the attempt is over. */
    synchronized void onEnd(Runnable action) {
        if (over) {
            action.run();
        } else {
            ends.add(action);
        }
    }

    synchronized void ended() {
        over = true;
        ends.forEach(Runnable::run);
        ends.clear();
    }

    /** What was printed, if there is more than when this was asked last. */
    synchronized Optional<String> freshLog() {
        long version = log.version();
        if (version == kept) {
            return Optional.empty();
        }
        kept = version;
        return Optional.of(log.text());
    }

    synchronized Optional<Stop> stopped() {
        return stopped;
    }

    /** Whether it is asked to stop because another server goes on. */
    public boolean isHandedOver() {
        return stopped().filter(s -> s == Stop.CLOSING || s == Stop.FENCED).isPresent();
    }

    /** Is kept with the task, up to a size; lines end where the text says. */
    public void printText(String text) {
        log.text(text);
    }

    public boolean isStopped() {
        return stopped().isPresent();
    }
}
