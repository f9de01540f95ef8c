package dev.tarn.delta;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tarn.model.TableName;
import dev.tarn.model.TarnException;
import dev.tarn.model.table.TablePointer;
import dev.tarn.model.table.TableState;
import dev.tarn.spi.Outbox;
import dev.tarn.spi.TableMirror;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a Delta log beside each table's Iceberg metadata: one version for each state that was
 * published. The log itself says what it has told, so there is nothing that could disagree with it.
 */
public final class DeltaMirror implements TableMirror {
    /** The table property that names the formats a table is told in. */
    public static final String FORMATS = "tarn.formats";

    private static final Logger log = LoggerFactory.getLogger(DeltaMirror.class);
    private static final int CHECKPOINT_INTERVAL = 10;

    private final DeltaConfig config;

    private DeltaMirror(DeltaConfig config) {
        this.config = config;
    }

    public static DeltaMirror open(DeltaConfig config) {
        return new DeltaMirror(config);
    }

    @Override
    public String format() {
        return "delta";
    }

    @Override
    public void tell(TableName table, List<Outbox.Item> steps) {
        for (Outbox.Item step : steps) {
            leaveOldHome(table, step);
        }
        List<Outbox.Item> states = steps.stream().filter(s -> s.pointer().isPresent()).toList();
        if (states.isEmpty() || steps.getLast().pointer().isEmpty()) {
            return;
        }
        TablePointer newest = steps.getLast().pointer().get();
        Home home = home(table, Locations.folder(newest));
        if (!isWanted(config.tables().state(newest))) {
            removeOwn(table, home);
            return;
        }
        // States from before the table moved to where it is now are not told any more.
        String folder = Locations.folder(newest);
        Optional<Told> last = Optional.empty();
        for (int i = 0; i < states.size(); i++) {
            Outbox.Item state = states.get(i);
            if (Locations.folder(state.pointer().orElseThrow()).equals(folder)) {
                last = tellOne(table, home, state, i == states.size() - 1);
            }
        }
        last.ifPresent(told -> checkpoint(table, home, told));
    }

    /** A log that a table has, or would have. */
    private record Home(String folder, DeltaLog log) {}

    /**
     * The log of a table is in the table's folder. A clone shares the folder of the table it was
     * made from; its log is in a folder of its own below, and names the files by full paths.
     */
    private Home home(TableName table, String folder) {
        DeltaLog own = new DeltaLog(config.storage(), folder);
        Optional<Told> told = own.end().flatMap(DeltaLog.End::told);
        if (told.isEmpty() || told.get().table().equals(table.toString())) {
            return new Home(folder, own);
        }
        String below = folder + "/_clones/" + folderName(table);
        return new Home(below, new DeltaLog(config.storage(), below));
    }

    private static String folderName(TableName table) {
        String safe = table.toString().toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9_.-]", "_");
        return safe + "-" + Integer.toHexString(table.toString().hashCode());
    }

    private void leaveOldHome(TableName table, Outbox.Item step) {
        Optional<String> before = step.previous().map(Locations::folder);
        Optional<String> after = step.pointer().map(Locations::folder);
        if (before.isPresent() && !before.equals(after)) {
            removeOwn(table, home(table, before.get()));
        }
    }

    private void removeOwn(TableName table, Home home) {
        boolean isOurs =
                home.log()
                        .end()
                        .flatMap(DeltaLog.End::told)
                        .filter(told -> told.table().equals(table.toString()))
                        .isPresent();
        if (isOurs) {
            home.log().remove();
        }
    }

    private boolean isWanted(TableState state) {
        String formats = state.definition().properties().get(FORMATS);
        return formats == null
                ? config.wanted()
                : List.of(formats.strip().split("[,\\s]+")).contains(format());
    }

    /** Tells one state, unless somebody has told it or a later one; returns where the log ends. */
    private Optional<Told> tellOne(
            TableName table, Home home, Outbox.Item state, boolean isNewest) {
        while (true) {
            Optional<DeltaLog.End> end = home.log().end();
            if (end.isPresent() && end.get().told().isEmpty()) {
                throw DeltaErrors.writtenByOthers(table, home.folder(), end.get().version());
            }
            Optional<Told> last = end.flatMap(DeltaLog.End::told);
            if (last.isPresent() && last.get().publication() >= state.publication().value()) {
                return last;
            }
            Told next = next(table, state, last);
            switch (versions(table, home).step(last, next, isNewest)) {
                case Versions.Nothing n -> {
                    return last;
                }
                case Versions.Anew a -> home.log().remove();
                case Versions.Version v -> {
                    if (write(home, last, next, v)) {
                        return Optional.of(next);
                    }
                }
            }
        }
    }

    /** Writes a version with the rows it changed, where these are asked for. */
    private boolean write(Home home, Optional<Told> last, Told next, Versions.Version version) {
        if (version.fed().isEmpty()) {
            return home.log().write(next.version(), version.actions());
        }
        List<ChangeFiles.Written> changed =
                new ChangeFiles(config)
                        .write(
                                home.log(),
                                next.version(),
                                last.orElseThrow().pointer(),
                                next.pointer(),
                                version.fed());
        List<ObjectNode> actions = new ArrayList<>(version.actions());
        changed.forEach(file -> actions.add(file.action(home.folder())));
        boolean isWritten = home.log().write(next.version(), actions);
        if (!isWritten) {
            changed.forEach(file -> home.log().withdraw(file.location()));
        }
        return isWritten;
    }

    private Versions versions(TableName table, Home home) {
        return new Versions(config.tables(), table, home.folder());
    }

    private static Told next(TableName table, Outbox.Item state, Optional<Told> last) {
        return new Told(
                last.map(told -> told.version() + 1).orElse(0L),
                table.toString(),
                state.publication().value(),
                state.pointer().orElseThrow(),
                Description.LAYOUT,
                Math.max(state.at().toEpochMilli(), last.map(told -> told.at() + 1).orElse(0L)));
    }

    /** A checkpoint spares readers work and nothing else, so a failure costs nothing but that. */
    private void checkpoint(TableName table, Home home, Told told) {
        long covered = home.log().checkpoint().orElse(-1);
        if (told.version() - covered < CHECKPOINT_INTERVAL) {
            return;
        }
        try {
            new Checkpoints(config.engine(), config.staging())
                    .write(home.log(), told.version(), versions(table, home).all(told));
        } catch (TarnException e) {
            log.warn("No checkpoint of the Delta log of {} for now: {}", table, e.getMessage());
        }
    }

    @Override
    public Optional<String> home(TableName table, TablePointer pointer) {
        Home home = home(table, Locations.folder(pointer));
        return home.log().end().flatMap(DeltaLog.End::told).isPresent()
                ? Optional.of(home.folder())
                : Optional.empty();
    }

    @Override
    public int forget(TableName table, TablePointer pointer, Instant olderThan) {
        Home home = home(table, Locations.folder(pointer));
        return home.log().end().flatMap(DeltaLog.End::told).isPresent()
                ? home.log().forget(olderThan)
                : 0;
    }
}
