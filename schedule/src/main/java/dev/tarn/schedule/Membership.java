package dev.tarn.schedule;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.RunId;
import dev.tarn.model.job.Attempt;
import dev.tarn.model.job.JobRun;
import dev.tarn.model.job.JobRunId;
import dev.tarn.model.job.ServerBeat;
import dev.tarn.model.job.ServerId;
import dev.tarn.model.job.TaskRun;
import dev.tarn.spi.JobStore;
import dev.tarn.spi.JobTables;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One server among others: it says that it lives, and takes over what those leave that do not. That
 * a server is dead is seen by its beats standing still, by a clock that nobody sets, or by its
 * process being gone from this machine. Belongs to one thread but for {@link #bind}.
 */
final class Membership {
    private static final Logger log = LoggerFactory.getLogger(Membership.class);
    static final int LOSSES_MAX = 10;
    private static final Duration FORGET = Duration.ofHours(1);
    private static final int FORGET_RUNS = 1_000;

    private final JobStore store;
    private final Definitions definitions;
    private final Doing doing;
    private final JobSpans spans;
    private final Clock clock;
    private final LongSupplier ticker;
    private final RandomGenerator random;
    private final Scheduler.Settings settings;
    private final Map<ServerId, Seen> seen = new HashMap<>();
    private volatile ServerBeat self;
    private long beatAt;

    private record Seen(long beats, long since) {}

    Membership(
            JobStore store,
            Definitions definitions,
            Doing doing,
            Clock clock,
            LongSupplier ticker,
            RandomGenerator random,
            Scheduler.Settings settings) {
        this.store = store;
        this.definitions = definitions;
        this.doing = doing;
        this.spans = new JobSpans(doing.tracer());
        this.clock = clock;
        this.ticker = ticker;
        this.random = random;
        this.settings = settings;
        this.self = fresh();
    }

    ServerId id() {
        return self.id();
    }

    /** Begins to be a server, under a name that none has had. */
    void join() {
        ServerBeat fresh = fresh();
        store.change(tables -> {
            tables.put(fresh);
            return fresh;
        });
        self = fresh;
        beatAt = ticker.getAsLong();
        takeOver();
    }

    private ServerBeat fresh() {
        Instant now = clock.instant();
        String id = "%s-%d-%06x".formatted(host(), pid(), random.nextInt(1 << 24));
        return new ServerBeat(
                new ServerId(id), host(), pid(), processStart(pid()), now, now, 1, false);
    }

    /** Says that it lives when it is time to; false if others think that it does not. */
    boolean beat() {
        if (ticker.getAsLong() - beatAt < settings.beat().toNanos()) {
            return true;
        }
        beatAt = ticker.getAsLong();
        ServerBeat old = self;
        ServerBeat next =
                new ServerBeat(
                        old.id(),
                        old.host(),
                        old.process(),
                        old.processStart(),
                        old.startedAt(),
                        clock.instant(),
                        old.beats() + 1,
                        false);
        boolean member =
                store.change(tables -> {
                    boolean still = isMember(tables);
                    if (still) {
                        tables.put(next);
                        tables.forgetRuns(clock.instant().minus(settings.history()), FORGET_RUNS);
                    }
                    return still;
                });
        if (member) {
            self = next;
            takeOver();
        }
        return member;
    }

    /** Whether what this server says still counts. */
    boolean isMember(JobTables tables) {
        return tables.servers().stream().anyMatch(s -> s.id().equals(id()) && !s.lost());
    }

    /**
     * Writes down which run of the project a task has begun.
     *
     * @throws dev.tarn.model.TarnException {@code RUN_LOST} if the task is not this server's any
     *     more
     */
    void bind(TaskRun given, RunId run) {
        boolean bound =
                store.change(tables -> {
                    Optional<TaskRun> now =
                            tables.task(given.run(), given.task())
                                    .filter(t -> t.fence() == given.fence())
                                    .filter(t -> t.status() == TaskRun.Status.RUNNING)
                                    .filter(t ->
                                            given.server()
                                                    .filter(s -> lives(tables, s))
                                                    .isPresent());
                    now.ifPresent(
                            t -> tables.put(List.of(t.change().work(Optional.of(run)).done())));
                    return now.isPresent();
                });
        if (!bound) {
            throw ScheduleErrors.fenced();
        }
    }

    private static boolean lives(JobTables tables, ServerId server) {
        return tables.servers().stream().anyMatch(s -> s.id().equals(server) && !s.lost());
    }

    /** Takes the tasks of servers that are no more. */
    private void takeOver() {
        List<ServerBeat> all = store.read(JobTables::servers);
        List<ServerBeat> dead =
                all.stream().filter(s -> !s.id().equals(id())).filter(this::isDead).toList();
        if (dead.isEmpty()) {
            return;
        }
        // From here on nothing counts any more that they say; only then it is certain what they
        // did.
        store.change(tables -> {
            dead.forEach(s -> tables.put(lost(s)));
            return dead;
        });
        for (ServerBeat server : dead) {
            List<TaskRun> left = store.read(tables -> tables.at(server.id()));
            Map<TaskRun, Boolean> published = new HashMap<>();
            left.forEach(t -> published.put(t, t.work().map(doing::settle).orElse(false)));
            if (!left.isEmpty()) {
                log.info(
                        "Takes over {} tasks of server {}, which is gone",
                        left.size(),
                        server.id());
            }
            spans.ended(store.change(tables -> takeOver(tables, server, published)));
        }
    }

    /**
     * @return the runs that are over by this
     */
    private List<JobRun> takeOver(
            JobTables tables, ServerBeat server, Map<TaskRun, Boolean> published) {
        Instant now = clock.instant();
        List<TaskRun> changed = new ArrayList<>();
        List<Attempt> attempts = new ArrayList<>();
        Set<JobRunId> finished = new LinkedHashSet<>();
        for (TaskRun task : tables.at(server.id())) {
            Boolean isPublished = published.get(task);
            if (isPublished != null) {
                changed.add(freed(task, isPublished, now));
                attempts.add(attempt(task, server.id(), isPublished, now));
                if (isPublished) {
                    finished.add(task.run());
                }
            }
        }
        tables.put(changed);
        tables.add(attempts);
        RunLogic logic = new RunLogic(tables, definitions, definitions.current(), now, random);
        for (JobRunId id : finished) {
            tables.run(id).ifPresent(run -> logic.goOn(run, logic.job(run)));
        }
        if (changed.isEmpty() && server.beatAt().isBefore(now.minus(FORGET))) {
            tables.forget(server.id());
        }
        return logic.over();
    }

    /** What was published is done; what was not is begun again. */
    private static TaskRun freed(TaskRun task, boolean published, Instant now) {
        TaskRun.Change change = task.change();
        if (published) {
            return change.now(TaskRun.Status.SUCCEEDED, now).done();
        }
        change.lost().ready(now);
        return task.cancel() ? change.askedToStop().done() : change.done();
    }

    private static Attempt attempt(TaskRun task, ServerId server, boolean published, Instant now) {
        return new Attempt(
                task.run(),
                task.task(),
                task.attempt(),
                published ? Attempt.Outcome.SUCCEEDED : Attempt.Outcome.LOST,
                server,
                task.startedAt().orElse(now),
                now,
                task.work(),
                published ? Optional.empty() : Optional.of(ErrorCode.RUN_LOST),
                Optional.of(
                        published
                                ? "published; its server vanished before it could say so"
                                : "its server vanished"));
    }

    private boolean isDead(ServerBeat server) {
        if (server.lost()) {
            return true;
        }
        if (server.host().equals(host()) && isGone(server)) {
            return true;
        }
        long now = ticker.getAsLong();
        Seen before = seen.get(server.id());
        if (before == null || before.beats() != server.beats()) {
            seen.put(server.id(), new Seen(server.beats(), now));
            return false;
        }
        return now - before.since() > settings.lease().toNanos();
    }

    /** Whether a process of this machine is there no more, or is another one. */
    private static boolean isGone(ServerBeat server) {
        return ProcessHandle.of(server.process())
                .map(p -> server.processStart() != processStart(server.process()))
                .orElse(true);
    }

    private static ServerBeat lost(ServerBeat s) {
        return new ServerBeat(
                s.id(),
                s.host(),
                s.process(),
                s.processStart(),
                s.startedAt(),
                s.beatAt(),
                s.beats(),
                true);
    }

    /** Has nothing to do any more and says so. */
    void leave() {
        store.change(tables -> {
            if (tables.at(id()).isEmpty()) {
                tables.forget(id());
            } else {
                tables.put(lost(self));
            }
            return tables;
        });
    }

    private static long pid() {
        return ProcessHandle.current().pid();
    }

    private static long processStart(long pid) {
        return ProcessHandle.of(pid)
                .flatMap(p -> p.info().startInstant())
                .map(Instant::toEpochMilli)
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
