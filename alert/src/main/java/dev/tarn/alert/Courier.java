package dev.tarn.alert;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.TarnException;
import dev.tarn.model.alert.AlertBook;
import dev.tarn.model.alert.AlertChannel;
import dev.tarn.model.alert.Notice;
import dev.tarn.spi.AlertStore;
import dev.tarn.spi.AlertTables;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends what is due, each channel by itself and in order. That a message is begun is written down
 * before, that it was taken after: who vanishes in between leaves it to be sent again.
 */
final class Courier implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Courier.class);
    private static final int BATCH = 200;

    /** After so long somebody who began to send a message has vanished. */
    static final Duration BEGUN = Duration.ofSeconds(20);

    private static final Duration FIRST_PAUSE = Duration.ofSeconds(5);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(10);

    /** Messages that nobody took for so long are given up. */
    static final Duration GIVE_UP = Duration.ofHours(24);

    /** A message that is refused is tried so often: the reason may be mended meanwhile. */
    static final int REFUSALS_MAX = 5;

    private final AlertStore store;
    private final AlertFacts facts;
    private final Messenger messenger;
    private final Lease lease;
    private final Clock clock;
    private final Runnable wake;
    private final Map<String, Future<?>> sending = new ConcurrentHashMap<>();
    private final ExecutorService senders =
            Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("alerts-", 0).factory());

    Courier(
            AlertStore store,
            AlertFacts facts,
            Messenger messenger,
            Lease lease,
            Clock clock,
            Runnable wake) {
        this.store = store;
        this.facts = facts;
        this.messenger = messenger;
        this.lease = lease;
        this.clock = clock;
        this.wake = wake;
    }

    /** Begins to send what is due, on every channel that is idle. */
    void send() {
        Map<String, List<Notice>> due = new LinkedHashMap<>();
        for (Notice notice : store.read(t -> t.due(clock.instant(), BATCH))) {
            due.computeIfAbsent(notice.channel(), c -> new ArrayList<>()).add(notice);
        }
        due.forEach((channel, notices) -> {
            Future<?> before = sending.get(channel);
            if (before == null || before.isDone()) {
                sending.put(channel, senders.submit(() -> sendAll(channel, notices)));
            }
        });
    }

    private void sendAll(String channel, List<Notice> notices) {
        try {
            AlertBook book = facts.book();
            Wording wording = new Wording(facts.project(), book.link().orElse(""));
            for (Notice notice : notices) {
                if (Thread.currentThread().isInterrupted() || !send(notice, book, wording)) {
                    return;
                }
            }
        } catch (TarnException e) {
            log.warn("Messages for channel {} have to wait: {}", channel, e.getMessage());
        } catch (RuntimeException e) {
            log.error("Messages for channel {} have to wait", channel, e);
        } finally {
            wake.run();
        }
    }

    /** Whether the next one may be tried as well. */
    private boolean send(Notice due, AlertBook book, Wording wording) {
        Optional<Notice> begun = begin(due);
        if (begun.isEmpty()) {
            return false;
        }
        Notice notice = begun.get();
        try {
            AlertChannel channel = book.channels().get(notice.channel());
            if (channel == null) {
                throw AlertErrors.noChannel(notice.channel(), book.channels().keySet());
            }
            messenger.send(notice, channel, wording);
        } catch (TarnException e) {
            Notice after = afterFailure(notice, e);
            log.warn(
                    "Message {} was not taken, attempt {}{}: {}",
                    notice.id(),
                    notice.attempts(),
                    after.status() == Notice.Status.DEAD ? ", and is given up" : "",
                    e.getMessage());
            return put(after) && after.status() == Notice.Status.DEAD;
        }
        return put(notice.sent(clock.instant()));
    }

    private Optional<Notice> begin(Notice due) {
        return store.change(tables -> {
            if (!lease.isHeld(tables)) {
                return Optional.empty();
            }
            Optional<Notice> begun =
                    tables.notice(due.id())
                            .filter(n -> n.status() == Notice.Status.WAITING)
                            .map(n -> n.begun(clock.instant().plus(BEGUN)));
            begun.ifPresent(tables::put);
            return begun;
        });
    }

    private Notice afterFailure(Notice notice, TarnException e) {
        Instant now = clock.instant();
        boolean refused = e.code() != ErrorCode.DELIVERY_FAILED && !e.code().retryable();
        boolean over =
                refused
                        ? notice.attempts() >= REFUSALS_MAX
                        : notice.createdAt().plus(GIVE_UP).isBefore(now);
        String reason = e.problems().getFirst().toString();
        return over
                ? notice.dead(now, reason)
                : notice.failed(now.plus(pause(notice.attempts())), reason);
    }

    /** Doubled with each attempt. */
    static Duration pause(int attempts) {
        Duration pause = FIRST_PAUSE.multipliedBy(1L << Math.min(Math.max(attempts - 1, 0), 20));
        return pause.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause;
    }

    private boolean put(Notice notice) {
        return store.change((AlertTables tables) -> {
            boolean counts = lease.isHeld(tables);
            if (counts) {
                tables.put(notice);
            }
            return counts;
        });
    }

    /** Returns when nothing is being sent. */
    void await() throws InterruptedException, ExecutionException {
        for (Future<?> one : sending.values()) {
            one.get();
        }
    }

    @Override
    public void close() {
        senders.shutdown();
        try {
            if (!senders.awaitTermination(BEGUN.toSeconds(), TimeUnit.SECONDS)) {
                senders.shutdownNow();
            }
        } catch (InterruptedException e) {
            senders.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
