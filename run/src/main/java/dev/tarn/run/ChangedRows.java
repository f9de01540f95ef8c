package dev.tarn.run;

import dev.tarn.model.TableName;
import dev.tarn.model.graph.SqlText;
import dev.tarn.model.table.DeletedRows;
import dev.tarn.model.table.Field;
import dev.tarn.model.table.RowLineage;
import dev.tarn.model.table.RowPositions;
import dev.tarn.model.table.Schema;
import dev.tarn.model.table.TablePointer;
import dev.tarn.model.table.TableScan;
import dev.tarn.model.table.TableScan.DataFile;
import dev.tarn.model.table.Type;
import dev.tarn.model.table.WriteTarget;
import dev.tarn.model.table.WrittenFile;
import dev.tarn.run.TableWriter.Written;
import dev.tarn.spi.EngineSession;
import dev.tarn.spi.Relation;
import dev.tarn.spi.Relation.Places;
import dev.tarn.spi.Tables;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Makes a new state of a table from rows that were staged: those with a place go from where they
 * stand, those that are written come anew and keep their ids. By default files stay and get
 * deletion vectors; where the table asks for it, files that lose rows are written again.
 */
final class ChangedRows {
    /**
     * The staged rows: file and position; where rows are written also the row's id, {@link
     * #WRITTEN} and the columns of the table.
     */
    static final TableName STAGED = new TableName("tarn_stage", "changed_rows");

    /** Whether a staged row is to be written. */
    static final String WRITTEN = "__tarn_written";

    private static final TableName CARRIED = new TableName("tarn_stage", "carried_rows");
    private static final String COPY = "copy-on-write";

    private final EngineSession session;
    private final Tables tables;
    private final Map<String, String> summary;
    private final PlacedTable target;
    private final String mode;
    private final boolean writes;

    /**
     * @param verb {@code delete}, {@code update} or {@code merge}
     */
    ChangedRows(TaskContext context, PlacedTable target, String verb) {
        this(context.session(), context.tables(), context.summary(), target, verb);
    }

    ChangedRows(
            EngineSession session,
            Tables tables,
            Map<String, String> summary,
            PlacedTable target,
            String verb) {
        this.session = session;
        this.tables = tables;
        this.summary = summary;
        this.target = target;
        this.writes = !verb.equals("delete");
        Map<String, String> properties = target.state().definition().properties();
        mode =
                properties.getOrDefault(
                        "write." + verb + ".mode", properties.getOrDefault("write.mode", ""));
    }

    private TablePointer base() {
        return target.pointer();
    }

    /** Format version 2 knows no deletion vectors. */
    private boolean copies() {
        return mode.equalsIgnoreCase(COPY) || target.state().formatVersion() < 3;
    }

    private boolean keepsRowIds() {
        Schema schema = target.schema();
        return target.state().formatVersion() >= 3
                && schema.find(RowLineage.ROW_ID.name()).isEmpty()
                && schema.find(RowLineage.LAST_UPDATED.name()).isEmpty();
    }

    /** Makes the new state of what was staged. */
    Written apply() {
        List<RowPositions> gone =
                session.positions(
                        target.placed(),
                        SqlText.of(
                                "select %s, %s from %s where %s is not null"
                                        .formatted(
                                                Places.FILE,
                                                Places.POSITION,
                                                STAGED,
                                                Places.FILE)));
        if (!gone.isEmpty() && copies()) {
            return copied(gone);
        }
        List<WrittenFile> files =
                writes ? session.write(staged(false), writeTarget(false)) : List.of();
        if (gone.isEmpty()) {
            return Written.of(
                    files.isEmpty() ? base() : tables.append(base(), files, summary), files);
        }
        return Written.of(tables.replaceRows(base(), gone, files, summary), files);
    }

    /** The rows to write, with their ids where the table keeps them. */
    private SqlText staged(boolean carrying) {
        String ids = keepsRowIds() ? ", %s as %s".formatted(Places.ROW_ID, id()) : "";
        String updated =
                keepsRowIds() && carrying ? ", cast(null as bigint) as " + lastUpdated() : "";
        return SqlText.of(
                "select %s%s%s from %s where %s"
                        .formatted(columns(), ids, updated, STAGED, WRITTEN));
    }

    private static String id() {
        return RowLineage.ROW_ID.name();
    }

    private static String lastUpdated() {
        return RowLineage.LAST_UPDATED.name();
    }

    private String columns() {
        return target.schema().names().stream().map(Type::quoted).collect(Collectors.joining(", "));
    }

    private WriteTarget writeTarget(boolean carrying) {
        WriteTarget plain = tables.target(base());
        if (!keepsRowIds()) {
            return plain;
        }
        List<Field> fields = new ArrayList<>(plain.schema().fields());
        fields.add(RowLineage.ROW_ID);
        if (carrying) {
            fields.add(RowLineage.LAST_UPDATED);
        }
        return plain.with(new Schema(fields), plain.sortOrder());
    }

    /** Writes the rows that stay in the files that lose some, together with the changed ones. */
    private Written copied(List<RowPositions> gone) {
        Map<String, long[]> positions = new HashMap<>();
        gone.forEach(g -> positions.put(g.location(), g.positions()));
        TableScan all = tables.scan(base(), Optional.empty(), List.of());
        List<DataFile> touched =
                all.files().stream()
                        .filter(f -> positions.containsKey(f.location()))
                        .map(f -> without(f, positions.getOrDefault(f.location(), new long[0])))
                        .toList();
        TableScan rest = new TableScan(all.schema(), touched, touched.size(), all.uniform());
        session.define(
                CARRIED, new Relation.Table(all.schema(), predicates -> rest, new Places.Told()));
        String ids =
                keepsRowIds()
                        ? ", %s as %s, %s as %s"
                                .formatted(Places.ROW_ID, id(), Places.LAST_UPDATED, lastUpdated())
                        : "";
        String carried = "select %s%s from %s".formatted(columns(), ids, CARRIED);
        SqlText rows = SqlText.of(writes ? carried + " union all " + staged(true).sql() : carried);
        List<WrittenFile> files = session.write(rows, writeTarget(true));
        return Written.of(tables.replaceFiles(base(), positions.keySet(), files, summary), files);
    }

    private static DataFile without(DataFile file, long[] positions) {
        return file.withDeleted(Optional.of(new Gone(file.deleted(), positions)));
    }

    /** Rows that were deleted before, and more of them. */
    @SuppressWarnings("ArrayRecordComponent") // Millions of positions.
    private record Gone(Optional<DeletedRows> before, long[] more) implements DeletedRows {
        @Override
        public boolean contains(long position) {
            return java.util.Arrays.binarySearch(more, position) >= 0
                    || (before.isPresent() && before.get().contains(position));
        }

        @Override
        public long count() {
            return more.length + before.map(DeletedRows::count).orElse(0L);
        }

        @Override
        public void forEach(java.util.function.LongConsumer action) {
            long[] all = new long[Math.toIntExact(count())];
            System.arraycopy(more, 0, all, 0, more.length);
            int[] next = {more.length};
            before.ifPresent(b -> b.forEach(p -> all[next[0]++] = p));
            java.util.Arrays.sort(all);
            java.util.Arrays.stream(all).forEach(action);
        }
    }
}
