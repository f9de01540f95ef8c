package dev.tarn.http;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/** What waits to land in one table. Safe for use by many threads. */
final class PushStream {
    private static final int MOST_DELIVERIES = 5_000;

    private final String name;
    private final PushSettings settings;
    private final KeyLog log = new KeyLog();
    private final ArrayDeque<Delivery> waiting = new ArrayDeque<>();
    private List<Delivery> current = List.of();
    private long bytes;
    private boolean closed;

    PushStream(String name, PushSettings settings) {
        this.name = name;
        this.settings = settings;
    }

    PushSettings settings() {
        return settings;
    }

    /** The keys that have landed; only for whoever lands. */
    KeyLog log() {
        return log;
    }

    synchronized void add(Delivery delivery) throws PushErrors.Refused {
        if (closed) {
            throw PushErrors.closing();
        }
        if (!waiting.isEmpty() && bytes + delivery.bytes > settings.mostWaiting()) {
            throw PushErrors.busy(name, bytes);
        }
        bytes += delivery.bytes;
        waiting.add(delivery);
        notifyAll();
    }

    /** What waits, once there is something; empty when there never will be. */
    synchronized List<Delivery> take() throws InterruptedException {
        while (waiting.isEmpty() && !closed) {
            wait();
        }
        List<Delivery> taken = new ArrayList<>();
        while (!waiting.isEmpty() && taken.size() < MOST_DELIVERIES) {
            Delivery next = waiting.remove();
            bytes -= next.bytes;
            taken.add(next);
        }
        return taken;
    }

    /** What is landing now. */
    synchronized List<Delivery> current() {
        return current;
    }

    synchronized void current(List<Delivery> landing) {
        current = List.copyOf(landing);
    }

    /** Takes nothing any more; what waits is taken once more. */
    synchronized void close() {
        closed = true;
        notifyAll();
    }
}
