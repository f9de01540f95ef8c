package dev.tarn.ingest;

import dev.tarn.model.graph.Budget;
import dev.tarn.model.graph.IngestSpec;
import dev.tarn.model.graph.Node;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** What is spent at sources: once for all tables of a source that have the same budget. */
public final class Budgets {
    private final Clock clock;
    private final Map<Key, Spending> spendings = new ConcurrentHashMap<>();

    public Budgets(Clock clock) {
        this.clock = clock;
    }

    private record Key(String source, Budget budget) {}

    /** What a source's table is read with. */
    public Spending of(Node.Source source) {
        Budget budget = source.ingest().map(IngestSpec::budget).orElse(Budget.UNLIMITED);
        return spendings.computeIfAbsent(
                new Key(source.sourceName(), budget), key -> new Spending(budget, clock));
    }

    /** Ends whatever waits, with {@code INTERRUPTED}. */
    public void stop() {
        spendings.values().forEach(Spending::stop);
    }
}
