package dev.tarn.app;

import dev.tarn.kafka.KafkaOutlet;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.Problem;
import dev.tarn.model.RefName;
import dev.tarn.model.TableName;
import dev.tarn.model.TarnException;
import dev.tarn.model.graph.FeedSpec;
import dev.tarn.project.FeedFiles;
import dev.tarn.run.Cancellation;
import dev.tarn.spi.OpenOutlet;
import dev.tarn.spi.Outlet;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Tells other systems what changes in tables of {@code main}, each change once. */
public final class Feeds {
    /** The ref whose tables are told. */
    static final RefName REF = RefName.MAIN;

    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final int PAUSES_AFTER_FAILURE = 5;

    private final Map<String, Outlet> outlets = new TreeMap<>();
    private final FeedSteps steps;
    private final Map<String, String> environment;
    private final Path project;

    Feeds(Wiring wiring, Map<String, String> environment, Path project) {
        this.steps = new FeedSteps(wiring);
        this.environment = environment;
        this.project = project;
        ServiceLoader.load(Outlet.class).forEach(o -> outlets.put(o.name(), o));
        Outlet kafka = new KafkaOutlet();
        outlets.put(kafka.name(), kafka);
    }

    /**
     * What was told in a step.
     *
     * @param upTo the publication up to which the feed has been told
     */
    public record Told(String feed, TableName table, long changes, long upTo) {
        /** As people read it. */
        public String words() {
            return "%s: %,d %s of %s, up to publication %d"
                    .formatted(feed, changes, changes == 1 ? "change" : "changes", table, upTo);
        }
    }

    /**
     * Tells everything that is not told yet, feed by feed; one that fails keeps no other from being
     * told.
     *
     * @param names of feeds; empty for all
     * @param again whether tables are told as they are, whatever was told before
     * @param heard hears of each step
     * @throws TarnException with all that failed
     */
    public void tell(
            List<String> names, boolean again, Consumer<Told> heard, Cancellation cancellation) {
        List<Problem> problems = new ArrayList<>();
        for (FeedSpec feed : chosen(names)) {
            cancellation.check();
            try (Open open = new Open(feed, again, cancellation)) {
                for (Optional<Told> told = open.step(); told.isPresent(); told = open.step()) {
                    heard.accept(told.get());
                }
            } catch (TarnException failure) {
                problems.addAll(failure.problems());
            }
        }
        cancellation.check();
        if (!problems.isEmpty()) {
            throw new TarnException(problems);
        }
    }

    /**
     * Tells what is not told yet and what comes, until it is cancelled or no feed is left. Whoever
     * does not answer is tried again.
     *
     * @param troubled hears of what goes wrong, each thing once while it lasts
     * @throws TarnException with what ended feeds
     */
    public void follow(
            List<String> names,
            Consumer<Told> heard,
            Consumer<Problem> troubled,
            Cancellation cancellation) {
        Map<String, FeedSpec> left = new LinkedHashMap<>();
        chosen(names).forEach(f -> left.put(f.name(), f));
        Map<String, Open> open = new HashMap<>();
        Map<String, String> troubles = new HashMap<>();
        List<Problem> ended = new ArrayList<>();
        Pause pause = new Pause();
        Runnable wake = pause::end;
        cancellation.watch(wake);
        try {
            while (!left.isEmpty() && !cancellation.isCancelled()) {
                boolean told = false;
                boolean failed = false;
                for (FeedSpec feed : List.copyOf(left.values())) {
                    try {
                        Open one = open.get(feed.name());
                        if (one == null) {
                            one = new Open(feed, false, cancellation);
                            open.put(feed.name(), one);
                        }
                        Optional<Told> step = one.step();
                        step.ifPresent(heard);
                        told |= step.isPresent();
                        troubles.remove(feed.name());
                    } catch (TarnException failure) {
                        close(open.remove(feed.name()));
                        if (cancellation.isCancelled()) {
                            break;
                        }
                        failed = true;
                        if (!isPassing(failure)) {
                            left.remove(feed.name());
                            ended.addAll(failure.problems());
                        }
                        String text = String.valueOf(failure.getMessage());
                        if (!text.equals(troubles.put(feed.name(), text))) {
                            failure.problems().forEach(troubled);
                        }
                    }
                }
                if (!told) {
                    pause.keep(failed ? PAUSE.multipliedBy(PAUSES_AFTER_FAILURE) : PAUSE);
                }
            }
        } finally {
            cancellation.release(wake);
            open.values().forEach(Feeds::close);
        }
        if (!ended.isEmpty()) {
            throw new TarnException(ended);
        }
    }

