package dev.tarn.pages;

import dev.tarn.app.Tarn;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.Problem;
import dev.tarn.model.TarnException;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The project as its files are now: compiled again when one of them has changed, by one thread
 * beside those that answer. Safe for use by many threads.
 */
final class ProjectWatch implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ProjectWatch.class);
    private static final Duration LOOK_EVERY = Duration.ofSeconds(2);

    /** How long a page waits for what may be newer than what is known. */
    private static final Duration GLANCE = Duration.ofMillis(40);

    private static final Set<String> ENDINGS = Set.of("sql", "yml", "yaml", "py", "md", "csv");
    private static final Set<String> NOT_OURS = Set.of("target", "logs", "landing", "data");

    private final Tarn tarn;
    private final Path root;
    private final Clock clock;
    private final ExecutorService compiler =
            Executors.newSingleThreadExecutor(Thread.ofVirtual().name("project-watch").factory());

    private State state = new State.Unknown();
    private Instant looked = Instant.MIN;
    private @Nullable Stamp stamp;
    private @Nullable Future<?> work;

    ProjectWatch(Tarn tarn, Path root, Clock clock) {
        this.tarn = tarn;
        this.root = root;
        this.clock = clock;
    }

    /** What is known of the project. */
    sealed interface State {
        /** Nobody has looked yet, or the first compile goes on. */
        record Unknown() implements State {}

        /** There is no project here, only a warehouse. */
        record Absent() implements State {}

        /**
         * @param tarn remembers this compile
         */
        record Compiled(ProjectMap project, Tarn tarn, Instant at) implements State {}

        /**
         * @param good the project as it was when it last compiled
         */
        record Broken(List<Problem> problems, Optional<Compiled> good, Instant at)
                implements State {
            public Broken {
                problems = List.copyOf(problems);
            }
        }

        /** The newest project that compiled. */
        default Optional<Compiled> good() {
            return switch (this) {
                case Compiled c -> Optional.of(c);
                case Broken b -> b.good();
                case Unknown u -> Optional.empty();
                case Absent a -> Optional.empty();
            };
        }

        default Optional<ProjectMap> map() {
            return good().map(Compiled::project);
        }
    }

    /** The times and sizes of all files, as one number, and how many there are. */
    private record Stamp(long mixed, int files) {}

    /**
     * What is known now; if that is nothing yet, then after waiting for it. What is known already
     * is not waited for long: a large project takes its time to be looked at.
     */
    State state(Duration patience) {
        Future<?> pending = begin();
        boolean unknown;
        synchronized (this) {
            unknown = state instanceof State.Unknown;
        }
        Duration wait = unknown || patience.compareTo(GLANCE) < 0 ? patience : GLANCE;
        if (pending != null) {
            try {
                pending.get(wait.toMillis(), TimeUnit.MILLISECONDS);
            } catch (TimeoutException later) {
                log.debug("The project is still being compiled");
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } catch (java.util.concurrent.ExecutionException e) {
                log.error("The project could not be looked at", e);
            }
        }
        synchronized (this) {
            return state;
        }
    }

    private synchronized @Nullable Future<?> begin() {
        Future<?> running = work;
        if (running != null && !running.isDone()) {
            return running;
        }
        Instant now = clock.instant();
        if (looked.isAfter(now.minus(LOOK_EVERY))) {
            return null;
        }
        looked = now;
        running = compiler.submit(this::look);
        work = running;
        return running;
    }

    private void look() {
        Stamp now = stamp();
        synchronized (this) {
            if (now.equals(stamp)) {
                return;
            }
        }
        State next = compile();
        synchronized (this) {
            stamp = now;
            state = next;
        }
    }

    private State compile() {
        Optional<State.Compiled> good;
        synchronized (this) {
            good = state.good();
        }
        try {
            Tarn fresh = tarn.again();
            return new State.Compiled(new ProjectMap(fresh.project()), fresh, clock.instant());
        } catch (TarnException e) {
            return e.code() == ErrorCode.PROJECT_NOT_FOUND
                    ? new State.Absent()
                    : new State.Broken(e.problems(), good, clock.instant());
        }
    }

    private Stamp stamp() {
        long[] mixed = {17};
        int[] files = {0};
        try {
            Files.walkFileTree(
                    root,
                    new SimpleFileVisitor<>() {
                        @Override
                        public FileVisitResult preVisitDirectory(
                                Path folder, BasicFileAttributes attributes) {
                            return folder.equals(root) || isOurs(folder)
                                    ? FileVisitResult.CONTINUE
                                    : FileVisitResult.SKIP_SUBTREE;
                        }

                        @Override
                        public FileVisitResult visitFile(
                                Path file, BasicFileAttributes attributes) {
                            String name = String.valueOf(file.getFileName());
                            if (ENDINGS.contains(name.substring(name.lastIndexOf('.') + 1))) {
                                mixed[0] =
                                        31 * mixed[0]
                                                + file.hashCode()
                                                + attributes.lastModifiedTime().toMillis() * 7
                                                + attributes.size();
                                files[0]++;
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
        return new Stamp(mixed[0], files[0]);
    }

    private static boolean isOurs(Path folder) {
        String name = String.valueOf(folder.getFileName());
        return !name.startsWith(".") && !NOT_OURS.contains(name);
    }

    @Override
    public void close() {
        compiler.shutdownNow();
    }
}
