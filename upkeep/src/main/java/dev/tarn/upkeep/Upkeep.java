package dev.tarn.upkeep;

import dev.tarn.model.AsOf;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.RefName;
import dev.tarn.model.RunId;
import dev.tarn.model.TableName;
import dev.tarn.model.TarnException;
import dev.tarn.model.catalog.EntryKey;
import dev.tarn.model.catalog.Ref;
import dev.tarn.model.catalog.Versioned;
import dev.tarn.model.run.RunStatus;
import dev.tarn.model.table.TablePointer;
import dev.tarn.model.table.TableState;
import dev.tarn.spi.Catalog;
import dev.tarn.spi.CatalogView;
import dev.tarn.spi.Engine;
import dev.tarn.spi.RunLog;
import dev.tarn.spi.Tables;
import dev.tarn.upkeep.TableUpkeep.Outcome;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * Looks after tables: gathers small files, writes out deleted rows, forgets old snapshots. Each
 * piece of work is a commit of its own, so that one that is stopped or killed has done what it had
 * committed, and the next one goes on from there. Writers are never in its way: what it did is
 * repeated on what they published, or given up.
 */
public final class Upkeep {
    /** What runs of upkeep are called. */
    public static final String COMMAND = "maintain";

    private final Catalog catalog;
    private final RunLog runs;
    private final Tables tables;
    private final Engine engine;
    private final Clock clock;
    private final RandomGenerator random;
    private final UpkeepSettings settings;

    public Upkeep(
            Catalog catalog,
            RunLog runs,
            Tables tables,
            Engine engine,
            Clock clock,
            RandomGenerator random,
            UpkeepSettings settings) {
        this.catalog = catalog;
        this.runs = runs;
        this.tables = tables;
        this.engine = engine;
        this.clock = clock;
        this.random = random;
        this.settings = settings;
    }

    /** What a thorough upkeep would do, without doing it. Reads metadata only. */
    public List<TablePlan> plan(RefName ref, List<TableName> names) {
        CatalogView view = catalog.read(ref, AsOf.head());
        List<TablePlan> plans = new ArrayList<>();
        for (TableName name : names) {
            TablePointer pointer = table(view, name).pointer().orElseThrow();
            plans.add(work(name, pointer, true).plan());
        }
        return plans;
    }

    /** Whether a table is worth looking after; needs nothing but its newest metadata file. */
    public boolean isDue(TablePointer pointer) {
        return Due.of(tables.state(pointer), settings.defaults());
    }

    /** How many files came since the table had fewest, as cheaply told. */
    public long filesMore(TablePointer pointer) {
        return Due.filesMore(tables.state(pointer));
    }

    /**
     * Does what is to be done, table by table, until it is done or the request's limits are
     * reached.
     *
     * @param stopped asked between pieces of work
     * @throws TarnException {@code COMMIT_CONFLICT} when another process is at it
     */
    public List<TableUpkeep> run(
            UpkeepRequest request, Consumer<TableUpkeep> listener, BooleanSupplier stopped) {
        CatalogView view = catalog.read(request.ref(), AsOf.head());
        request.tables().forEach(name -> table(view, name));
        Budget budget = new Budget(clock, request, stopped);
        List<TableUpkeep> results = new ArrayList<>();
        try (UpkeepRun run =
                UpkeepRun.begin(catalog, runs, clock, random, request.ref(), settings)) {
            for (TableName name : request.tables()) {
                TableUpkeep result;
                try {
                    result = lookAfter(name, request, run.id(), budget);
                } catch (TarnException e) {
                    if (!isOfTheTable(e.code())) {
                        run.failed(String.valueOf(e.getMessage()));
                        throw e;
                    }
                    result = left(name, outcome(e.code()), e.problems().getFirst().toString());
                }
                results.add(result);
                listener.accept(result);
            }
        }
        return results;
    }

