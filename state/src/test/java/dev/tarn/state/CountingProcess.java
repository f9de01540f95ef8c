package dev.tarn.state;

import dev.tarn.model.AsOf;
import dev.tarn.model.RefName;
import dev.tarn.model.catalog.Change;
import dev.tarn.model.catalog.CommitRequest;
import dev.tarn.model.catalog.CommitResult;
import dev.tarn.model.catalog.Entry;
import dev.tarn.model.catalog.EntryKey;
import dev.tarn.model.catalog.Versioned;
import dev.tarn.spi.Catalog;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** A process that counts up an entry of a catalog with optimistic commits, in several threads. */
final class CountingProcess {
    static final EntryKey COUNTER = EntryKey.position("test/counter");

    private CountingProcess() {}

    /** Arguments: the warehouse, the number of threads, and how often each counts. */
    public static void main(String[] arguments) throws Exception {
        StateConfig config = StateConfig.Sqlite.in(Path.of(arguments[0]));
        try (StateStore store = StateStore.open(config, Clock.systemUTC())) {
            count(store.catalog(), Integer.parseInt(arguments[1]), Integer.parseInt(arguments[2]));
        }
    }

    static void count(Catalog catalog, int threads, int times) throws Exception {
        try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
            List<Future<?>> work = new ArrayList<>();
            for (int t = 0; t < threads; t++) {
                work.add(
                        pool.submit(() -> {
                            for (int i = 0; i < times; i++) {
                                increment(catalog);
                            }
                        }));
            }
            for (Future<?> done : work) {
                done.get();
            }
        }
    }

    private static void increment(Catalog catalog) {
        CommitResult result;
        do {
            Optional<Versioned> seen = catalog.read(RefName.MAIN, AsOf.head()).find(COUNTER);
            Change change =
                    Change.put(
                            COUNTER,
                            new Entry.Position(Integer.toString(value(seen) + 1)),
                            Change.Expected.of(seen));
            result = catalog.commit(CommitRequest.of(RefName.MAIN, List.of(change), "+1"));
        } while (result instanceof CommitResult.Conflicted);
    }

    static int value(Optional<Versioned> seen) {
        return seen.map(v -> Integer.parseInt(((Entry.Position) v.entry()).value())).orElse(0);
    }
}
