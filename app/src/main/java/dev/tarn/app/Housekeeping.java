package dev.tarn.app;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.PublicationId;
import dev.tarn.model.TarnException;
import dev.tarn.model.catalog.Entry;
import dev.tarn.model.run.Run;
import dev.tarn.model.run.RunStatus;
import dev.tarn.model.table.TablePointer;
import dev.tarn.model.table.TableState;
import dev.tarn.spi.Catalog;
import dev.tarn.spi.RunLog;
import dev.tarn.spi.Storage;
import dev.tarn.spi.Storage.StoredFile;
import dev.tarn.spi.TableReads;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes files of tables that no ref, no kept publication and no living run can reach: what killed
 * processes left behind.
 */
public final class Housekeeping {
    private static final Logger log = LoggerFactory.getLogger(Housekeeping.class);

    /** Clocks of object stores may differ from ours by this much. */
    private static final Duration REMOTE_CLOCK_SKEW = Duration.ofMinutes(15);

    private static final int RUNS_LOOKED_AT = 1_000;

    /** How long a change takes at most that is no run's, from its first file to its commit. */
    private static final Duration COMMIT_TIME = Duration.ofMinutes(10);

    /** Names that only Tarn gives. */
    private static final Pattern OWN_DATA =
            Pattern.compile("tarn-(z[0-9a-f]{8}-)?[0-9a-f-]{36}\\.parquet");

    private static final Pattern OWN_METADATA =
            Pattern.compile("\\d+-[0-9a-f-]{36}\\.metadata\\.json");

    /** Where a second format is told, in the folder of a table or of a clone below it. */
    private static final Pattern MIRROR_FOLDER =
            Pattern.compile("(.*?/)(_clones/[^/]+/)?(_delta_log|_change_data)/.*");

    private final Catalog catalog;
    private final RunLog runs;
    private final TableReads tables;
    private final Storage storage;
    private final String tablesRoot;
    private final String viewsRoot;
    private final Path staging;
    private final Duration orphanAge;
    private final Clock clock;

    Housekeeping(
            Catalog catalog,
            RunLog runs,
            TableReads tables,
            Storage storage,
            String tablesRoot,
            String viewsRoot,
            Path staging,
            Duration orphanAge,
            Clock clock) {
        this.catalog = catalog;
        this.runs = runs;
        this.tables = tables;
        this.storage = storage;
        this.tablesRoot = tablesRoot;
        this.viewsRoot = viewsRoot;
        this.staging = staging;
        this.orphanAge = orphanAge;
        this.clock = clock;
    }

    /**
     * What was removed, or would be.
     *
     * @param kept files that something can reach, or that are too young to judge
     */
    public record Report(List<StoredFile> removed, long bytes, long kept) {
        public Report {
            removed = List.copyOf(removed);
        }
    }

    /** Safe beside running builds: files younger than the oldest living run are left alone. */
    Report clean(boolean dryRun) {
        Instant living = oldestLivingRun(clock.instant());
        Instant before = tablesRoot.contains("://") ? living.minus(REMOTE_CLOCK_SKEW) : living;
        if (!dryRun) {
            sweepStaging(living);
        }
        List<StoredFile> all = new ArrayList<>(storage.list(tablesRoot));
        all.addAll(storage.list(viewsRoot));
        Reach reachable = reachable();
        List<StoredFile> removed = new ArrayList<>();
        for (StoredFile file : all) {
            if (!reachable.covers(file.location()) && isOldEnough(file, before)) {
                removed.add(file);
                if (!dryRun) {
                    storage.delete(file.location());
                }
            }
        }
        return new Report(
                removed,
                removed.stream().mapToLong(StoredFile::bytes).sum(),
                all.size() - removed.size());
    }

    /**
     * Rows are written by runs only, so a file of rows waits as long as a run lives. Other engines
     * may be about to commit what has other names, and nobody tells how long that takes.
     */
    private boolean isOldEnough(StoredFile file, Instant livingSince) {
        String name = file.location().substring(file.location().lastIndexOf('/') + 1);
        Duration age =
                OWN_DATA.matcher(name).matches()
                        ? Duration.ZERO
                        : OWN_METADATA.matcher(name).matches() ? COMMIT_TIME : orphanAge;
        return file.modified().isBefore(livingSince)
                && !file.modified().isAfter(clock.instant().minus(age));
    }

