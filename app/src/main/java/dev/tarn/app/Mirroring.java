package dev.tarn.app;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.TableName;
import dev.tarn.model.TarnException;
import dev.tarn.model.table.AttachedPointer;
import dev.tarn.spi.Outbox;
import dev.tarn.spi.TableMirror;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Empties the outbox into the other formats. What fails, or is cut short, stays in the outbox and
 * is done next time; what is published is published all the same.
 */
final class Mirroring {
    private static final Logger log = LoggerFactory.getLogger(Mirroring.class);
    private static final int AT_ONCE = 4;

    private final Supplier<Outbox> outbox;
    private final Supplier<TableMirror> mirror;

    Mirroring(Supplier<Outbox> outbox, Supplier<TableMirror> mirror) {
        this.outbox = outbox;
        this.mirror = mirror;
    }

    /** Tells what has not been told; cheap when there is nothing. One caller at a time does it. */
    synchronized void tell() {
        List<Outbox.Item> items = outbox.get().items();
        if (items.isEmpty()) {
            return;
        }
        Map<TableName, List<Outbox.Item>> byTable = new LinkedHashMap<>();
        for (Outbox.Item item : items) {
            byTable.computeIfAbsent(item.table(), t -> new ArrayList<>()).add(item);
        }
        List<Outbox.Item> done = new ArrayList<>();
        // A table that went first: another may have taken over its folder, by a new name.
        byTable.values().stream()
                .filter(Mirroring::goes)
                .forEach(steps -> told(steps).ifPresent(done::addAll));
        done.addAll(atOnce(byTable.values().stream().filter(steps -> !goes(steps)).toList()));
        outbox.get().done(done);
    }

    private static boolean goes(List<Outbox.Item> steps) {
        return steps.getLast().pointer().isEmpty();
    }

    private List<Outbox.Item> atOnce(List<List<Outbox.Item>> tables) {
        List<Outbox.Item> done = new ArrayList<>();
        if (tables.size() == 1) {
            told(tables.getFirst()).ifPresent(done::addAll);
            return done;
        }
        try (ExecutorService workers =
                Executors.newFixedThreadPool(AT_ONCE, Thread.ofVirtual().factory())) {
            List<Callable<Optional<List<Outbox.Item>>>> work = new ArrayList<>();
            tables.forEach(steps -> work.add(() -> told(steps)));
            for (Future<Optional<List<Outbox.Item>>> each : workers.invokeAll(work)) {
                each.get().ifPresent(done::addAll);
            }
        } catch (InterruptedException e) {
            // The rest is done next time.
            Thread.currentThread().interrupt();
        } catch (ExecutionException e) {
            log.warn("Some tables could not be told in other formats", e.getCause());
        }
        return done;
    }

    /** A step without tables that others write: what they are told of is not ours to say. */
    private static Optional<Outbox.Item> own(Outbox.Item step) {
        if (step.pointer().flatMap(AttachedPointer::of).isPresent()) {
            return Optional.empty();
        }
        return Optional.of(
                new Outbox.Item(
                        step.table(),
                        step.publication(),
                        step.at(),
                        step.pointer(),
                        step.previous().filter(p -> AttachedPointer.of(p).isEmpty())));
    }

    /** The steps, unless they have to be told again. */
    private Optional<List<Outbox.Item>> told(List<Outbox.Item> all) {
        List<Outbox.Item> steps = all.stream().flatMap(step -> own(step).stream()).toList();
        boolean concernsTables =
                steps.stream().anyMatch(s -> s.pointer().isPresent() || s.previous().isPresent());
        if (!concernsTables) {
            return Optional.of(all);
        }
        TableName table = steps.getFirst().table();
        try {
            mirror.get().tell(table, steps);
            return Optional.of(all);
        } catch (TarnException e) {
            log.warn(
                    "{} cannot be read as {} for now: {}",
                    table,
                    mirror.get().format(),
                    e.getMessage());
            return e.code() == ErrorCode.UNSUPPORTED ? Optional.of(all) : Optional.empty();
        } catch (RuntimeException e) {
            log.warn("{} cannot be told in other formats for now", table, e);
            return Optional.empty();
        }
    }
}
