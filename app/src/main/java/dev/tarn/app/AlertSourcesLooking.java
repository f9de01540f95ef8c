package dev.tarn.app;

import dev.tarn.model.TableName;
import dev.tarn.model.alert.AlertKind;
import dev.tarn.model.alert.AlertRule;
import dev.tarn.model.alert.Finding;
import dev.tarn.model.graph.Node;
import dev.tarn.model.run.Task;
import dev.tarn.model.run.TaskStatus;
import dev.tarn.spi.OpenSource.Lag;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** What is wrong with sources, by what they say themselves. */
final class AlertSourcesLooking {
    private static final int RUNS = 20;

    private final Building building;
    private final Wiring wiring;
    private final AlertGraph graph;
    private final Map<TableName, Instant> behindSince = new HashMap<>();

    AlertSourcesLooking(Building building, Wiring wiring, AlertGraph graph) {
        this.building = building;
        this.wiring = wiring;
        this.graph = graph;
    }

    /** Tables that are further behind their sources than they may be. */
    synchronized List<Finding> behind(AlertRule rule) {
        List<Finding> findings = new ArrayList<>();
        for (Sources.Behind table : known()) {
            String name = table.table().toString();
            if (rule.concerns(name)) {
                if (isBeyond(table.lag(), rule)) {
                    Instant since =
                            behindSince.computeIfAbsent(
                                    table.table(), t -> wiring.clock().instant());
                    findings.add(
                            finding(
                                    AlertKind.SOURCE_BEHIND,
                                    table.table(),
                                    since,
                                    "%s is behind its source: %s."
                                            .formatted(name, words(table.lag()))));
                } else {
                    behindSince.remove(table.table());
                }
            }
        }
        return findings;
    }

    private List<Sources.Behind> known() {
        Looking looking = new Looking(wiring.catalog(), wiring.runs(), wiring.tables());
        Asking asking =
                new Asking(
                        wiring.engine(),
                        wiring.tables(),
                        wiring.past(),
                        new Recalling(wiring.results(), wiring.principal()));
        return new Sources(building, wiring, looking, asking).known();
    }

    /** A source that nothing happens in is not behind, however old its newest row is. */
    private static boolean isBeyond(Lag lag, AlertRule rule) {
        boolean waits = lag.rows() > 0 || (lag.rows() < 0 && lag.bytes() > 0);
        Duration age = lag.of();
        return waits
                && (rule.olderThan().isPresent()
                        ? age != null && age.compareTo(rule.olderThan().get()) > 0
                        : lag.rows() >= rule.rows());
    }

    /** How much waits, in words. */
    static String words(Lag lag) {
        List<String> parts = new ArrayList<>();
        if (lag.rows() >= 0) {
            parts.add("%,d rows wait to be read".formatted(lag.rows()));
        }
        if (lag.bytes() >= 0) {
            parts.add("%,d KiB wait to be read".formatted((lag.bytes() + 1023) / 1024));
        }
        if (lag.of() != null) {
            parts.add(
                    "the newest row that was read is "
                            + AlertLooking.age(Objects.requireNonNull(lag.of()))
                            + " old");
        }
        return String.join(", ", parts);
    }

    /**
     * Sources that say that somebody should look at them, such as that they keep too much for us.
     */
    List<Finding> warned() {
        List<Finding> findings = new ArrayList<>();
        for (Node.Source source : graph.sources()) {
            List<Task> results =
                    wiring.runs().history(source.id().value(), RUNS).stream()
                            .filter(t ->
                                    t.status() == TaskStatus.SUCCEEDED
                                            || t.status() == TaskStatus.UNCHANGED)
                            .toList();
            List<Task> warned = results.stream().takeWhile(t -> warning(t).isPresent()).toList();
            if (!warned.isEmpty()) {
                Task first = warned.getLast();
                findings.add(
                        finding(
                                AlertKind.SOURCE_WARNED,
                                source.relation(),
                                first.finishedAt().orElse(wiring.clock().instant()),
                                warning(warned.getFirst()).orElseThrow()));
            }
        }
        return findings;
    }

    private static Optional<String> warning(Task task) {
        return task.message().flatMap(ConnectedIngestion::warning);
    }

    private Finding finding(AlertKind kind, TableName table, Instant since, String message) {
        return new Finding(
                kind,
                table.toString(),
                graph.owner(table),
                since,
                message,
                Optional.empty(),
                graph.after(table),
                Optional.empty(),
                AlertLooking.page(table));
    }
}
