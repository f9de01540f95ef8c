package dev.tarn.app;

import dev.tarn.model.AsOf;
import dev.tarn.model.Problem;
import dev.tarn.model.RefName;
import dev.tarn.model.RunId;
import dev.tarn.model.TarnException;
import dev.tarn.model.catalog.Ref;
import dev.tarn.model.job.Backfill;
import dev.tarn.model.job.JobName;
import dev.tarn.model.job.JobRun;
import dev.tarn.model.job.JobRunId;
import dev.tarn.model.job.JobState;
import dev.tarn.model.job.ServerBeat;
import dev.tarn.model.job.TaskName;
import dev.tarn.model.job.TaskRun;
import dev.tarn.run.RunReport;
import dev.tarn.schedule.JobControl;
import dev.tarn.schedule.JobViews;
import dev.tarn.schedule.Scheduler;
import dev.tarn.spi.JobTables;
import dev.tarn.spi.JobTables.RunFilter;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/**
 * The jobs of a project and their runs. What is asked is written down, and done by the servers that
 * are there, or will be. Safe for use by many threads.
 */
public final class Jobs {
    private static final int READY_MAX = 10_000;
    private static final int BEATS_IN_LEASE = 5;

    private final Wiring wiring;
    private final JobDefinitions definitions;
    private final FeedJobs feeds;
    private final JobDoing doing;
    private final RecentReports reports = new RecentReports();
    private final JobControl control;
    private final JobViews views;
    private final RandomGenerator random = new Locked(new SplittableRandom());

    Jobs(OpenRequest request, Wiring wiring) {
        this.wiring = wiring;
        this.feeds = new FeedJobs(request.projectDirectory());
        this.definitions =
                new JobDefinitions(
                        request.projectDirectory(),
                        new FreshJobs(
                                request.projectDirectory().toAbsolutePath().normalize(),
                                () -> new Building(request, wiring).compiled(),
                                System::nanoTime),
                        feeds);
        this.doing = new JobDoing(request, wiring, reports);
        this.control =
                new JobControl(wiring.jobs(), definitions, wiring.clock(), random, wiring.tracer());
        this.views = new JobViews(wiring.jobs(), definitions, wiring.clock());
    }

    /** Everything that is wrong in the files of jobs. */
    public List<Problem> problems() {
        return definitions.problems();
    }

    /**
     * @throws TarnException with everything that is wrong in the files of jobs
     */
    public void requireRight() {
        List<Problem> problems = problems();
        if (!problems.isEmpty()) {
            throw new TarnException(problems);
        }
    }

    /** All jobs, by name, with their last run and when they are due next. */
    public List<JobViews.Listing> list() {
        definitions.settle();
        return views.list();
    }

    public JobViews.Listing job(JobName name) {
        definitions.settle();
        return views.job(name);
    }

    /** What is known of jobs beside their files. */
    public List<JobState> states() {
        return wiring.jobs().read(JobTables::states);
    }

    /** Newest first. */
    public List<JobRun> runs(RunFilter filter) {
        return views.runs(filter);
    }

    /** How many runs of a job were due in each hour since a time, by how they stand. */
    public List<JobTables.Hour> hours(JobName name, Instant from) {
        return views.hours(name, from);
    }

    /** How many runs of a backfill stand how. */
    public Map<JobRun.Status, Long> standing(Backfill backfill) {
        return views.standing(backfill);
    }

    public JobViews.Details run(JobRunId id) {
        return views.run(id);
    }

    /** What a queued run waits for and what would release it. */
    public Optional<String> waitsFor(JobRun run) {
        return views.waitsFor(run);
    }

    /** What a run of the project came to, if this process did it and not too many since. */
    public Optional<RunReport> report(RunId id) {
        return reports.of(id);
    }

    /** What a task printed; of its last attempt unless another is asked for. */
    public Optional<String> log(JobRunId id, TaskName task, Optional<Integer> attempt) {
        return views.log(id, task, attempt);
    }

    /**
     * @param key asked for twice with the same key, there is one run
     */
    public JobRun start(
            JobName name,
            Map<String, String> params,
            Optional<JobRun.Interval> interval,
            Optional<String> key,
            String by) {
        definitions.settle();
        return control.start(name, new JobControl.StartRequest(params, interval, key, by));
    }

    /**
     * Asks for a build or statements outside of all files of jobs.
     *
     * @param key asked for twice with the same key, there is one run
     * @throws TarnException {@code USAGE} or {@code REF_NOT_FOUND} for a run that cannot be gone on
     *     from
     */
    public JobRun order(OnDemand.Order order, Optional<String> key, String by) {
        return control.start(
                OnDemand.job(order, wiring),
                new JobControl.StartRequest(Map.of(), Optional.empty(), key, by));
    }

    public JobState pause(JobName name, String by) {
        return control.pause(name, by);
    }

    public JobState resume(JobName name) {
        return control.resume(name);
    }

    public JobRun cancel(JobRunId id, String by) {
        return control.cancel(id, by);
    }

    /** Does what failed again, or a task and all that come after it. */
    public JobRun rerun(JobRunId id, Optional<TaskName> from, String by) {
        return control.again(id, from, by);
    }