    /** Whether other tables can be looked after all the same. */
    private static boolean isOfTheTable(ErrorCode code) {
        return switch (code) {
            case FILE_MISSING,
                    FILE_CORRUPT,
                    UNSUPPORTED,
                    CONFIG_INVALID,
                    COMMIT_CONFLICT,
                    DATA_INVALID,
                    COLUMN_NOT_FOUND,
                    TABLE_NOT_FOUND ->
                    true;
            default -> false;
        };
    }

    private static Outcome outcome(ErrorCode code) {
        return code == ErrorCode.COMMIT_CONFLICT ? Outcome.GAVE_WAY : Outcome.REFUSED;
    }

    private static TableUpkeep left(TableName name, Outcome outcome, String note) {
        return new TableUpkeep(name, outcome, note, 0, 0, 0, 0, 0);
    }

    private TableUpkeep lookAfter(TableName name, UpkeepRequest request, RunId run, Budget budget) {
        Versioned entry = table(catalog.read(request.ref(), AsOf.head()), name);
        TablePointer pointer = entry.pointer().orElseThrow();
        TableWork work = work(name, pointer, request.thorough());
        Landing landing = new Landing(catalog, tables, request.ref(), run, settings.attempts());
        Compaction compaction =
                new Compaction(tables, engine, landing, settings.unitBytes(), budget);
        Compaction.Result rewritten = compaction.rewrite(name, entry, work);
        Set<Long> pinned = pinned(request.ref(), name);
        int forgotten = 0;
        // It costs little, and gathering may take all the time there is, each time.
        if (work.isLighterAfterwards() && !budget.isStopped()) {
            forgotten =
                    new Shedding(tables, landing, clock)
                            .shed(name, rewritten.entry(), work.policy(), pinned);
        }
        Outcome outcome = rewritten.outcome();
        if (outcome == Outcome.NOTHING && forgotten > 0) {
            outcome = Outcome.DONE;
        }
        return new TableUpkeep(
                name,
                outcome,
                rewritten.note(),
                work.inventory().files().size(),
                work.inventory().files().size() + rewritten.filesMore(),
                rewritten.bytesRead(),
                rewritten.bytesWritten(),
                forgotten);
    }

    private TableWork work(TableName name, TablePointer pointer, boolean thorough) {
        TableState state = tables.state(pointer);
        return TableWork.of(
                name,
                state,
                UpkeepPolicy.of(state.definition(), settings.defaults()),
                tables.inventory(pointer),
                tables.target(pointer).targetFileBytes(),
                thorough,
                clock.instant());
    }

    /** The snapshots of a table that living runs began with. */
    private Set<Long> pinned(RefName target, TableName name) {
        Set<Long> pinned = new HashSet<>();
        for (Ref ref : catalog.refs()) {
            if (ref.kind() == Ref.Kind.RUN
                    && ref.parent().filter(target::equals).isPresent()
                    && isRunning(ref)) {
                current(ref.name(), name).ifPresent(pinned::add);
            }
        }
        return pinned;
    }

    private boolean isRunning(Ref ref) {
        try {
            RunId id = new RunId(ref.name().value().substring("run:".length()));
            return runs.run(id).status() == RunStatus.RUNNING;
        } catch (TarnException notYetWrittenDown) {
            return true;
        }
    }

    private Optional<Long> current(RefName ref, TableName name) {
        try {
            return catalog.read(ref, AsOf.head())
                    .find(EntryKey.of(name))
                    .flatMap(Versioned::pointer)
                    .flatMap(pointer -> tables.state(pointer).current())
                    .map(TableState.Snapshot::id);
        } catch (TarnException gone) {
            return Optional.empty();
        }
    }

    private static Versioned table(CatalogView view, TableName name) {
        return view.find(EntryKey.of(name))
                .filter(v -> v.pointer().isPresent())
                .orElseThrow(() -> UpkeepErrors.notATable(name, view.ref()));
    }
}
