package dev.tarn.run;

import dev.tarn.model.TableName;
import dev.tarn.model.graph.SqlText;
import dev.tarn.model.table.Field;
import dev.tarn.model.table.TablePointer;
import dev.tarn.model.table.Type;
import dev.tarn.run.TableWriter.Validity;
import dev.tarn.run.TableWriter.Written;
import dev.tarn.spi.EngineSession;
import dev.tarn.spi.Relation.Places;
import dev.tarn.spi.Tables;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Keeps all versions of rows: a change ends the one that is valid and begins another, from when it
 * was made. Times of a key never go back, whatever the clocks of the source did. A version that was
 * never valid, because the next one has the same time, is left out, unless it is in the table.
 */
final class VersionedChanges {
    /** The versions that are valid now, of rows that change. */
    private static final TableName CURRENT = new TableName("tarn_stage", "versions_now");

    /** These and the changes in one order, those that say nothing new left out. */
    private static final TableName SEQUENCE = new TableName("tarn_stage", "versions_sequence");

    private final EngineSession session;
    private final Tables tables;
    private final Map<String, String> summary;
    private final PlacedTable table;
    private final RowChanges changes;
    private final String from;
    private final String to;

    VersionedChanges(
            EngineSession session,
            Tables tables,
            Map<String, String> summary,
            TableName name,
            TablePointer base,
            RowChanges changes,
            Validity validity) {
        this.session = session;
        this.tables = tables;
        this.summary = summary;
        this.table = new PlacedTable(session, tables, name, base);
        this.changes = changes;
        this.from = Type.quoted(validity.from());
        this.to = Type.quoted(validity.to());
    }

    /**
     * @param fresh whether the table has no rows with these keys
     */
    Written apply(boolean fresh) {
        boolean emptied = changes.emptied(session).isPresent();
        session.stage(CURRENT, current(emptied, fresh));
        session.stage(SEQUENCE, sequence(changes.untold(session)));
        long staged = session.stage(ChangedRows.STAGED, staged());
        if (staged == 0) {
            return new Written(table.pointer(), 0, 0);
        }
        Written written = new ChangedRows(session, tables, summary, table, "merge").apply();
        return new Written(written.pointer(), staged, written.bytes());
    }

    private SqlText current(boolean emptied, boolean fresh) {
        String which =
                emptied
                        ? ""
                        : " and exists (select 1 from %s as n where %s)"
                                .formatted(changes.rows(), changes.same("o", "n"));
        return SqlText.of(
                "select * from %s as o where %s is null%s%s"
                        .formatted(table.from(), to, which, fresh ? " and false" : ""));
    }

    private List<Field> data() {
        return table.schema().fields().stream()
                .filter(f -> !Type.quoted(f.name()).equals(from))
                .filter(f -> !Type.quoted(f.name()).equals(to))
                .toList();
    }

    private static String names(List<Field> fields) {
        return fields.stream().map(f -> Type.quoted(f.name())).collect(Collectors.joining(", "));
    }

    private SqlText sequence(List<String> untold) {
        String columns = names(data());
        String keys = changes.keys();
        String all =
                """
                (select %s, -1::bigint as tarn_n, 'c' as tarn_kind, %s as tarn_at,
                cast(null as varchar[]) as tarn_untold, %s, %s, %s from %s
                union all by name
                select %s, tarn_n, tarn_kind, tarn_at, tarn_untold from %s
                where tarn_kind in ('c', 'r', 'u', 'd')
                union all by name
                select k.*, t.tarn_n, 'd' as tarn_kind, t.tarn_at
                from (select %s from %s union select %s from %s where tarn_kind <> 't') as k
                cross join (select tarn_n, tarn_at from %s where tarn_kind = 't') as t)
                """
                        .formatted(
                                columns,
                                from,
                                Places.FILE,
                                Places.POSITION,
                                Places.ROW_ID,
                                CURRENT,
                                columns,
                                changes.rows(),
                                keys,
                                CURRENT,
                                keys,
                                changes.rows(),
                                changes.rows());
        String sql =
                """
                select * exclude (tarn_same), lead(tarn_since) over (%s) as tarn_until from (
                select *, max(tarn_at) over (%s) as tarn_since, %s as tarn_same
                from %s) where not tarn_same
                """
                        .formatted(
                                changes.window(),
                                changes.window(),
                                nothingNew(),
                                changes.filled(all, untold));
        return SqlText.of(sql);
    }

    /** That a change leaves a row as it was. */
    private String nothingNew() {
        String window = " over (" + changes.window() + ")";
        List<String> about = changes.about().stream().map(a -> a.toLowerCase(Locale.ROOT)).toList();
        String equal =
                data().stream()
                        .filter(f -> !about.contains(f.name().toLowerCase(Locale.ROOT)))
                        .map(f -> Type.quoted(f.name()))
                        .map(c -> " and %s is not distinct from lag(%s)%s".formatted(c, c, window))
                        .collect(Collectors.joining());
        return "coalesce(tarn_kind <> 'd' and lag(tarn_kind)%s <> 'd'%s, false)"
                .formatted(window, equal);
    }

    private SqlText staged() {
        String columns = names(data());
        String order =
                table.schema().fields().stream()
                        .map(f ->
                                "cast(%s as %s) as %s"
                                        .formatted(
                                                Type.quoted(f.name()),
                                                f.type().sql(),
                                                Type.quoted(f.name())))
                        .collect(Collectors.joining(", "));
        String sql =
                """
                select %s, %s, %s, true as %s, %s from (
                select %s, %s, %s, %s, tarn_since as %s, tarn_until as %s from %s
                where tarn_kind <> 'd' and case when tarn_n < 0 then tarn_until is not null
                else tarn_until is null or tarn_until > tarn_since end)
                """
                        .formatted(
                                Places.FILE,
                                Places.POSITION,
                                Places.ROW_ID,
                                ChangedRows.WRITTEN,
                                order,
                                Places.FILE,
                                Places.POSITION,
                                Places.ROW_ID,
                                columns,
                                from,
                                to,
                                SEQUENCE);
        return SqlText.of(sql);
    }
}
