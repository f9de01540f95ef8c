package dev.tarn.upkeep;

import dev.tarn.model.TableName;
import dev.tarn.model.catalog.Versioned;
import dev.tarn.model.graph.SqlText;
import dev.tarn.model.table.Field;
import dev.tarn.model.table.Inventory.DataFile;
import dev.tarn.model.table.RowLineage;
import dev.tarn.model.table.Schema;
import dev.tarn.model.table.TablePointer;
import dev.tarn.model.table.TableScan;
import dev.tarn.model.table.Type;
import dev.tarn.model.table.WriteTarget;
import dev.tarn.model.table.WrittenFile;
import dev.tarn.spi.Engine;
import dev.tarn.spi.EngineSession;
import dev.tarn.spi.Relation;
import dev.tarn.spi.Relation.Places;
import dev.tarn.spi.Tables;
import dev.tarn.upkeep.TableUpkeep.Outcome;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Writes files of a table anew, some at a time; what was done stays if the rest is not. */
final class Compaction {
    private static final TableName PLACED = new TableName("tarn_upkeep", "placed_rows");
    private static final TableName ROWS = new TableName("tarn_upkeep", "rows");

    private static final List<DataFile> NONE = List.of();

    /** The more rows are ordered together, the less a query has to read of them. */
    private static final int CLUSTERED = 8;

    private static final String STOPPED =
            "the budget of time or bytes is used up; what is left is done another time";

    private final Tables tables;
    private final Engine engine;
    private final Landing landing;
    private final long unitBytes;
    private final Budget budget;

    Compaction(Tables tables, Engine engine, Landing landing, long unitBytes, Budget budget) {
        this.tables = tables;
        this.engine = engine;
        this.landing = landing;
        this.unitBytes = unitBytes;
        this.budget = budget;
    }

    /**
     * How far it came.
     *
     * @param entry the table as it was left
     * @param filesMore files it has now less those it had; below zero as a rule
     */
    record Result(
            Versioned entry,
            Outcome outcome,
            String note,
            long filesMore,
            long bytesRead,
            long bytesWritten) {
        Result with(Outcome newOutcome, String newNote) {
            return new Result(entry, newOutcome, newNote, filesMore, bytesRead, bytesWritten);
        }
    }

    Result rewrite(TableName name, Versioned entry, TableWork work) {
        Result result = new Result(entry, Outcome.NOTHING, "", 0, 0, 0);
        long unitMost = Math.max(unitBytes, 2 * work.target());
        for (Unit whole : units(work.groups(), unitMost)) {
            Unit unit = affordable(whole);
            long bytes = bytes(unit.files());
            if (unit.files().isEmpty() || !budget.allows(bytes)) {
                return result.with(Outcome.STOPPED, STOPPED);
            }
            budget.spend(bytes);
            Optional<Result> next = rewriteUnit(name, unit, work.policy().clusterBy(), result);
            if (next.isEmpty()) {
                return result.with(
                        Outcome.GAVE_WAY,
                        "others changed the same files meanwhile; this is left to another time");
            }
            result = next.get();
            if (unit.files().size() < whole.files().size()) {
                return result.with(Outcome.STOPPED, STOPPED);
            }
        }
        return result;
    }

    /**
     * Files that are rewritten in one go.
     *
     * @param clusters whether their rows are gathered by the table's cluster columns
     */
    private record Unit(List<DataFile> files, boolean clusters) {}

    /**
     * As much of a unit as the budget allows, the smallest files first, for they gain the most;
     * nothing if that would gather no files.
     */
    private Unit affordable(Unit unit) {
        if (bytes(unit.files()) <= budget.bytes()) {
            return unit;
        }
        List<DataFile> part = new ArrayList<>();
        long sum = 0;
        for (DataFile file :
                unit.files().stream().sorted(Comparator.comparingLong(DataFile::bytes)).toList()) {
            sum += file.bytes();
            if (sum > budget.bytes()) {
                break;
            }
            part.add(file);
        }
        return new Unit(part.size() < 2 ? List.of() : part, unit.clusters());
    }

