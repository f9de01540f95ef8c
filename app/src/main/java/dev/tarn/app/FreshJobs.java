package dev.tarn.app;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.TarnException;
import dev.tarn.model.graph.Node;
import dev.tarn.model.graph.Project;
import dev.tarn.model.job.Durations;
import dev.tarn.model.job.JobDefinition;
import dev.tarn.model.job.JobName;
import dev.tarn.project.JobFiles;
import dev.tarn.schedule.Definitions;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The jobs that follow from how old tables may be. The project is compiled for them beside whoever
 * asks, and only if one of its files holds the word at all. Safe for use by many threads.
 */
final class FreshJobs {
    private static final Logger log = LoggerFactory.getLogger(FreshJobs.class);
    private static final Duration LOOK_EVERY = Duration.ofSeconds(5);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String WORD = "freshness";
    private static final Set<String> NOT_OURS = Set.of("target", "logs", "landing", "data", "jobs");
    private static final int NAME_MAX = 60;

    private final Path root;
    private final Supplier<Project> compiled;
    private final LongSupplier ticker;
    private Map<JobName, Definitions.Known> jobs = Map.of();
    private CompletableFuture<Boolean> looking = CompletableFuture.completedFuture(true);
    private long lookedAt;
    private boolean looked;
    private Set<Seen> stamp = Set.of();

    /** A file as it is. */
    private record Seen(Path file, long size, long modified) {}

    FreshJobs(Path root, Supplier<Project> compiled, LongSupplier ticker) {
        this.root = root;
        this.compiled = compiled;
        this.ticker = ticker;
    }

    /** What is known; looks again beside, now and then. */
    synchronized Map<JobName, Definitions.Known> current() {
        boolean due = !looked || ticker.getAsLong() - lookedAt >= LOOK_EVERY.toNanos();
        if (due && looking.isDone()) {
            looked = true;
            lookedAt = ticker.getAsLong();
            CompletableFuture<Boolean> now = new CompletableFuture<>();
            looking = now;
            Thread unused =
                    Thread.ofVirtual()
                            .name("freshness")
                            .start(() -> {
                                try {
                                    look();
                                } finally {
                                    now.complete(true);
                                }
                            });
        }
        return jobs;
    }

    /** Waits until something is known. */
    void settle() {
        CompletableFuture<Boolean> first;
        synchronized (this) {
            if (looked && looking.isDone()) {
                return;
            }
            Map<JobName, Definitions.Known> unused = current();
            first = looking;
        }
        try {
            boolean unused = first.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException later) {
            log.debug("The project is still being compiled");
        }
    }

    private void look() {
        Set<Seen> now = files();
        Set<Seen> before;
        synchronized (this) {
            before = stamp;
        }
        if (now.equals(before)) {
            return;
        }
        Map<JobName, Definitions.Known> found = Map.of();
        if (now.stream().anyMatch(f -> says(f.file()))) {
            try {
                found = jobs(compiled.get());
            } catch (TarnException e) {
                // What was right before goes on; `tarn compile` and the pages tell what is wrong.
                if (e.code() != ErrorCode.PROJECT_NOT_FOUND) {
                    log.warn("How fresh tables must be cannot be read: {}", e.getMessage());
                }
                synchronized (this) {
                    stamp = now;
                    return;
                }
            }
        }
        synchronized (this) {
            stamp = now;
            jobs = found;
        }
    }

    private static Map<JobName, Definitions.Known> jobs(Project project) {
        Map<JobName, Definitions.Known> jobs = new LinkedHashMap<>();
        for (Node node : project.nodes().values()) {
            if (node instanceof Node.Model model && model.rules().freshness().isPresent()) {
                Duration within = model.rules().freshness().get();
                JobName name = name(model);
                JobDefinition definition =
                        JobFiles.definition(
                                name, model.common().place().file(), text(name, model, within));
                jobs.putIfAbsent(
                        name, new Definitions.Known(JobFiles.read(definition), definition));
            }
        }
        return jobs;
    }

    private static String text(JobName name, Node.Model model, Duration within) {
        List<String> lines = new ArrayList<>();
        lines.add("jobs:");
        lines.add("- name: " + name);
        lines.add(
                "  description: "
                        + OnDemand.plain(
                                "%s is never older than %s, as its 'freshness' says."
                                        .formatted(model.relation(), Durations.words(within))));
        model.common().owner().ifPresent(o -> lines.add("  owner: " + OnDemand.plain(o)));
        lines.add(
                "  schedule: {fresh: {table: %s, within: %dms}}"
                        .formatted(OnDemand.plain(model.relation().toString()), within.toMillis()));
        lines.add("  tasks:");
        lines.add("  - name: build");
        lines.add("    build: " + OnDemand.plain("+" + model.name()));
        return String.join("\n", lines) + "\n";
    }

    private static JobName name(Node.Model model) {
        String readable =
                "fresh-" + model.name().toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9_-]", "-");
        return new JobName(
                readable.length() <= NAME_MAX ? readable : readable.substring(0, NAME_MAX));
    }

    private static boolean says(Path file) {
        try {
            return Files.readString(file).contains(WORD);
        } catch (IOException e) {
            return false;
        }
    }

    private Set<Seen> files() {
        Set<Seen> files = new HashSet<>();
        try {
            Files.walkFileTree(
                    root,
                    new SimpleFileVisitor<>() {
                        @Override
                        public FileVisitResult preVisitDirectory(
                                Path folder, BasicFileAttributes attributes) {
                            String name = String.valueOf(folder.getFileName());
                            boolean ours = !name.startsWith(".") && !NOT_OURS.contains(name);
                            return folder.equals(root) || ours
                                    ? FileVisitResult.CONTINUE
                                    : FileVisitResult.SKIP_SUBTREE;
                        }

                        @Override
                        public FileVisitResult visitFile(
                                Path file, BasicFileAttributes attributes) {
                            String name = String.valueOf(file.getFileName());
                            if (name.matches(".*\\.(sql|ya?ml|py)")) {
                                files.add(
                                        new Seen(
                                                file,
                                                attributes.size(),
                                                attributes.lastModifiedTime().toMillis()));
                            }
                            return FileVisitResult.CONTINUE;
                        }

                        @Override
                        public FileVisitResult visitFileFailed(Path file, IOException e) {
                            return FileVisitResult.CONTINUE;
                        }
                    });
        } catch (IOException e) {
            log.debug("The project's folder cannot be walked", e);
        }
        return files;
    }
}
