package dev.tarn.app;

import dev.tarn.model.Problem;
import dev.tarn.model.TarnException;
import dev.tarn.model.graph.FeedSpec;
import dev.tarn.model.job.JobDefinition;
import dev.tarn.model.job.JobName;
import dev.tarn.project.FeedFiles;
import dev.tarn.project.JobFiles;
import dev.tarn.schedule.Definitions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The jobs that tell feeds: of several servers one tells a feed at a time, and one that vanishes is
 * followed by another. The file is read again when it has changed; while it is wrong, what was
 * right goes on.
 */
final class FeedJobs {
    private static final Logger log = LoggerFactory.getLogger(FeedJobs.class);
    private static final int NAME_MAX = 60;

    private final Path project;
    private String stamp = "";
    private Map<JobName, Definitions.Known> jobs = Map.of();
    private List<Problem> problems = List.of();

    FeedJobs(Path project) {
        this.project = project;
    }

    synchronized Map<JobName, Definitions.Known> current() {
        String now = stamp();
        if (!now.equals(stamp)) {
            stamp = now;
            try {
                jobs = jobs(FeedFiles.read(project));
                problems = List.of();
            } catch (TarnException e) {
                problems = e.problems();
                problems.forEach(p -> log.warn("Feeds: {}", p));
            }
        }
        return jobs;
    }

    /** What is wrong in the file. */
    synchronized List<Problem> problems() {
        current();
        return problems;
    }

    private String stamp() {
        Path file = project.resolve(FeedFiles.FILE);
        try {
            return Files.exists(file)
                    ? Files.size(file) + "@" + Files.getLastModifiedTime(file).toMillis()
                    : "none";
        } catch (IOException e) {
            return stamp;
        }
    }

    private static Map<JobName, Definitions.Known> jobs(List<FeedSpec> feeds) {
        Map<JobName, Definitions.Known> jobs = new LinkedHashMap<>();
        for (FeedSpec feed : feeds) {
            if (feed.served()) {
                JobName name = name(feed, jobs);
                JobDefinition definition =
                        JobFiles.definition(name, feed.place().file(), text(name, feed));
                jobs.put(name, new Definitions.Known(JobFiles.read(definition), definition));
            }
        }
        return jobs;
    }

    private static String text(JobName name, FeedSpec feed) {
        return """
        jobs:
        - name: %s
          description: %s
          schedule: [{published: %s}, {every: 10m}]
          retry: {times: 1000, on: transient, delay: 5s, factor: 2, max_delay: 5m}
          tasks:
          - name: tell
            feed: %s
        """
                .formatted(
                        name,
                        OnDemand.plain(
                                "Tells %s what changes in %s, as feed '%s' says."
                                        .formatted(feed.to(), feed.table(), feed.name())),
                        OnDemand.plain(feed.table().toString()),
                        OnDemand.plain(feed.name()));
    }

    private static JobName name(FeedSpec feed, Map<JobName, Definitions.Known> others) {
        String readable = cut("feed-" + feed.name().toLowerCase(Locale.ROOT), NAME_MAX);
        JobName name = new JobName(readable);
        for (int i = 2; others.containsKey(name); i++) {
            name = new JobName(cut(readable, NAME_MAX - 4) + "-" + i);
        }
        return name;
    }

    private static String cut(String text, int most) {
        return text.length() <= most ? text : text.substring(0, most);
    }
}
