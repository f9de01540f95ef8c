package dev.tarn.schedule;

import dev.tarn.model.TableName;
import dev.tarn.model.TarnException;
import dev.tarn.model.job.Job;
import dev.tarn.model.job.JobRun;
import dev.tarn.model.job.JobState;
import dev.tarn.model.job.Trigger;
import dev.tarn.spi.JobStore;
import dev.tarn.spi.JobTables.RunFilter;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks for new states of tables and new files. What was seen is kept with the job, and compared
 * and replaced in one change: of several servers that see the same, one makes the run.
 */
final class Events {
    private static final Logger log = LoggerFactory.getLogger(Events.class);

    private final JobStore store;
    private final Definitions definitions;
    private final Doing doing;
    private final Clock clock;
    private final RandomGenerator random;
    private final Conditions conditions;

    Events(
            JobStore store,
            Definitions definitions,
            Doing doing,
            Clock clock,
            RandomGenerator random) {
        this.store = store;
        this.definitions = definitions;
        this.doing = doing;
        this.clock = clock;
        this.random = random;
        this.conditions = new Conditions(doing);
    }

    void look(Instant now) {
        Definitions.Current current = definitions.current();
        for (Definitions.Known known : current.jobs().values()) {
            if (known.job().triggers().stream().anyMatch(Events::isEvent)) {
                try {
                    look(known, current, now);
                } catch (TarnException e) {
                    log.warn(
                            "Job {} cannot see what starts it: {}",
                            known.job().name(),
                            e.getMessage());
                }
            }
        }
    }

    private static boolean isEvent(Trigger trigger) {
        return trigger instanceof Trigger.OnPublished
                || trigger instanceof Trigger.OnFile
                || trigger instanceof Trigger.Fresh;
    }

    private void look(Definitions.Known known, Definitions.Current current, Instant now) {
        Job job = known.job();
        JobState state =
                store.read(tables -> tables.state(job.name())).orElse(JobState.fresh(job.name()));
        boolean rests =
                store.read(tables ->
                        new Breakers(tables, current, now).resting(job.name()).isPresent());
        if (state.isPaused() || rests) {
            return;
        }
        Seen seen = Seen.parse(state.seen());
        Seen next = new Seen(new TreeMap<>(seen.values()));
        Map<String, String> fired = new LinkedHashMap<>();
        for (Trigger trigger : job.triggers()) {
            switch (trigger) {
                case Trigger.OnPublished t -> published(t, seen, next, fired);
                case Trigger.OnFile t -> file(t, seen, next, fired);
                case Trigger.Fresh t -> fresh(t, job, now, fired);
                default -> {}
            }
        }
        if (fired.isEmpty() && next.equals(seen)) {
            return;
        }
        store.change(tables -> {
            JobState latest = tables.state(job.name()).orElse(state);
            if (!latest.seen().equals(state.seen())) {
                return latest;
            }
            if (tables.state(job.name()).isEmpty() || !next.equals(seen)) {
                tables.put(
                        (latest.handled().isPresent() ? latest : latest.handled(now))
                                .seen(next.text()));
            }
            RunLogic logic = new RunLogic(tables, definitions, current, now, random);
            fired.forEach((key, by) ->
                    logic.add(
                            known,
                            new RunLogic.NewRun(
                                    key,
                                    JobRun.Cause.EVENT,
                                    by,
                                    new JobRun.Interval(now, now),
                                    now,
                                    Map.of(),
                                    Optional.empty())));
            return latest;
        });
    }

    private void published(
            Trigger.OnPublished trigger, Seen seen, Seen next, Map<String, String> fired) {
        Map<String, String> moved = new LinkedHashMap<>();
        for (TableName table : trigger.tables()) {
            String key = "table " + table;
            String version =
                    doing.table(table).map(p -> Long.toString(p.publication())).orElse("none");
            String before = seen.values().get(key);
            if (before == null) {
                next.values().put(key, version);
            } else if (!before.equals(version) && !version.equals("none")) {
                moved.put(key, version);
            }
        }
        boolean enough = trigger.all() ? moved.size() == trigger.tables().size() : !moved.isEmpty();
        if (enough && holds(trigger, moved.toString(), next)) {
            next.values().putAll(moved);
            fired.put("event:" + Seen.hash(moved.toString()), String.join(", ", moved.keySet()));
        }
    }