    private static boolean isPassing(TarnException failure) {
        return failure.code() == ErrorCode.DELIVERY_FAILED
                || failure.code() == ErrorCode.TABLE_NOT_FOUND
                || failure.code() == ErrorCode.CATALOG_UNAVAILABLE
                || failure.code() == ErrorCode.CATALOG_BUSY;
    }

    private static void close(@Nullable Open open) {
        if (open != null) {
            open.close();
        }
    }

    private List<FeedSpec> chosen(List<String> names) {
        List<FeedSpec> feeds = FeedFiles.read(project);
        if (feeds.isEmpty()) {
            throw FeedErrors.none();
        }
        List<String> known = feeds.stream().map(FeedSpec::name).toList();
        for (String name : names) {
            if (!known.contains(name)) {
                throw FeedErrors.unknown(name, known);
            }
        }
        return feeds.stream().filter(f -> names.isEmpty() || names.contains(f.name())).toList();
    }

    private OpenOutlet outlet(FeedSpec feed) {
        Outlet outlet = outlets.get(feed.to());
        if (outlet == null) {
            throw FeedErrors.unknownOutlet(feed, outlets.keySet());
        }
        Connectors.check(feed.place(), feed.to(), outlet.settings(), feed.settings());
        Map<String, String> settings =
                Connectors.resolved(outlet.settings(), feed.settings(), environment);
        return outlet.open(new Outlet.Request(feed, settings, project));
    }

    /** A feed that is being told. */
    private final class Open implements AutoCloseable {
        private final FeedSpec feed;
        private final OpenOutlet outlet;
        private final Cancellation cancellation;
        private final Runnable stop;
        private Optional<FeedPosition> position;

        Open(FeedSpec feed, boolean again, Cancellation cancellation) {
            this.feed = feed;
            this.cancellation = cancellation;
            steps.require(feed);
            try {
                outlet = outlet(feed);
            } catch (TarnException refused) {
                throw refused.at(feed.place());
            }
            stop = outlet::cancel;
            cancellation.watch(stop);
            try {
                position =
                        again
                                ? Optional.empty()
                                : outlet.position().map(p -> steps.position(feed, p));
            } catch (RuntimeException failure) {
                close();
                throw failure;
            }
        }

        Optional<Told> step() {
            try {
                Optional<FeedSteps.Step> step = steps.next(feed, position);
                if (step.isEmpty()) {
                    return Optional.empty();
                }
                long changes = steps.tell(feed, step.get(), outlet, cancellation);
                position = Optional.of(step.get().position());
                return Optional.of(new Told(feed.name(), feed.table(), changes, step.get().upTo()));
            } catch (TarnException failure) {
                throw failure.at(feed.place());
            }
        }

        @Override
        public void close() {
            cancellation.release(stop);
            outlet.close();
        }
    }

    /** Waits that somebody can end. */
    private static final class Pause {
        private boolean ended;

        synchronized void end() {
            ended = true;
            notifyAll();
        }

        synchronized void keep(Duration time) {
            try {
                long until = System.nanoTime() + time.toNanos();
                for (long left = time.toNanos();
                        left > 0 && !ended;
                        left = until - System.nanoTime()) {
                    TimeUnit.NANOSECONDS.timedWait(this, left);
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                ended = true;
            }
        }
    }
}
