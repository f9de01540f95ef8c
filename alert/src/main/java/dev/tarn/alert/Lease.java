package dev.tarn.alert;

import dev.tarn.model.alert.Desk;
import dev.tarn.spi.AlertStore;
import dev.tarn.spi.AlertTables;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Which of several servers looks for alerts and sends messages. It is dead when its beats stand
 * still, by a clock that nobody sets, or when its process is gone from this machine. Belongs to one
 * thread but for {@link #isHeld}.
 */
final class Lease {
    private final AlertStore store;
    private final LongSupplier ticker;
    private final Duration time;
    private final String name;
    private volatile long fence = -1;
    private long seenBeats = -1;
    private long seenFence = -1;
    private long seenSince;
    private long beatAt;

    Lease(AlertStore store, LongSupplier ticker, Duration time, String name) {
        this.store = store;
        this.ticker = ticker;
        this.time = time;
        this.name = name;
    }

    /** Says that it lives, or takes over where nobody else lives; whether it is its turn. */
    boolean keep() {
        long time = ticker.getAsLong();
        if (fence >= 0 && time - beatAt < this.time.toNanos() / 5) {
            return true;
        }
        beatAt = time;
        Desk now = store.read(AlertTables::desk);
        if (!isMine(now) && !isFree(now)) {
            fence = -1;
            return false;
        }
        fence =
                store.change(tables -> {
                    Desk desk = tables.desk();
                    if (!isMine(desk) && !isFree(desk)) {
                        return -1L;
                    }
                    long number = isMine(desk) ? desk.fence() : tables.token();
                    tables.put(
                            new Desk(
                                    name,
                                    host(),
                                    pid(),
                                    processStart(pid()),
                                    desk.beats() + 1,
                                    number));
                    return number;
                });
        return fence >= 0;
    }

    /** Whether what this server says still counts; asked within a change. */
    boolean isHeld(AlertTables tables) {
        return isMine(tables.desk());
    }

    private boolean isMine(Desk desk) {
        return desk.holder().equals(name) && desk.fence() == fence;
    }

    private boolean isFree(Desk desk) {
        if (desk.holder().isEmpty()) {
            return true;
        }
        if (desk.host().equals(host()) && isGone(desk)) {
            return true;
        }
        long now = ticker.getAsLong();
        if (desk.beats() != seenBeats || desk.fence() != seenFence) {
            seenBeats = desk.beats();
            seenFence = desk.fence();
            seenSince = now;
            return false;
        }
        return now - seenSince > time.toNanos();
    }

    private static boolean isGone(Desk desk) {
        return ProcessHandle.of(desk.process())
                .map(p -> desk.processStart() != processStart(desk.process()))
                .orElse(true);
    }

    /** Lets another one do it at once. */
    void leave() {
        store.change(tables -> {
            if (isHeld(tables)) {
                Desk desk = tables.desk();
                tables.put(new Desk("", "", 0, 0, desk.beats() + 1, desk.fence()));
            }
            return tables;
        });
        fence = -1;
    }

    private static long pid() {
        return ProcessHandle.current().pid();
    }

    private static long processStart(long pid) {
        return ProcessHandle.of(pid)
                .flatMap(p -> p.info().startInstant())
                .map(java.time.Instant::toEpochMilli)
                .orElse(0L);
    }

    private static String host() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "localhost";
        }
    }
}
