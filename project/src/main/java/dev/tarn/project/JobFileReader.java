package dev.tarn.project;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.Place;
import dev.tarn.model.Problem;
import dev.tarn.model.TarnException;
import dev.tarn.model.job.BreakerRule;
import dev.tarn.model.job.Job;
import dev.tarn.model.job.JobName;
import dev.tarn.model.job.JobTask;
import dev.tarn.model.job.RetryRule;
import dev.tarn.model.job.Trigger;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads one file of jobs; tells all its mistakes. */
final class JobFileReader {
    private static final int COUNT_MAX = 10_000;

    private final JobText text;
    private final Problems problems;

    private JobFileReader(JobText text, Problems problems) {
        this.text = text;
        this.problems = problems;
    }

    /** What a file says. */
    record Content(List<Job> jobs, Map<String, Integer> pools, Map<String, BreakerRule> breakers) {}

    /** Jobs with mistakes are left out. */
    static Content read(String file, String text, Problems problems) {
        Optional<YamlValue.Mapping> mapping = YamlReader.readMapping(file, text, problems);
        if (mapping.isEmpty()) {
            return new Content(List.of(), Map.of(), Map.of());
        }
        JobFileReader reader = new JobFileReader(new JobText(text, problems), problems);
        YamlSection root = new YamlSection("The file", mapping.get(), problems);
        Map<String, BreakerRule> breakers = new LinkedHashMap<>();
        Map<String, Integer> pools = reader.pools(root, breakers);
        List<Job> jobs = new ArrayList<>();
        for (YamlValue item : root.items("jobs")) {
            YamlSection.of("A job", item, problems).flatMap(reader::job).ifPresent(jobs::add);
        }
        root.accept(List.of("version"));
        root.refuseOthers();
        return new Content(jobs, pools, breakers);
    }

    private Map<String, Integer> pools(YamlSection root, Map<String, BreakerRule> breakers) {
        Map<String, Integer> pools = new LinkedHashMap<>();
        root.section("pools")
                .ifPresent(section ->
                        section.mapping()
                                .entries()
                                .forEach(e -> pool(section, e.key(), pools, breakers)));
        return pools;
    }

    /** A number of slots, or the number and when the pool rests. */
    private void pool(
            YamlSection pools,
            String name,
            Map<String, Integer> slots,
            Map<String, BreakerRule> breakers) {
        if (pools.value(name).filter(YamlValue.Mapping.class::isInstance).isEmpty()) {
            text.count(pools, name, 1, COUNT_MAX).ifPresent(n -> slots.put(name, n));
            return;
        }
        YamlSection pool = pools.section(name).orElseThrow();
        pool.required("slots");
        text.count(pool, "slots", 1, COUNT_MAX).ifPresent(n -> slots.put(name, n));
        breaker(pool, text).ifPresent(rule -> breakers.put(name, rule));
        pool.refuseOthers();
    }

    private static Optional<BreakerRule> breaker(YamlSection section, JobText texts) {
        Optional<YamlSection> breaker = section.section("breaker");
        if (breaker.isEmpty()) {
            return Optional.empty();
        }
        breaker.get().required("failures");
        breaker.get().required("rest");
        Optional<Integer> failures = texts.count(breaker.get(), "failures", 1, COUNT_MAX);
        Optional<Duration> rest = texts.time(breaker.get(), "rest", Duration.ofSeconds(1));
        breaker.get().refuseOthers();
        return failures.flatMap(f -> rest.map(r -> new BreakerRule(f, r)));
    }

    private Optional<Job> job(YamlSection unnamed) {
        Optional<String> given = unnamed.required("name");
        if (given.isEmpty()) {
            return Optional.empty();
        }
        Place place = unnamed.entry("name").map(e -> e.value().place()).orElse(unnamed.place());
        JobName name;
        try {
            name = new JobName(given.get());
        } catch (TarnException e) {
            problems.addAll(e.at(place).problems());
            return Optional.empty();
        }
        Problems own = new Problems();
        Job job = new One(own).read(name, place, unnamed.mapping());
        problems.addAll(own.sorted());
        return own.isEmpty() ? Optional.of(job) : Optional.empty();
    }

    /** Reads one job; what is wrong with it keeps no other from being read. */
    private final class One {
        private final Problems wrong;
        private final JobText texts;

        One(Problems wrong) {
            this.wrong = wrong;
            this.texts = text.with(wrong);
        }

        Job read(JobName name, Place place, YamlValue.Mapping mapping) {
            YamlSection job = new YamlSection("Job '" + name + "'", mapping, wrong);
            job.accept(List.of("name"));
            Optional<Instant> start = texts.moment(job, "start");
            Optional<Instant> end = texts.moment(job, "end");
            if (start.isPresent() && end.isPresent() && !end.get().isAfter(start.get())) {
                wrong.add(JobErrors.endBeforeStart(place));
            }
            RetryRule retry = new JobRetryReader(texts, wrong).read(job, RetryRule.DEFAULT);
            Job made =
                    new Job(
                            name,
                            place,
                            job.text("description").orElse(""),
                            job.text("owner"),
                            triggers(job, start),
                            texts.choice(job, "catch_up", Job.CatchUp.class, Job.CatchUp.LATEST),
                            start,
                            end,
                            texts.count(job, "runs_at_a_time", 1, COUNT_MAX).orElse(1),
                            texts.count(job, "priority", -COUNT_MAX, COUNT_MAX).orElse(0),
                            job.textMap("params"),
                            texts.time(job, "timeout", Duration.ofMillis(1)),
                            texts.time(job, "deadline", Duration.ofMillis(1)),
                            breaker(job, texts),
                            tasks(job, retry));
            job.refuseOthers();
            if (made.tasks().isEmpty() && wrong.isEmpty()) {
                wrong.add(JobErrors.noTasks(made));
            }
            return made;
        }

        private List<Trigger> triggers(YamlSection job, Optional<Instant> start) {
            JobTriggerReader reader = new JobTriggerReader(texts, wrong, start);
            Optional<YamlValue> value = job.value("schedule");
            List<YamlValue> all =
                    switch (value.orElse(null)) {
                        case null -> List.of();
                        case YamlValue.Sequence list -> list.items();
                        case YamlValue one -> List.of(one);
                    };
            List<Trigger> triggers = new ArrayList<>();
            all.forEach(one -> reader.read(one).ifPresent(triggers::add));
            return triggers;
        }

        private List<JobTask> tasks(YamlSection job, RetryRule retry) {
            JobTaskReader reader = new JobTaskReader(texts, wrong, retry);
            List<JobTask> tasks = new ArrayList<>();
            for (YamlValue item : job.items("tasks")) {
                YamlSection.of("A task", item, wrong).flatMap(reader::read).ifPresent(tasks::add);
            }
            JobTaskOrder.check(tasks, wrong);
            return tasks;
        }
    }

    /** A problem that a text itself tells of. */
    static void add(Problems problems, TarnException e, Place place) {
        problems.addAll(e.at(place).problems());
    }

    static Problem invalid(Place place, String message) {
        return Problem.at(ErrorCode.CONFIG_INVALID, place, message);
    }
}
