package dev.tarn.schedule;

import dev.tarn.model.TarnException;
import dev.tarn.model.job.Breaker;
import dev.tarn.model.job.JobName;
import dev.tarn.model.job.JobRun;
import dev.tarn.model.job.JobRunId;
import dev.tarn.model.job.JobState;
import dev.tarn.model.job.ServerId;
import dev.tarn.model.job.TaskName;
import dev.tarn.model.job.TaskRun;
import dev.tarn.spi.JobStore;
import dev.tarn.spi.JobTables;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One server's part in the jobs: it makes runs that are due, takes tasks, does them, and writes
 * down how they ended. Any number of servers may do this on one store. One thread decides, others
 * work. All that must not be lost is in the store; this object may be gone at any moment.
 */
public final class Scheduler implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Scheduler.class);
    private static final Duration CLOSING = Duration.ofSeconds(10);
    private static final int TURN_MAX = 2_000;

    private final JobStore store;
    private final Definitions definitions;
    private final TaskWork work;
    private final JobSpans spans;
    private final Clock clock;
    private final LongSupplier ticker;
    private final RandomGenerator random;
    private final Settings settings;
    private final Membership membership;
    private final Events events;
    private final Planner.Memo memo = new Planner.Memo();
    private final Map<Key, Control> working = new ConcurrentHashMap<>();
    private final ConcurrentLinkedQueue<Completion.Done> done = new ConcurrentLinkedQueue<>();
    private final Semaphore bell = new Semaphore(0);
    private final ScheduledExecutorService timers =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().name("job-timers").daemon(true).factory());
    private final Thread thread;
    private volatile boolean closing;
    private final AtomicInteger heavy = new AtomicInteger();
    private long eventsAt;
    private long logsAt;

    /**
     * How much a server takes on.
     *
     * @param workers tasks at a time
     * @param builds tasks at a time that use the engine
     * @param poll how often it looks for what others changed
     * @param beat how often it says that it lives
     * @param lease how long another server may be silent
     * @param look how often it looks for new tables and files
     * @param history how long runs are remembered after their end
     * @param only the one run it works on, instead of whatever is due
     */
    public record Settings(
            int workers,
            int builds,
            Duration poll,
            Duration beat,
            Duration lease,
            Duration look,
            Duration history,
            Optional<JobRunId> only) {
        public static final Settings DEFAULT =
                new Settings(
                        64,
                        2,
                        Duration.ofMillis(250),
                        Duration.ofSeconds(3),
                        Duration.ofSeconds(15),
                        Duration.ofSeconds(2),
                        Duration.ofDays(90),
                        Optional.empty());
    }

    record Key(JobRunId run, TaskName task, long fence) {
        static Key of(TaskRun task) {
            return new Key(task.run(), task.task(), task.fence());
        }
    }

    private Scheduler(
            JobStore store,
            Definitions definitions,
            Doing doing,
            Clock clock,
            LongSupplier ticker,
            RandomGenerator random,
            Settings settings) {
        this.store = store;
        this.definitions = definitions;
        this.work = new TaskWork(doing, new Templates(), clock);
        this.spans = new JobSpans(doing.tracer());
        this.clock = clock;
        this.ticker = ticker;
        this.random = random;
        this.settings = settings;
        this.membership =
                new Membership(store, definitions, doing, clock, ticker, random, settings);
        this.events = new Events(store, definitions, doing, clock, random);
        this.eventsAt = ticker.getAsLong();
        this.thread = Thread.ofPlatform().name("scheduler").daemon(true).unstarted(this::loop);
    }

    /**
     * @param ticker nanoseconds of a clock that nobody sets
     */
    public static Scheduler start(
            JobStore store,
            Definitions definitions,
            Doing doing,
            Clock clock,
            LongSupplier ticker,
            RandomGenerator random,
            Settings settings) {
        Scheduler scheduler =
                new Scheduler(store, definitions, doing, clock, ticker, random, settings);
        scheduler.membership.join();
        scheduler.thread.start();
        return scheduler;
    }

    /** Something changed in the store that it should look at now. */
    public void wake() {
        bell.release();
    }

    private void loop() {
        while (!closing) {
            Duration pause = settings.poll();
            try {
                pause = turn();
            } catch (TarnException e) {
                // The database may come back; what was done meanwhile is told then.
                log.warn("The scheduler could not go on: {}", e.getMessage());
            } catch (RuntimeException e) {
                log.error("The scheduler could not go on", e);
            }
            try {
                if (bell.tryAcquire(Math.max(1, pause.toMillis()), TimeUnit.MILLISECONDS)) {
                    bell.drainPermits();
                }
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    /** Does everything there is to do now; returns how long nothing will be. */
    private Duration turn() {
        Instant now = clock.instant();
        if (!membership.beat()) {
            // Others declared this server dead and may do its tasks already.
            working.values().forEach(c -> c.stop(Control.Stop.FENCED));
            membership.join();
        }
        if (settings.only().isEmpty() && ticker.getAsLong() - eventsAt >= 0) {
            eventsAt = ticker.getAsLong() + settings.look().toNanos();
            events.look(now);
        }
        keepLogs();
        Definitions.Current current = definitions.current();
        List<Completion.Done> ended = drained();
        Outlook outlook = store.read(tables -> outlook(tables, current, now));
        for (TaskRun task : outlook.mine()) {
            Control control = working.get(Key.of(task));
            if (task.cancel() && control != null) {
                control.stop(Control.Stop.CANCELLED);
            }
        }
        if (ended.isEmpty() && !outlook.work()) {
            return outlook.pause();
        }
        Changed changed;
        try {
            changed = store.change(tables -> change(tables, current, ended, now));
        } catch (RuntimeException e) {
            done.addAll(ended);
            throw e;
        }
        List<TaskWork.Order> orders = changed.orders();
        orders.forEach(this::begin);
        spans.ended(changed.over());
        return orders.isEmpty() && done.isEmpty()
                ? store.read(tables -> outlook(tables, current, clock.instant())).pause()
                : Duration.ofMillis(1);
    }

    private List<Completion.Done> drained() {
        List<Completion.Done> all = new ArrayList<>();
        for (Completion.Done one = done.poll(); one != null; one = done.poll()) {
            all.add(one);
            if (all.size() >= TURN_MAX) {
                break;
            }
        }
        return all;
    }

    /** What there is to do, and for how long nothing if there is nothing. */
    private record Outlook(boolean work, List<TaskRun> mine, Duration pause) {}

    private Outlook outlook(JobTables tables, Definitions.Current current, Instant now) {
        Instant next = now.plus(settings.poll());
        boolean work = false;
        Map<JobName, JobState> states = new HashMap<>();
        tables.states().forEach(s -> states.put(s.job(), s));
        Breakers breakers = new Breakers(tables, current, now);
        for (Definitions.Known known : planned(current)) {
            Optional<JobState> state = Optional.ofNullable(states.get(known.job().name()));
            Optional<Breaker> rest = breakers.resting(known.job().name());
            if (rest.isPresent()) {
                next = rest.flatMap(Breaker::openUntil).filter(next::isAfter).orElse(next);
                continue;
            }
            Optional<Instant> due = memo.next(known.job(), state, now);
            work |= state.flatMap(JobState::handled).filter(h -> !h.isAfter(now)).isEmpty();
            work |= due.filter(d -> !d.isAfter(now)).isPresent();
            next = due.filter(next::isAfter).orElse(next);
        }
        Optional<Instant> ready = tables.nextReady();
        boolean room = working.size() < settings.workers();
        work |= room && ready.filter(r -> !r.isAfter(now)).isPresent();
        next = ready.filter(r -> r.isAfter(now)).filter(next::isAfter).orElse(next);
        Optional<Instant> overdue = tables.nextOverdue();
        work |= overdue.filter(o -> !o.isAfter(now)).isPresent();
        next = overdue.filter(o -> o.isAfter(now)).filter(next::isAfter).orElse(next);
        return new Outlook(
                work,
                working.isEmpty() ? List.of() : tables.at(membership.id()),
                Duration.between(now, next));
    }

    /** What is to be done now, and the runs that are over. */
    private record Changed(List<TaskWork.Order> orders, List<JobRun> over) {}

    private Changed change(
            JobTables tables,
            Definitions.Current current,
            List<Completion.Done> ended,
            Instant now) {
        if (!membership.isMember(tables)) {
            return new Changed(List.of(), List.of());
        }
        RunLogic logic = new RunLogic(tables, definitions, current, now, random);
        new Completion(tables, logic, now, random).apply(ended);
        Map<JobName, JobState> states = new HashMap<>();
        tables.states().forEach(s -> states.put(s.job(), s));
        Planner planner = new Planner(tables, logic, now);
        for (Definitions.Known known : planned(current)) {
            planner.plan(known, Optional.ofNullable(states.get(known.job().name())));
        }
        for (JobRun run : tables.overdue(now)) {
            new Overdue(tables, logic, now).handle(run);
        }
        List<TaskWork.Order> orders =
                new Claims(tables, logic, current, membership.id(), settings.only(), now)
                        .take(settings.workers() - working.size(), settings.builds() - heavy.get());
        return new Changed(orders, logic.over());
    }

    private Collection<Definitions.Known> planned(Definitions.Current current) {
        return settings.only().isPresent() ? List.of() : current.jobs().values();
    }

    private void begin(TaskWork.Order order) {
        BoundedLog printed = new BoundedLog();
        Key key = Key.of(order.state());
        Control control = new Control(run -> membership.bind(order.state(), run), printed);
        working.put(key, control);
        heavy.addAndGet(Claims.isHeavy(order.task(), order.state().task()) ? 1 : 0);
        Thread unused =
                Thread.ofVirtual()
                        .name(order.run().id() + "." + order.task().name())
                        .start(() -> work(order, control));
        order.task()
                .timeout()
                .ifPresent(time -> {
                    ScheduledFuture<?> timer =
                            timers.schedule(
                                    () -> control.stop(Control.Stop.TIMEOUT),
                                    time.toMillis(),
                                    TimeUnit.MILLISECONDS);
                    control.onEnd(() -> timer.cancel(false));
                });
    }

    private void work(TaskWork.Order order, Control control) {
        TaskResult result = work.execute(order, control);
        control.ended();
        done.add(
                new Completion.Done(
                        order.state(), order.task(), membership.id(), result, control.log()));
        working.remove(Key.of(order.state()));
        heavy.addAndGet(Claims.isHeavy(order.task(), order.state().task()) ? -1 : 0);
        bell.release();
    }

    /** What tasks print is kept while they work, so that people can follow. */
    private void keepLogs() {
        if (ticker.getAsLong() - logsAt < 0 || working.isEmpty()) {
            return;
        }
        logsAt = ticker.getAsLong() + Duration.ofSeconds(1).toNanos();
        Map<Key, String> texts = new HashMap<>();
        working.forEach((key, control) -> control.freshLog().ifPresent(t -> texts.put(key, t)));
        if (!texts.isEmpty()) {
            store.change(tables -> {
                texts.forEach((key, text) ->
                        tables.task(key.run(), key.task())
                                .filter(t -> t.fence() == key.fence())
                                .ifPresent(
                                        t -> tables.log(key.run(), key.task(), t.attempt(), text)));
                return true;
            });
        }
    }

    /** The name of this server in the store. */
    public ServerId id() {
        return membership.id();
    }

    /**
     * Stops what works and gives it back, so that another server begins it at once. Waits a while
     * for it.
     */
    @Override
    public void close() {
        closing = true;
        bell.release();
        try {
            thread.join(CLOSING.toMillis());
            working.values().forEach(c -> c.stop(Control.Stop.CLOSING));
            long giveUp = System.nanoTime() + CLOSING.toNanos();
            while (!working.isEmpty() && System.nanoTime() - giveUp < 0) {
                if (bell.tryAcquire(100, TimeUnit.MILLISECONDS)) {
                    bell.drainPermits();
                }
            }
            List<Completion.Done> ended = new ArrayList<>(done);
            Definitions.Current current = definitions.current();
            Instant now = clock.instant();
            spans.ended(
                    store.change(tables -> {
                        if (!membership.isMember(tables)) {
                            return List.of();
                        }
                        RunLogic logic = new RunLogic(tables, definitions, current, now, random);
                        new Completion(tables, logic, now, random).apply(ended);
                        return logic.over();
                    }));
            membership.leave();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (TarnException e) {
            log.warn("The server could not say good-bye: {}", e.getMessage());
        } finally {
            timers.shutdownNow();
        }
    }
}
