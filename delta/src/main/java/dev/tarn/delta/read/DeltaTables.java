package dev.tarn.delta.read;

import dev.tarn.delta.read.DeltaSnapshot.AddedFile;
import dev.tarn.model.table.DeletedRows;
import dev.tarn.model.table.Field;
import dev.tarn.model.table.ForeignFile;
import dev.tarn.model.table.ForeignFile.ColumnsBy;
import dev.tarn.model.table.PartitionField;
import dev.tarn.model.table.Predicate;
import dev.tarn.model.table.TableDefinition;
import dev.tarn.model.table.TablePointer;
import dev.tarn.model.table.TableScan;
import dev.tarn.model.table.TableState;
import dev.tarn.model.table.Transform;
import dev.tarn.model.table.Type;
import dev.tarn.spi.AttachedFormat;
import dev.tarn.spi.Engine;
import dev.tarn.spi.Storage;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Delta tables that others write: their logs are replayed here, their files read by the engine. A
 * version is a number, or a number and a zone as in {@code 12@Europe/Berlin}: the zone of partition
 * values that were written without one, which are in UTC otherwise.
 */
public final class DeltaTables implements AttachedFormat {
    private static final int KEPT = 64;
    private static final Pattern WITHOUT_ZONE =
            Pattern.compile("\\d{4}-\\d\\d-\\d\\d[ T]\\d\\d:\\d\\d:\\d\\d(\\.\\d{1,9})?");

    private final Storage storage;
    private final Checkpoints checkpoints;
    private final VectorReader vectors;

    /** A version of the table at a location. */
    private record Version(String location, long number) {}

    private final Map<Version, DeltaSnapshot> kept =
            new LinkedHashMap<>(16, 0.75f, true) {
                @Override
                protected boolean removeEldestEntry(Map.Entry<Version, DeltaSnapshot> eldest) {
                    return size() > KEPT;
                }
            };

    private DeltaTables(Storage storage, Engine engine) {
        this.storage = storage;
        this.checkpoints = new Checkpoints(storage, engine);
        this.vectors = new VectorReader(storage);
    }

    /**
     * @param engine reads the Parquet files of checkpoints
     */
    public static DeltaTables open(Storage storage, Engine engine) {
        return new DeltaTables(storage, engine);
    }

    @Override
    public String name() {
        return "delta";
    }

    @Override
    public boolean recognises(String location) {
        return !LogListing.of(storage, DataPaths.normalized(location)).isEmpty();
    }

    @Override
    public String newest(String location) {
        String table = DataPaths.normalized(location);
        LogListing log = LogListing.of(storage, table);
        if (log.isEmpty()) {
            throw ReadErrors.noTable(table);
        }
        snapshot(log, log.newest());
        return Long.toString(log.newest());
    }

    @Override
    public TableState state(TablePointer pointer, String location, String version) {
        DeltaSnapshot snapshot = snapshot(location, version);
        Map<String, String> properties = new HashMap<>(snapshot.configuration());
        properties.put("format", "delta");
        List<PartitionField> partitioning =
                snapshot.partitionColumns().stream()
                        .map(c -> PartitionField.of(c, new Transform.Identity()))
                        .toList();
        TableState.Snapshot current =
                new TableState.Snapshot(
                        snapshot.version(),
                        Optional.empty(),
                        snapshot.committedAt(),
                        "append",
                        0,
                        0,
                        rows(snapshot),
                        hidden(snapshot),
                        snapshot.files().size(),
                        snapshot.files().stream().mapToLong(AddedFile::bytes).sum(),
                        Map.of());
        return new TableState(
                pointer,
                snapshot.location(),
                snapshot.id(),
                snapshot.readerVersion(),
                new TableDefinition(snapshot.schema(), partitioning, List.of(), properties),
                Optional.of(current),
                List.of(current));
    }

    /** What the log does not tell is counted in the files. */
    private long rows(DeltaSnapshot snapshot) {
        long told = snapshot.files().stream().mapToLong(f -> Math.max(0, f.rows())).sum();
        List<AddedFile> untold = snapshot.files().stream().filter(f -> f.rows() < 0).toList();
        return told + checkpoints.rows(untold) - hidden(snapshot);
    }

    private static long hidden(DeltaSnapshot snapshot) {
        return snapshot.files().stream()
                .flatMap(f -> f.deleted().stream())
                .mapToLong(DeltaSnapshot.Vector::rows)
                .sum();
    }

