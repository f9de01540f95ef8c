package dev.tarn.app;

import dev.tarn.model.AsOf;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.PublicationId;
import dev.tarn.model.RefName;
import dev.tarn.model.TableName;
import dev.tarn.model.TarnException;
import dev.tarn.model.catalog.EntryKey;
import dev.tarn.model.catalog.Versioned;
import dev.tarn.model.graph.Node;
import dev.tarn.model.graph.NodeId;
import dev.tarn.model.graph.Project;
import dev.tarn.model.run.Run;
import dev.tarn.model.run.RunStatus;
import dev.tarn.model.run.TaskStatus;
import dev.tarn.model.table.AttachedPointer;
import dev.tarn.model.table.TablePointer;
import dev.tarn.refs.RefMerge;
import dev.tarn.run.RunReport;
import dev.tarn.spi.CatalogView;
import dev.tarn.upkeep.HistoryKept;
import dev.tarn.upkeep.TablePlan;
import dev.tarn.upkeep.TableUpkeep;
import dev.tarn.upkeep.Upkeep;
import dev.tarn.upkeep.UpkeepPolicy;
import dev.tarn.upkeep.UpkeepRequest;
import dev.tarn.upkeep.UpkeepSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks after the warehouse: asked, or by itself when a build is done. */
final class Maintaining {
    private static final Logger log = LoggerFactory.getLogger(Maintaining.class);
    private static final int RUNS_LOOKED_AT = 1_000;

    private final Wiring wiring;
    private final Housekeeping housekeeping;

    Maintaining(Wiring wiring, Housekeeping housekeeping) {
        this.wiring = wiring;
        this.housekeeping = housekeeping;
    }

    List<TablePlan> plan(MaintainRequest request) {
        return upkeep().plan(request.ref(), tables(request));
    }

    /** What would be forgotten and removed in the warehouse; nothing is. */
    MaintainReport forecast(MaintainRequest request) {
        return request.whole()
                ? new MaintainReport(
                        List.of(),
                        oldest().map(wiring.catalog()::trimmable).orElse(0L),
                        Optional.of(housekeeping.clean(true)))
                : new MaintainReport(List.of(), 0, Optional.empty());
    }

    MaintainReport maintain(
            MaintainRequest request, Consumer<TableUpkeep> listener, BooleanSupplier stopped) {
        List<TableUpkeep> done =
                upkeep().run(
                                new UpkeepRequest(
                                        request.ref(),
                                        tables(request),
                                        true,
                                        request.time(),
                                        request.bytes()),
                                listener,
                                stopped);
        if (!request.whole() || stopped.getAsBoolean()) {
            return new MaintainReport(done, 0, Optional.empty());
        }
        long versions = trim();
        if (request.ref().equals(RefName.MAIN)) {
            forgetMirrored(tables(request));
        }
        return new MaintainReport(done, versions, Optional.of(housekeeping.clean(false)));
    }

    /**
     * Looks after those tables of a build that are due, within narrow limits. A build is never
     * worse for it: what goes wrong here is another time's work.
     */
    void afterBuild(Project project, RunReport report, BooleanSupplier stopped) {
        afterRuns(written(project, report), stopped);
    }

    /** The same for tables that one or more runs have written. */
    void afterRuns(Collection<TableName> written, BooleanSupplier stopped) {
        Settings.Upkeep settings = wiring.settings().upkeep();
        if (!settings.automatic() || written.isEmpty()) {
            return;
        }
        try {
            List<TableName> due = due(List.copyOf(written));
            if (!due.isEmpty()) {
                upkeep().run(
                                new UpkeepRequest(
                                        RefName.MAIN,
                                        due,
                                        false,
                                        settings.time(),
                                        settings.bytes()),
                                done -> log.info("Upkeep: {}", done),
                                stopped);
                trim();
            }
        } catch (TarnException e) {
            log.info("Upkeep is left to another time: {}", e.getMessage());
        }
    }

    /** The tables of {@code main} that a run has written. */
    static List<TableName> written(Project project, RunReport report) {
        if (report.run().status() != RunStatus.PUBLISHED
                || !report.run().target().equals(RefName.MAIN)) {
            return List.of();
        }
        return report.tasks().stream()
                .filter(task -> task.status() == TaskStatus.SUCCEEDED)
                .flatMap(task -> project.find(new NodeId(task.node())).stream())
                .flatMap(node -> relation(node).stream())
                .distinct()
                .toList();
    }