    /** Removes what killed processes were writing; cheap enough for every build. */
    void sweepStaging() {
        sweepStaging(oldestLivingRun(clock.instant()));
    }

    private void sweepStaging(Instant before) {
        if (!Files.isDirectory(staging)) {
            return;
        }
        try (Stream<Path> found = Files.walk(staging)) {
            for (Path path : found.sorted(Comparator.reverseOrder()).toList()) {
                if (!path.equals(staging)
                        && Files.getLastModifiedTime(path).toInstant().isBefore(before)) {
                    Files.deleteIfExists(path);
                }
            }
        } catch (NoSuchFileException | DirectoryNotEmptyException inUse) {
            log.debug("Staging is in use by another process", inUse);
        } catch (IOException | UncheckedIOException e) {
            log.warn("Staged files of killed processes stay for now", e);
        }
    }

    private Instant oldestLivingRun(Instant now) {
        return runs.runs(RUNS_LOOKED_AT).stream()
                .filter(r -> r.status() == RunStatus.RUNNING)
                .map(Run::startedAt)
                .min(Instant::compareTo)
                .orElse(now);
    }

    /**
     * What something leads to.
     *
     * @param folders of tables of which some state cannot be read, so that all of it is kept
     * @param tables folders of tables that are there: what tells them in a second format is kept
     */
    private record Reach(Set<String> files, Set<String> folders, Set<String> tables) {
        boolean covers(String file) {
            Matcher log = MIRROR_FOLDER.matcher(file);
            return files.contains(file)
                    || (log.matches() && tables.contains(log.group(1)))
                    || folders.stream().anyMatch(file::startsWith);
        }
    }

    private Reach reachable() {
        Set<String> files = new HashSet<>();
        Set<String> folders = new HashSet<>();
        Set<String> tablesThere = new HashSet<>();
        Map<String, String> newest = new HashMap<>();
        Map<TablePointer, TarnException> unreadable = new LinkedHashMap<>();
        Expired expired = new Expired(catalog, clock.instant());
        for (TablePointer pointer : pointersNewestFirst()) {
            tablesThere.add(folder(pointer));
            TableState state;
            try {
                state = tables.state(pointer);
            } catch (TarnException e) {
                unreadable.put(pointer, damage(e));
                continue;
            }
            newest.putIfAbsent(folder(pointer), pointer.metadataLocation());
            if (expired.covers(pointer, state.definition())) {
                continue;
            }
            files.add(pointer.metadataLocation());
            try {
                // An older state may name snapshots that newer ones of the same rows forgot.
                files.addAll(tables.files(pointer, files));
            } catch (TarnException e) {
                keepAll(pointer, damage(e), folders);
            }
        }
        unreadable.forEach((pointer, damage) -> {
            if (damage.code() != ErrorCode.FILE_MISSING || !expired.hasTaken(pointer)) {
                keepAll(pointer, damage, folders);
            }
        });
        // Where a table is gone, it tells why those before it are, for as long as the history does.
        files.addAll(newest.values());
        catalog.reachable(new PublicationId(0)).stream()
                .map(v -> v.entry().attributes().get(Entry.View.METADATA))
                .filter(Objects::nonNull)
                .forEach(files::add);
        return new Reach(files, folders, tablesThere);
    }

    private static TarnException damage(TarnException e) {
        if (e.code() != ErrorCode.FILE_MISSING && e.code() != ErrorCode.FILE_CORRUPT) {
            throw e;
        }
        return e;
    }

    private static void keepAll(TablePointer pointer, TarnException damage, Set<String> folders) {
        log.warn("All files of a damaged table are kept: {}", damage.getMessage());
        folders.add(folder(pointer));
    }

    /** The folder of a table is that above the one of its metadata files. */
    static String folder(TablePointer pointer) {
        String metadata = pointer.metadataLocation();
        return metadata.substring(0, metadata.lastIndexOf('/', metadata.lastIndexOf('/') - 1) + 1);
    }

    private List<TablePointer> pointersNewestFirst() {
        return catalog.reachable(new PublicationId(0)).stream()
                .sorted((a, b) -> b.version().compareTo(a.version()))
                .flatMap(v -> v.pointer().stream())
                .distinct()
                .toList();
    }
}
