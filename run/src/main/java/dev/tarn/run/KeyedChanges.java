package dev.tarn.run;

import dev.tarn.model.TableName;
import dev.tarn.model.graph.SqlText;
import dev.tarn.model.table.Field;
import dev.tarn.model.table.Schema;
import dev.tarn.model.table.TablePointer;
import dev.tarn.model.table.Type;
import dev.tarn.model.table.WrittenFile;
import dev.tarn.run.TableWriter.Written;
import dev.tarn.spi.EngineSession;
import dev.tarn.spi.QueryResult;
import dev.tarn.spi.Relation.Places;
import dev.tarn.spi.Tables;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/**
 * Brings a table to the state behind changes of its rows. A row that has the key of a change is
 * replaced and keeps its id, or goes.
 */
final class KeyedChanges {
    /** What is left of the changes: for each key the last one. */
    private static final TableName NET = new TableName("tarn_stage", "net_changes");

    private static final String RANK = "__tarn_rank";

    private final EngineSession session;
    private final Tables tables;
    private final Map<String, String> summary;
    private final TableName name;
    private final TablePointer base;
    private final RowChanges changes;

    KeyedChanges(
            EngineSession session,
            Tables tables,
            Map<String, String> summary,
            TableName name,
            TablePointer base,
            RowChanges changes) {
        this.session = session;
        this.tables = tables;
        this.summary = summary;
        this.name = name;
        this.base = base;
        this.changes = changes;
    }

    /**
     * @param many whether all rows of a key take the place of all that have it; else the last one
     * @param fresh whether the table has no rows with these keys
     */
    Written apply(boolean many, boolean fresh) {
        OptionalLong emptied = changes.emptied(session);
        List<String> untold = changes.untold(session);
        long count = session.stage(NET, net(many, emptied, untold));
        if (emptied.isPresent()) {
            return counted(count, overwritten());
        }
        if (count == 0) {
            return new Written(base, 0, 0);
        }
        if (fresh) {
            return counted(count, added());
        }
        PlacedTable table = new PlacedTable(session, tables, name, base);
        session.stage(ChangedRows.STAGED, paired(table, many, untold));
        return counted(count, new ChangedRows(session, tables, summary, table, "merge").apply());
    }

    private static Written counted(long changes, Written written) {
        return new Written(written.pointer(), changes, written.bytes());
    }

    private Schema columns() {
        return tables.state(base).definition().schema();
    }

    private SqlText net(boolean many, OptionalLong emptied, List<String> untold) {
        String valid =
                "(select * from %s where %s in ('c', 'r', 'u', 'd')%s)"
                        .formatted(
                                changes.rows(),
                                RowChanges.KIND,
                                emptied.isPresent()
                                        ? " and %s > %d"
                                                .formatted(RowChanges.ORDER, emptied.getAsLong())
                                        : "");
        String last =
                many
                        ? "%s = 'd' or %s > coalesce(max(%s) filter (where %s = 'd') over (partition by %s), -1)"
                                .formatted(
                                        RowChanges.KIND,
                                        RowChanges.ORDER,
                                        RowChanges.ORDER,
                                        RowChanges.KIND,
                                        changes.keys())
                        : "row_number() over (partition by %s order by %s desc) = 1"
                                .formatted(changes.keys(), RowChanges.ORDER);
        return SqlText.of(
                "select * from %s qualify %s".formatted(changes.filled(valid, untold), last));
    }

    private SqlText rows() {
        return SqlText.of(
                "select %s from %s as n where %s <> 'd'"
                        .formatted(values(List.of()), NET, RowChanges.KIND));
    }

    private Written overwritten() {
        List<WrittenFile> files = session.write(rows(), tables.target(base));
        return Written.of(tables.overwrite(base, files, summary), files);
    }

    private Written added() {
        List<WrittenFile> files = session.write(rows(), tables.target(base));
        return Written.of(files.isEmpty() ? base : tables.append(base, files, summary), files);
    }

    /** Old rows and what takes their place, in the form that {@link ChangedRows} wants. */
    private SqlText paired(PlacedTable table, boolean many, List<String> untold) {
        // Where null is no key, rows without one replace nothing.
        String known =
                many
                        ? changes.key().stream()
                                .map(k -> " and n." + Type.quoted(k) + " is not null")
                                .collect(Collectors.joining())
                        : "";
        String sql =
                """
                with gone as (select *, row_number() over (partition by %s order by %s, %s) as %s
                from %s as o where %s exists (select 1 from %s as n where %s%s)),
                news as (select *, %s as %s from %s where %s <> 'd')
                select o.%s, o.%s, o.%s, n.%s is not null as %s, %s
                from gone as o full join news as n on %s and o.%s = n.%s
                """
                        .formatted(
                                changes.keys(),
                                Places.FILE,
                                Places.POSITION,
                                RANK,
                                table.from(),
                                bounds(table.schema()),
                                NET,
                                changes.same("o", "n"),
                                known,
                                many
                                        ? "row_number() over (partition by %s order by %s)"
                                                .formatted(changes.keys(), RowChanges.ORDER)
                                        : "1",
                                RANK,
                                NET,
                                RowChanges.KIND,
                                Places.FILE,
                                Places.POSITION,
                                Places.ROW_ID,
                                RANK,
                                ChangedRows.WRITTEN,
                                values(untold),
                                changes.same("o", "n"),
                                RANK,
                                RANK);
        return SqlText.of(sql);
    }

    private String values(List<String> untold) {
        return columns().fields().stream()
                .map(f -> value(f, untold.indexOf(f.name().toLowerCase(Locale.ROOT))))
                .collect(Collectors.joining(", "));
    }

    private static String value(Field field, int untold) {
        String column = Type.quoted(field.name());
        String value =
                untold < 0
                        ? "n." + column
                        : "case when n.%s then o.%s else n.%s end"
                                .formatted(RowChanges.kept(untold), column, column);
        return "cast(%s as %s) as %s".formatted(value, field.type().sql(), column);
    }

    /** Conditions that leave out files without any of the keys, each with an AND behind it. */
    private String bounds(Schema columns) {
        StringBuilder bounds = new StringBuilder();
        for (String key : changes.key()) {
            Optional<Field> column = columns.find(key);
            if (column.isPresent()
                    && KeyBounds.fit(column.get().type(), column.get().type())
                    && !hasNull(key)) {
                KeyBounds.of(session, NET, key, column.get(), "o." + Type.quoted(key))
                        .ifPresent(b -> bounds.append(b).append(" and "));
            }
        }
        return bounds.toString();
    }

    private boolean hasNull(String key) {
        SqlText some =
                SqlText.of(
                        "select 1 from %s where %s is null limit 1"
                                .formatted(NET, Type.quoted(key)));
        try (QueryResult result = session.query(some)) {
            return result.next();
        }
    }
}
