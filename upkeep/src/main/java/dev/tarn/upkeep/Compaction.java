package dev.tarn.upkeep;

import dev.tarn.model.TableName;
import dev.tarn.model.catalog.Versioned;
import dev.tarn.model.graph.SqlText;
import dev.tarn.model.table.Inventory.DataFile;
import dev.tarn.model.table.TablePointer;
import dev.tarn.model.table.TableScan;
import dev.tarn.model.table.WriteTarget;
import dev.tarn.model.table.WrittenFile;
import dev.tarn.spi.Engine;
import dev.tarn.spi.EngineSession;
import dev.tarn.spi.Relation;
import dev.tarn.spi.Tables;
import dev.tarn.upkeep.TableUpkeep.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Writes files of a table anew, some at a time; what was done stays if the rest is not. */
final class Compaction {
    private static final TableName ROWS = new TableName("tarn_upkeep", "rows");

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
        for (List<DataFile> whole : units(work.groups(), unitMost)) {
            List<DataFile> unit = affordable(whole);
            long bytes = bytes(unit);
            if (unit.isEmpty() || !budget.allows(bytes)) {
                return result.with(Outcome.STOPPED, STOPPED);
            }
            budget.spend(bytes);
            Optional<Result> next = rewriteUnit(name, unit, result);
            if (next.isEmpty()) {
                return result.with(
                        Outcome.GAVE_WAY,
                        "others changed the same files meanwhile; this is left to another time");
            }
            result = next.get();
            if (unit.size() < whole.size()) {
                return result.with(Outcome.STOPPED, STOPPED);
            }
        }
        return result;
    }

    /** As much of a unit as the budget allows; nothing if that would gather no files. */
    private List<DataFile> affordable(List<DataFile> unit) {
        List<DataFile> part = new ArrayList<>();
        long sum = 0;
        for (DataFile file : unit) {
            sum += file.bytes();
            if (sum > budget.bytes()) {
                return part.size() < 2 ? List.of() : part;
            }
            part.add(file);
        }
        return part;
    }

    private Optional<Result> rewriteUnit(TableName name, List<DataFile> unit, Result before) {
        TablePointer base = before.entry().pointer().orElseThrow();
        Set<String> replaced = unit.stream().map(DataFile::location).collect(Collectors.toSet());
        List<WrittenFile> written = write(base, replaced);
        String message =
                "maintain: %d file%s of %s became %d"
                        .formatted(unit.size(), unit.size() == 1 ? "" : "s", name, written.size());
        TablePointer made =
                tables.compact(base, replaced, written, Map.of("tarn.upkeep", "compaction"));
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

    private List<WrittenFile> write(TablePointer base, Set<String> replaced) {
        TableScan scan = tables.rows(base, replaced);
        WriteTarget target = tables.target(base);
        try (EngineSession session = engine.open(Engine.SessionOptions.TRUSTED)) {
            session.define(ROWS, new Relation.Table(scan.schema(), unused -> scan));
            return session.write(
                    SqlText.of("select * from " + ROWS),
                    new WriteTarget(
                            scan.schema(),
                            target.partitioning(),
                            target.sortOrder(),
                            target.directory(),
                            target.targetFileBytes()));
        }
    }

    /** Files that are rewritten in one go: small groups together, large ones in parts. */
    private static List<List<DataFile>> units(
            List<CompactionPlanner.Group> groups, long most) {
        List<List<DataFile>> units = new ArrayList<>();
        List<DataFile> unit = new ArrayList<>();
        for (CompactionPlanner.Group group : groups) {
            for (DataFile file : group.files()) {
                if (!unit.isEmpty() && bytes(unit) + file.bytes() > most) {
                    units.add(unit);
                    unit = new ArrayList<>();
                }
                unit.add(file);
            }
        }
        if (!unit.isEmpty()) {
            units.add(unit);
        }
        return units;
    }

    private static long bytes(List<DataFile> files) {
        return files.stream().mapToLong(DataFile::bytes).sum();
    }
}
