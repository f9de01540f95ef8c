package dev.tarn.project;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.Place;
import dev.tarn.model.Problem;
import dev.tarn.model.TarnException;
import dev.tarn.model.job.BreakerRule;
import dev.tarn.model.job.Job;
import dev.tarn.model.job.JobDefinition;
import dev.tarn.model.job.JobName;
import dev.tarn.model.job.Trigger;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.stream.Stream;

/** Reads the jobs of a project: {@code jobs/*.yml}. */
public final class JobFiles {
    private static final String FOLDER = "jobs";

    private JobFiles() {}

    /**
     * What the files say.
     *
     * @param jobs those in which nothing is wrong, by name
     * @param pools how many slots each pool has
     * @param breakers when pools rest
     * @param problems everything that is wrong, by place
     */
    public record Reading(
            Map<JobName, Defined> jobs,
            Map<String, Integer> pools,
            Map<String, BreakerRule> breakers,
            List<Problem> problems) {}

    /** A job and the text that says it. */
    public record Defined(Job job, JobDefinition definition) {}

    /** Reads all of them; a folder that is not there says nothing. */
    public static Reading read(Path project) {
        Problems problems = new Problems();
        Map<JobName, Defined> jobs = new LinkedHashMap<>();
        Map<String, Integer> pools = new LinkedHashMap<>();
        Map<String, BreakerRule> breakers = new LinkedHashMap<>();
        List<Job> all = new ArrayList<>();
        for (Path path : files(project.resolve(FOLDER))) {
            String file = FOLDER + "/" + path.getFileName();
            String text = text(path, file);
            JobFileReader.Content content = JobFileReader.read(file, text, problems);
            pools.putAll(content.pools());
            breakers.putAll(content.breakers());
            for (Job job : content.jobs()) {
                if (job.name().equals(JobName.ON_DEMAND)) {
                    problems.add(JobErrors.reserved(job));
                    continue;
                }
                all.add(job);
                Defined defined = new Defined(job, definition(job.name(), file, text));
                Defined first = jobs.putIfAbsent(job.name(), defined);
                if (first != null) {
                    problems.add(JobErrors.twice(job, first.job().place()));
                }
            }
        }
        refusePoolsThatAreNot(all, pools, problems);
        refuseWrongOrders(all, problems);
        return new Reading(jobs, pools, breakers, problems.sorted());
    }

    /**
     * A job as it was when its text was kept.
     *
     * @throws TarnException if this program does not understand it
     */
    public static Job read(JobDefinition definition) {
        Problems problems = new Problems();
        JobFileReader.Content content =
                JobFileReader.read(definition.file(), definition.text(), problems);
        return content.jobs().stream()
                .filter(job -> job.name().equals(definition.job()))
                .findFirst()
                .orElseThrow(() -> {
                    problems.throwIfAny();
                    return JobErrors.notInItsFile(definition);
                });
    }

    /** The text of a job as something to keep. */
    public static JobDefinition definition(JobName job, String file, String text) {
        return new JobDefinition(
                new Fingerprint("job").add(job.value()).add(file).add(text).build(),
                job,
                file,
                text);
    }

    private static void refusePoolsThatAreNot(
            List<Job> jobs, Map<String, Integer> pools, Problems problems) {
        for (Job job : jobs) {
            job.tasks().stream()
                    .filter(t -> t.pool().filter(p -> !pools.containsKey(p)).isPresent())
                    .forEach(t -> problems.add(JobErrors.poolUnknown(t, pools.keySet())));
        }
    }

    /** Jobs that wait for each other, or for one that is not there, would wait for ever. */
    private static void refuseWrongOrders(List<Job> jobs, Problems problems) {
        Map<JobName, Job> byName = new LinkedHashMap<>();
        jobs.forEach(job -> byName.putIfAbsent(job.name(), job));
        for (Job job : jobs) {
            for (JobName before : before(job)) {
                if (!byName.containsKey(before)) {
                    problems.add(JobErrors.jobUnknown(job, before, byName.keySet()));
                }
            }
        }
        LinkedHashSet<JobName> told = new LinkedHashSet<>();
        for (Job job : jobs) {
            cycle(job.name(), byName, new LinkedHashSet<>())
                    .filter(c -> c.stream().noneMatch(told::contains))
                    .ifPresent(c -> {
                        told.addAll(c);
                        problems.add(JobErrors.cycle(job, List.copyOf(c)));
                    });
        }
    }

    private static List<JobName> before(Job job) {
        return job.triggers().stream()
                .filter(Trigger.After.class::isInstance)
                .map(t -> ((Trigger.After) t).job())
                .toList();
    }

    /** The way from a job back to itself, if there is one. */
    private static Optional<SequencedSet<JobName>> cycle(
            JobName start, Map<JobName, Job> jobs, SequencedSet<JobName> way) {
        JobName last = way.isEmpty() ? start : way.getLast();
        Job job = jobs.get(last);
        if (way.isEmpty()) {
            way.add(start);
        }
        if (job == null) {
            return Optional.empty();
        }
        for (JobName before : before(job)) {
            if (before.equals(start)) {
                return Optional.of(way);
            }
            LinkedHashSet<JobName> further = new LinkedHashSet<>(way);
            if (further.add(before)) {
                Optional<SequencedSet<JobName>> found = cycle(start, jobs, further);
                if (found.isPresent()) {
                    return found;
                }
            }
        }
        return Optional.empty();
    }

    private static List<Path> files(Path folder) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(
                            f -> f.toString().endsWith(".yml") || f.toString().endsWith(".yaml"))
                    .filter(Files::isRegularFile)
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw unreadable(FOLDER, e);
        }
    }

    private static String text(Path path, String file) {
        try {
            return Files.readString(path);
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    private static TarnException unreadable(String file, IOException e) {
        return new TarnException(
                Problem.at(
                        ErrorCode.CONFIG_INVALID,
                        Place.of(file),
                        "It cannot be read as text: " + e.getMessage() + "."),
                e);
    }
}
