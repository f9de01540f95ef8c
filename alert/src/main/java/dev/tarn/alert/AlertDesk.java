package dev.tarn.alert;

import dev.tarn.model.TarnException;
import dev.tarn.model.alert.AlertBook;
import dev.tarn.spi.AlertStore;
import dev.tarn.spi.AlertTables;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One server's part in alerts. Of all that are there, one looks what is red and sends messages;
 * when it vanishes, another does. All that must not be lost is in the store; this object may be
 * gone at any moment.
 */
public final class AlertDesk implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(AlertDesk.class);
    private static final int FORGET_MAX = 1_000;

    private final AlertStore store;
    private final AlertFacts facts;
    private final Clock clock;
    private final LongSupplier ticker;
    private final Settings settings;
    private final Lease lease;
    private final Courier courier;
    private final Semaphore bell = new Semaphore(0);
    private final Thread thread;
    private volatile boolean closing;
    private long lookAt;

    /**
     * How it behaves.
     *
     * @param look how often it looks what is red
     * @param poll how often it looks what is to be sent, and says that it lives
     * @param lease how long another server may be silent
     * @param history how long alerts and messages are remembered after their end
     */
    public record Settings(Duration look, Duration poll, Duration lease, Duration history) {
        public static final Settings DEFAULT =
                new Settings(
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(15),
                        Duration.ofDays(30));
    }

    /**
     * @param ticker nanoseconds of a clock that nobody sets
     * @param secrets gives the secret behind a reference
     * @param name no other server has it
     */
    private AlertDesk(
            AlertStore store,
            AlertFacts facts,
            UnaryOperator<String> secrets,
            Clock clock,
            LongSupplier ticker,
            String name,
            Settings settings) {
        this.store = store;
        this.facts = facts;
        this.clock = clock;
        this.ticker = ticker;
        this.settings = settings;
        this.lease = new Lease(store, ticker, settings.lease(), name);
        this.courier =
                new Courier(
                        store, facts, new Messenger(clock, secrets), lease, clock, bell::release);
        this.lookAt = ticker.getAsLong();
        this.thread = Thread.ofPlatform().name("alerts").daemon(true).unstarted(this::loop);
    }

    /** Begins to look and to send, until it is closed. */
    public static AlertDesk start(
            AlertStore store,
            AlertFacts facts,
            UnaryOperator<String> secrets,
            Clock clock,
            LongSupplier ticker,
            String name,
            Settings settings) {
        AlertDesk desk = new AlertDesk(store, facts, secrets, clock, ticker, name, settings);
        desk.thread.start();
        return desk;
    }

    /** For tests, which say when it does what. */
    static AlertDesk idle(
            AlertStore store,
            AlertFacts facts,
            UnaryOperator<String> secrets,
            Clock clock,
            LongSupplier ticker,
            String name,
            Settings settings) {
        return new AlertDesk(store, facts, secrets, clock, ticker, name, settings);
    }

    private void loop() {
        while (!closing) {
            try {
                turn();
            } catch (TarnException e) {
                // The database may come back; nothing is lost meanwhile.
                log.warn("Alerts could not be looked after: {}", e.getMessage());
            } catch (RuntimeException e) {
                log.error("Alerts could not be looked after", e);
            }
            try {
                if (bell.tryAcquire(settings.poll().toMillis(), TimeUnit.MILLISECONDS)) {
                    bell.drainPermits();
                }
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    /** Does what there is to do now; whether it was this server's turn. */
    boolean turn() {
        AlertBook book = facts.book();
        boolean idle = book.rules().isEmpty() && store.read(AlertTables::open).isEmpty();
        if (idle && store.read(AlertTables::nextDue).isEmpty()) {
            return false;
        }
        if (!lease.keep()) {
            return false;
        }
        if (ticker.getAsLong() - lookAt >= 0) {
            lookAt = ticker.getAsLong() + settings.look().toNanos();
            look(book);
        }
        courier.send();
        return true;
    }

    /** Returns when nothing is being sent. */
    void await() throws InterruptedException, ExecutionException {
        courier.await();
    }

    /** Also while the project is broken: what can be found out then is told. */
    private void look(AlertBook book) {
        Instant now = clock.instant();
        Judgement judgement = Judgement.of(book, facts, now);
        store.change(tables -> {
            if (lease.isHeld(tables)) {
                new Bookkeeping(tables, book, now).update(judgement);
                tables.forget(now.minus(settings.history()), FORGET_MAX);
            }
            return judgement;
        });
    }

    /** Stops; what is being sent may end first. */
    @Override
    public void close() {
        closing = true;
        bell.release();
        try {
            thread.join(Courier.BEGUN.toMillis());
            courier.close();
            lease.leave();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (TarnException e) {
            log.warn("The server could not say good-bye: {}", e.getMessage());
        }
    }
}