    @Override
    public TableScan scan(
            String location, String version, Optional<Long> earlier, List<Predicate> predicates) {
        DeltaSnapshot snapshot =
                snapshot(location, earlier.map(v -> Long.toString(v)).orElse(version));
        ZoneId zone = zone(version);
        FileChoice choice = new FileChoice(snapshot, predicates);
        List<TableScan.DataFile> files = new ArrayList<>();
        for (AddedFile file : snapshot.files()) {
            if (choice.mayHaveRows(file, constants(snapshot, file, zone))) {
                files.add(dataFile(snapshot, file, zone));
            }
        }
        return new TableScan(snapshot.schema(), files, snapshot.files().size());
    }

    private TableScan.DataFile dataFile(DeltaSnapshot snapshot, AddedFile file, ZoneId zone) {
        Storage.StoredFile stored =
                storage.find(file.location())
                        .orElseThrow(() -> ReadErrors.missing(file.location()));
        Optional<DeletedRows> deleted =
                file.deleted().map(vector -> vectors.read(snapshot.location(), vector));
        return new TableScan.DataFile(
                file.location(),
                storage.local(stored),
                file.rows(),
                file.bytes(),
                deleted,
                Optional.of(
                        ForeignFile.of(
                                snapshot.byId() ? ColumnsBy.ID_ELSE_NAME : ColumnsBy.NAME,
                                snapshot.names(),
                                constants(snapshot, file, zone))));
    }

    /** The values of the partition columns, which files leave out. */
    private static Map<Integer, Optional<String>> constants(
            DeltaSnapshot snapshot, AddedFile file, ZoneId zone) {
        Map<Integer, Optional<String>> constants = new HashMap<>();
        for (String column : snapshot.partitionColumns()) {
            @Nullable Field field = snapshot.schema().find(column).orElse(null);
            if (field == null) {
                continue;
            }
            String physical =
                    snapshot.names().getOrDefault(field.id(), List.of(field.name())).getFirst();
            Optional<String> value =
                    file.partition()
                            .getOrDefault(
                                    physical,
                                    file.partition().getOrDefault(column, Optional.empty()));
            constants.put(
                    field.id(),
                    switch (field.type()) {
                        case Type.Primitive.BINARY -> value.map(DeltaTables::blob);
                        case Type.Primitive.TIMESTAMPTZ -> value.map(text -> zoned(text, zone));
                        default -> value;
                    });
        }
        return constants;
    }

    /** Bytes are written as text in the log; the engine reads them with escapes. */
    private static String blob(String text) {
        StringBuilder escaped = new StringBuilder();
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            escaped.append("\\x%02X".formatted(b & 0xff));
        }
        return escaped.toString();
    }

    /** Partition values may be written without a zone, in the writer's own. */
    private static String zoned(String text, ZoneId zone) {
        if (zone.equals(ZoneOffset.UTC) || !WITHOUT_ZONE.matcher(text).matches()) {
            return text;
        }
        return LocalDateTime.parse(text.replace(' ', 'T')).atZone(zone).toInstant().toString();
    }

    private static ZoneId zone(String version) {
        int at = version.indexOf('@');
        return at < 0 ? ZoneOffset.UTC : ZoneId.of(version.substring(at + 1));
    }

    private DeltaSnapshot snapshot(String location, String version) {
        String table = DataPaths.normalized(location);
        int at = version.indexOf('@');
        long number = Long.parseLong(at < 0 ? version : version.substring(0, at));
        synchronized (kept) {
            @Nullable DeltaSnapshot known = kept.get(new Version(table, number));
            if (known != null) {
                return known;
            }
        }
        return snapshot(LogListing.of(storage, table), number);
    }

    private DeltaSnapshot snapshot(LogListing log, long number) {
        Version version = new Version(log.table(), number);
        LogListing.Way way = log.to(number);
        Replay replay = new Replay(log.table());
        way.checkpoint().forEach(file -> read(file, replay));
        for (String sidecar : replay.sidecars()) {
            read(storage.find(sidecar).orElseThrow(() -> ReadErrors.missing(sidecar)), replay);
        }
        way.commits().forEach(file -> read(file, replay));
        Instant written =
                way.commits().isEmpty()
                        ? way.checkpoint().getFirst().modified()
                        : way.commits().getLast().modified();
        DeltaSnapshot snapshot = replay.snapshot(number, written);
        synchronized (kept) {
            kept.put(version, snapshot);
        }
        return snapshot;
    }

    private void read(Storage.StoredFile file, Replay replay) {
        if (file.location().endsWith(".parquet")) {
            checkpoints.apply(file, replay);
            return;
        }
        try (BufferedReader lines =
                new BufferedReader(
                        new InputStreamReader(
                                storage.open(file.location()), StandardCharsets.UTF_8))) {
            lines.lines().forEach(line -> replay.apply(file.location(), line));
        } catch (IOException e) {
            throw ReadErrors.unreadable(file.location(), e);
        } catch (UncheckedIOException e) {
            throw ReadErrors.unreadable(file.location(), e.getCause());
        }
    }
}