    /** Files that nothing refers to any more go, and old logs, where upkeep works by itself. */
    void clean() {
        if (!wiring.settings().upkeep().automatic()) {
            return;
        }
        try {
            forgetMirrored(tables(RefName.MAIN));
            log.info("Upkeep: {}", housekeeping.clean(false));
        } catch (TarnException e) {
            log.info("Upkeep is left to another time: {}", e.getMessage());
        }
    }

    private static Optional<TableName> relation(Node node) {
        return switch (node) {
            case Node.Source source -> Optional.of(source.relation());
            case Node.Seed seed -> Optional.of(seed.relation());
            case Node.Model model -> Optional.of(model.relation());
            case Node.Check check -> Optional.empty();
        };
    }

    /** Those with most to gather first: what the time is too short for is first the next time. */
    private List<TableName> due(List<TableName> names) {
        CatalogView view = wiring.catalog().read(RefName.MAIN, AsOf.head());
        Upkeep upkeep = upkeep();
        Map<TableName, Long> due = new HashMap<>();
        for (TableName name : names) {
            view.find(EntryKey.of(name))
                    .flatMap(Versioned::pointer)
                    .filter(Maintaining::isOurs)
                    .filter(upkeep::isDue)
                    .ifPresent(pointer -> due.put(name, upkeep.filesMore(pointer)));
        }
        return due.keySet().stream()
                .sorted(Comparator.comparing(due::get, Comparator.reverseOrder()))
                .toList();
    }

    /** Tables that others write are looked after by those. */
    private static boolean isOurs(TablePointer pointer) {
        return AttachedPointer.of(pointer).isEmpty();
    }

    private List<TableName> tables(MaintainRequest request) {
        return request.tables().isEmpty() ? tables(request.ref()) : request.tables();
    }

    private List<TableName> tables(RefName ref) {
        return wiring.catalog().read(ref, AsOf.head()).list(EntryKey.Kind.RELATION, "").stream()
                .filter(v -> v.pointer().filter(Maintaining::isOurs).isPresent())
                .map(v -> TableName.parse(v.key().name()))
                .toList();
    }

    /** What is told of tables in a second format need not reach further back than history does. */
    private void forgetMirrored(List<TableName> names) {
        Instant now = wiring.clock().instant();
        CatalogView view = wiring.catalog().read(RefName.MAIN, AsOf.head());
        for (TableName name : names) {
            view.find(EntryKey.of(name))
                    .flatMap(Versioned::pointer)
                    .filter(Maintaining::isOurs)
                    .ifPresent(pointer ->
                            wiring.mirror().forget(name, pointer, now.minus(kept(pointer))));
        }
    }

    private Duration kept(TablePointer pointer) {
        return HistoryKept.of(wiring.tables().state(pointer).definition())
                .orElse(wiring.settings().upkeep().history());
    }

    private long trim() {
        return oldest().map(wiring.catalog()::trim).orElse(0L);
    }

    /** The oldest state that must stay readable; empty while everything must. */
    private Optional<PublicationId> oldest() {
        Instant since = wiring.clock().instant().minus(wiring.settings().upkeep().history());
        try {
            PublicationId then = wiring.catalog().read(RefName.MAIN, new AsOf.Time(since)).asOf();
            return Stream.of(
                            Stream.of(then),
                            wiring.runs().runs(RUNS_LOOKED_AT).stream()
                                    .filter(r -> r.status() == RunStatus.RUNNING)
                                    .map(Run::pinned),
                            RefMerge.statesNeeded(wiring.catalog()).stream())
                    .flatMap(needed -> needed)
                    .min(PublicationId::compareTo);
        } catch (TarnException young) {
            if (young.code() == ErrorCode.PUBLICATION_NOT_FOUND) {
                return Optional.empty();
            }
            throw young;
        }
    }

    private Upkeep upkeep() {
        Settings.Upkeep settings = wiring.settings().upkeep();
        return new Upkeep(
                wiring.catalog(),
                wiring.runs(),
                wiring.tables(),
                wiring.engine(),
                wiring.clock(),
                new SplittableRandom(),
                UpkeepSettings.DEFAULT
                        .withLostAfter(wiring.settings().run().lostAfter())
                        .withDefaults(
                                UpkeepPolicy.DEFAULT.withSnapshots(
                                        settings.snapshotAge(), settings.snapshotsKept())));
    }
}
