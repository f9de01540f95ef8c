package dev.tarn.app;

import dev.tarn.model.Problem;
import dev.tarn.model.TableName;
import dev.tarn.model.TarnException;
import dev.tarn.model.job.Job;
import dev.tarn.model.job.JobDefinition;
import dev.tarn.model.job.JobName;
import dev.tarn.model.job.Trigger;
import dev.tarn.project.JobFiles;
import dev.tarn.schedule.Definitions;
import dev.tarn.schedule.Templates;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The jobs of a project's folder. They are read again when a file has changed; while one is wrong,
 * what is right in the others goes on, and what was right in it before.
 */
final class JobDefinitions implements Definitions {
    private static final Logger log = LoggerFactory.getLogger(JobDefinitions.class);
    private static final int REMEMBERED = 1_000;

    private final Path project;
    private final FreshJobs fresh;
    private final FeedJobs feeds;
    private final Templates templates = new Templates();
    private final Map<String, Job> earlier = new ConcurrentHashMap<>();
    private String stamp = "";
    private Current current = new Current(Map.of(), Map.of(), Map.of());
    private List<Problem> problems = List.of();
    private Map<JobName, Known> derivedBefore = Map.of();
    private Current currentBefore = current;
    private Current together = current;

    JobDefinitions(Path project, FreshJobs fresh, FeedJobs feeds) {
        this.project = project;
        this.fresh = fresh;
        this.feeds = feeds;
    }

    @Override
    public synchronized Current current() {
        String now = stamp();
        if (!now.equals(stamp)) {
            stamp = now;
            load();
        }
        Map<JobName, Known> derived = new LinkedHashMap<>(feeds.current());
        derived.putAll(fresh.current());
        return withDerived(derived);
    }

    /** Waits until it is known which jobs follow from how old tables may be. */
    void settle() {
        fresh.settle();
    }

    /** Where a file has a job of that name, or one that keeps the table fresh, that one counts. */
    private Current withDerived(Map<JobName, Known> derived) {
        if (derived.equals(derivedBefore) && current.equals(currentBefore)) {
            return together;
        }
        Set<TableName> kept =
                current.jobs().values().stream()
                        .flatMap(k -> k.job().triggers().stream())
                        .filter(Trigger.Fresh.class::isInstance)
                        .map(t -> ((Trigger.Fresh) t).table())
                        .collect(Collectors.toSet());
        Map<JobName, Known> jobs = new LinkedHashMap<>(current.jobs());
        derived.forEach((name, known) -> {
            boolean said =
                    known.job().triggers().stream()
                            .anyMatch(
                                    t -> t instanceof Trigger.Fresh f && kept.contains(f.table()));
            if (!said) {
                jobs.putIfAbsent(name, known);
            }
        });
        derivedBefore = derived;
        currentBefore = current;
        together = new Current(jobs, current.pools(), current.breakers());
        return together;
    }

    /** Everything that is wrong in the files. */
    synchronized List<Problem> problems() {
        current();
        return Stream.concat(problems.stream(), feeds.problems().stream()).toList();
    }

    private void load() {
        try {
            JobFiles.Reading reading = JobFiles.read(project);
            List<Problem> wrong = new ArrayList<>(reading.problems());
            Map<JobName, Known> jobs = new LinkedHashMap<>();
            reading.jobs()
                    .forEach((name, defined) -> {
                        List<Problem> bad = templates.check(defined.job());
                        wrong.addAll(bad);
                        if (bad.isEmpty()) {
                            jobs.put(name, new Known(defined.job(), defined.definition()));
                        }
                    });
            if (!wrong.isEmpty()) {
                current.jobs().forEach(jobs::putIfAbsent);
            }
            current = new Current(jobs, reading.pools(), reading.breakers());
            problems = List.copyOf(wrong);
        } catch (TarnException e) {
            problems = e.problems();
        }
        problems.forEach(p -> log.warn("Jobs: {}", p));
    }

    @Override
    public Job read(JobDefinition definition) {
        Job known = earlier.get(definition.fingerprint());
        if (known == null) {
            known = JobFiles.read(definition);
            if (earlier.size() > REMEMBERED) {
                earlier.clear();
            }
            earlier.put(definition.fingerprint(), known);
        }
        return known;
    }

    /** Names, sizes and times of the files. */
    private String stamp() {
        Path folder = project.resolve("jobs");
        if (!Files.isDirectory(folder)) {
            return "none";
        }
        StringBuilder all = new StringBuilder();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.sorted().toList()) {
                all.append(file)
                        .append(Files.size(file))
                        .append('@')
                        .append(Files.getLastModifiedTime(file).toMillis())
                        .append('\n');
            }
        } catch (IOException e) {
            return stamp;
        }
        return all.toString();
    }
}