    public JobRun mark(JobRunId id, TaskName task, TaskRun.Status as, String by) {
        return mark(id, task, as, Optional.empty(), by);
    }

    /**
     * The same.
     *
     * @param seen how the task stood when somebody decided this; {@code OUTDATED} if it moved
     */
    public JobRun mark(
            JobRunId id, TaskName task, TaskRun.Status as, Optional<String> seen, String by) {
        return control.mark(id, task, as, seen, by);
    }

    /** Answers a task that waits for a decision. */
    public JobRun decide(JobRunId id, TaskName task, boolean yes, String by) {
        return control.decide(id, task, yes, by);
    }

    /** The intervals that a backfill would go through. */
    public List<JobRun.Interval> previewBackfill(JobName name, JobRun.Interval range) {
        return planBackfill(name, request(range, 1, "")).intervals();
    }

    /** What a backfill would do. */
    public JobControl.Plan planBackfill(JobName name, JobControl.BackfillRequest request) {
        return control.plan(name, request);
    }

    public Backfill backfill(JobName name, JobRun.Interval range, int parallel, String by) {
        return backfill(name, request(range, parallel, by), false);
    }

    /**
     * @param atOnce whether nothing is seen on {@code main} before all runs have ended well
     */
    public Backfill backfill(JobName name, JobControl.BackfillRequest request, boolean atOnce) {
        if (!atOnce) {
            return control.backfill(name, request);
        }
        JobControl.Plan unused = control.plan(name, request);
        RefName branch =
                new RefName(
                        "backfill/%s/%s"
                                .formatted(
                                        name,
                                        JobRunId.create(wiring.clock().instant(), random)
                                                .value()
                                                .substring(1)));
        Ref made = wiring.catalog().create(branch, Ref.Kind.BRANCH, RefName.MAIN, AsOf.head());
        try {
            return control.backfill(
                    name,
                    new JobControl.BackfillRequest(
                            request.range(),
                            request.parallel(),
                            Optional.of(made.name()),
                            request.partitions(),
                            request.by()));
        } catch (TarnException e) {
            wiring.catalog().delete(branch);
            throw e;
        }
    }

    private static JobControl.BackfillRequest request(
            JobRun.Interval range, int parallel, String by) {
        return new JobControl.BackfillRequest(
                Optional.of(range), parallel, Optional.empty(), Map.of(), by);
    }

    public Backfill pauseBackfill(String id) {
        return control.pauseBackfill(id);
    }

    public Backfill resumeBackfill(String id) {
        return control.resumeBackfill(id);
    }

    public Backfill cancelBackfill(String id, String by) {
        return control.cancelBackfill(id, by);
    }

    /** Newest first. */
    public List<Backfill> backfills() {
        return views.backfills();
    }

    /** The servers that work on jobs just now. */
    public List<ServerBeat> servers() {
        return views.servers();
    }

    /**
     * What waits and works.
     *
     * @param ready tasks that could begin if there were room, as far as they were counted
     */
    public record Queue(long queued, long running, long late, int ready) {}

    public Queue queue() {
        return wiring.jobs()
                .read(tables -> {
                    List<JobRun> running = tables.runs(open(JobRun.Status.RUNNING));
                    List<JobRun> queued = tables.runs(open(JobRun.Status.QUEUED));
                    return new Queue(
                            tables.count(open(JobRun.Status.QUEUED)),
                            tables.count(open(JobRun.Status.RUNNING)),
                            Stream.concat(running.stream(), queued.stream())
                                    .filter(JobRun::late)
                                    .count(),
                            tables.ready(wiring.clock().instant(), READY_MAX).size());
                });
    }

    private static RunFilter open(JobRun.Status status) {
        return new RunFilter(Optional.empty(), Set.of(status), Optional.empty(), READY_MAX);
    }

    /** Begins to work on whatever is due, until it is closed. Feeds are told at once. */
    public Scheduler work() {
        feeds.current()
                .values()
                .forEach(feed ->
                        control.start(
                                feed,
                                new JobControl.StartRequest(
                                        Map.of(), Optional.empty(), Optional.empty(), "serve")));
        return work(settings(Optional.empty()));
    }

    /** Works on one run, until it is closed. */
    public Scheduler work(JobRunId only) {
        return work(settings(Optional.of(only)));
    }

    /** It beats several times in the time that it may be silent. */
    private Scheduler.Settings settings(Optional<JobRunId> only) {
        JobSettings jobs = wiring.settings().jobs();
        return new Scheduler.Settings(
                jobs.workers(),
                jobs.builds(),
                jobs.poll(),
                jobs.lease().dividedBy(BEATS_IN_LEASE),
                jobs.lease(),
                jobs.look(),
                jobs.history(),
                only);
    }

    private Scheduler work(Scheduler.Settings settings) {
        return Scheduler.start(
                wiring.jobs(),
                definitions,
                doing,
                wiring.clock(),
                System::nanoTime,
                random,
                settings);
    }

    /** Randomness for many threads. */
    private record Locked(SplittableRandom random) implements RandomGenerator {
        @Override
        public long nextLong() {
            synchronized (random) {
                return random.nextLong();
            }
        }
    }
}