    /**
     * What was published counts once its condition holds; one that does not is asked again when
     * more was published. What keeps it from being asked is written down for people.
     */
    private boolean holds(Trigger.OnPublished trigger, String state, Seen next) {
        if (trigger.condition().isEmpty()) {
            return true;
        }
        String asked = Seen.ASKED + Seen.hash(trigger.condition().get().text());
        if (state.equals(next.values().get(asked))) {
            return false;
        }
        Optional<Conditions.Answer> answer =
                conditions.ask(new Conditions.Question(trigger.condition().get(), state));
        if (answer.isEmpty()) {
            return false;
        }
        if (answer.get().holds()) {
            next.values().remove(asked);
        } else {
            next.values().put(asked, state);
        }
        next.values().remove(Seen.TROUBLE);
        answer.get().trouble().ifPresent(t -> next.values().put(Seen.TROUBLE, t));
        return answer.get().holds();
    }

    private void file(Trigger.OnFile trigger, Seen seen, Seen next, Map<String, String> fired) {
        List<String> files = doing.files(trigger.pattern());
        String key = "files " + trigger.pattern();
        Map<String, String> hashes = new LinkedHashMap<>();
        files.forEach(f -> hashes.put(Seen.hash(f), f.replaceFirst("\\|.*$", "")));
        String before = seen.values().get(key);
        String now = String.join(" ", hashes.keySet());
        if (now.equals(before)) {
            return;
        }
        next.values().put(key, now);
        if (before != null) {
            List<String> known = List.of(before.split(" "));
            hashes.keySet().removeAll(known);
            if (!hashes.isEmpty()) {
                fired.put(
                        "event:" + Seen.hash(String.join(" ", hashes.keySet())),
                        hashes.size() == 1
                                ? "file " + hashes.values().iterator().next()
                                : hashes.size() + " files");
            }
        }
    }

    /** Begins as long before a table is too old as the last run took, with something to spare. */
    private void fresh(Trigger.Fresh trigger, Job job, Instant now, Map<String, String> fired) {
        Optional<Doing.Published> table = doing.table(trigger.table());
        Duration within = trigger.within();
        Duration lead =
                store.read(tables -> tables.runs(last(job))).stream()
                        .findFirst()
                        .map(r ->
                                Duration.between(
                                        r.startedAt().orElse(now), r.finishedAt().orElse(now)))
                        .map(d -> d.multipliedBy(3).dividedBy(2))
                        .orElse(within.dividedBy(10));
        Duration least = within.dividedBy(2);
        Duration age = within.minus(lead).compareTo(least) < 0 ? least : within.minus(lead);
        Instant due = table.map(t -> t.at().plus(age)).orElse(now);
        if (due.isAfter(now)) {
            return;
        }
        // While the table stays as it is, for whatever reason, it is tried again now and then.
        long again = Duration.between(due, now).toMillis() / Math.max(60_000, least.toMillis());
        long working =
                store.read(tables ->
                        tables.count(
                                RunFilter.of(
                                        job.name(), JobRun.Status.QUEUED, JobRun.Status.RUNNING)));
        if (working == 0) {
            String state =
                    table.map(t -> Long.toString(t.publication()))
                            .orElse("none" + clock.instant().getEpochSecond() / 60);
            fired.put(
                    "fresh:%s:%s:%d".formatted(trigger.table(), state, again),
                    "%s would be older than %s"
                            .formatted(
                                    trigger.table(), dev.tarn.model.job.Durations.words(within)));
        }
    }

    private static RunFilter last(Job job) {
        return new RunFilter(
                Optional.of(job.name()),
                java.util.Set.of(JobRun.Status.SUCCEEDED),
                Optional.empty(),
                1);
    }
}