    private Optional<Result> rewriteUnit(
            TableName name, Unit work, List<String> clusterBy, Result before) {
        List<DataFile> unit = work.files();
        TablePointer base = before.entry().pointer().orElseThrow();
        Set<String> replaced = unit.stream().map(DataFile::location).collect(Collectors.toSet());
        List<String> by = work.clusters() ? clusterBy : List.of();
        List<WrittenFile> written = write(base, replaced, by);
        String message =
                "maintain: %d file%s of %s became %d"
                        .formatted(unit.size(), unit.size() == 1 ? "" : "s", name, written.size());
        Map<String, String> summary =
                by.isEmpty()
                        ? Map.of("tarn.upkeep", "compaction")
                        : Map.of(
                                "tarn.upkeep",
                                "clustering",
                                "tarn.clustered-by",
                                String.join(",", by));
        TablePointer made = tables.compact(base, replaced, written, summary);
        return landing.land(before.entry(), made, message)
                .map(entry ->
                        new Result(
                                entry,
                                Outcome.DONE,
                                "",
                                before.filesMore() + written.size() - unit.size(),
                                before.bytesRead() + bytes(unit),
                                before.bytesWritten()
                                        + written.stream().mapToLong(WrittenFile::bytes).sum()));
    }

    private List<WrittenFile> write(
            TablePointer base, Set<String> replaced, List<String> clusterBy) {
        TableScan scan = tables.rows(base, replaced);
        WriteTarget target = tables.target(base);
        try (EngineSession session = engine.open(Engine.SessionOptions.TRUSTED)) {
            session.define(
                    PLACED,
                    new Relation.Table(scan.schema(), unused -> scan, new Relation.Places.Told()));
            List<Field> columns = columns(scan);
            session.define(ROWS, new Relation.View(identified(scan.schema(), columns)));
            SqlText rows =
                    clusterBy.isEmpty()
                            ? SqlText.of("select * from " + ROWS)
                            : new Clustering(ROWS, clusterBy).query(session);
            return session.write(
                    rows,
                    target.with(
                            new Schema(columns),
                            clusterBy.isEmpty() ? target.sortOrder() : List.of()));
        }
    }

    /** The columns to write: those of the table, and the identity of rows where they have one. */
    private static List<Field> columns(TableScan scan) {
        List<Field> columns = new ArrayList<>(scan.schema().fields());
        if (scan.files().stream().anyMatch(f -> f.lineage().isPresent())) {
            for (Field reserved : RowLineage.FIELDS) {
                if (scan.schema().find(reserved.name()).isPresent()) {
                    throw UpkeepErrors.reservedColumn(reserved.name());
                }
                columns.add(reserved);
            }
        }
        return columns;
    }

    private static String identified(Schema schema, List<Field> columns) {
        List<String> selected = new ArrayList<>();
        schema.names().forEach(name -> selected.add(Type.quoted(name)));
        if (columns.size() > selected.size()) {
            selected.add(Places.ROW_ID + " as " + RowLineage.ROW_ID.name());
            selected.add(Places.LAST_UPDATED + " as " + RowLineage.LAST_UPDATED.name());
        }
        return "select %s from %s".formatted(String.join(", ", selected), PLACED);
    }

    /** Small groups together, large ones in parts; rows are clustered within a part. */
    private static List<Unit> units(List<CompactionPlanner.Group> groups, long most) {
        List<Unit> units = new ArrayList<>();
        for (boolean clusters : new boolean[] {false, true}) {
            List<DataFile> unit = new ArrayList<>();
            long bytes = 0;
            for (CompactionPlanner.Group group : groups) {
                for (DataFile file : group.clusters() == clusters ? group.files() : NONE) {
                    if (!unit.isEmpty()
                            && bytes + file.bytes() > (clusters ? CLUSTERED * most : most)) {
                        units.add(new Unit(unit, clusters));
                        unit = new ArrayList<>();
                        bytes = 0;
                    }
                    unit.add(file);
                    bytes += file.bytes();
                }
            }
            if (!unit.isEmpty()) {
                units.add(new Unit(unit, clusters));
            }
        }
        return units;
    }

    private static long bytes(List<DataFile> files) {
        return files.stream().mapToLong(DataFile::bytes).sum();
    }
}
