package dev.tarn.refs;

import dev.tarn.model.TableName;
import dev.tarn.model.graph.SqlText;
import dev.tarn.model.table.DeletedRows;
import dev.tarn.model.table.Field;
import dev.tarn.model.table.Schema;
import dev.tarn.model.table.TablePointer;
import dev.tarn.model.table.TableScan;
import dev.tarn.model.table.TableScan.DataFile;
import dev.tarn.refs.Difference.Side;
import dev.tarn.refs.RowDifferences.Sample;
import dev.tarn.spi.EngineSession;
import dev.tarn.spi.QueryResult;
import dev.tarn.spi.Relation;
import dev.tarn.spi.TableReads;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Compares the rows of two states of a table. Files that both states have, with the same rows
 * deleted, hold nothing that differs and are not read.
 */
public final class RowComparison {
    private static final TableName BEFORE = new TableName("diff", "before");
    private static final TableName AFTER = new TableName("diff", "after");

    private final TableReads tables;

    public RowComparison(TableReads tables) {
        this.tables = tables;
    }

    /**
     * @param key columns that name a row; without any, rows are only told apart by all they hold
     * @param limit how many rows to show
     * @param session where to read; it gets two relations
     */
    public RowDifferences compare(
            Difference difference, List<String> key, int limit, EngineSession session) {
        if (!(difference.before().orElse(null) instanceof Side.Table was)
                || !(difference.after().orElse(null) instanceof Side.Table is)) {
            throw RefErrors.onlyTables(difference.name());
        }
        List<String> common =
                was.schema().names().stream()
                        .filter(name -> is.schema().find(name).isPresent())
                        .toList();
        for (String column : key) {
            if (common.stream().noneMatch(column::equalsIgnoreCase)) {
                throw RefErrors.noKeyColumn(
                        column, difference.name(), new Schema(fields(is, common)));
            }
        }
        Files files = files(was.state().pointer(), is.state().pointer());
        session.define(BEFORE, new Relation.Table(files.before().schema(), p -> files.before()));
        session.define(AFTER, new Relation.Table(files.after().schema(), p -> files.after()));
        return key.isEmpty()
                ? wholeRows(common, limit, files, session)
                : byKey(key, common, limit, files, session);
    }

    private static List<Field> fields(Side side, List<String> names) {
        return side.schema().fields().stream().filter(f -> names.contains(f.name())).toList();
    }

    /** What has to be read of both states. */
    private record Files(TableScan before, TableScan after, long shared) {
        long read() {
            return before.files().size() + (long) after.files().size();
        }
    }

    private Files files(TablePointer before, TablePointer after) {
        TableScan was = tables.scan(before, Optional.empty(), List.of());
        TableScan is = tables.scan(after, Optional.empty(), List.of());
        Map<String, DataFile> old = new HashMap<>();
        was.files().forEach(f -> old.put(f.location(), f));
        List<String> shared =
                is.files().stream()
                        .filter(f -> sameRows(f, old.get(f.location())))
                        .map(DataFile::location)
                        .toList();
        return new Files(without(was, shared), without(is, shared), shared.size());
    }

    private static TableScan without(TableScan scan, List<String> locations) {
        java.util.Set<String> left = java.util.Set.copyOf(locations);
        return new TableScan(
                scan.schema(),
                scan.files().stream().filter(f -> !left.contains(f.location())).toList(),
                scan.totalFiles(),
                scan.uniform());
    }

    private static boolean sameRows(
            DataFile one, @org.jspecify.annotations.Nullable DataFile other) {
        if (other == null || one.deleted().isPresent() != other.deleted().isPresent()) {
            return false;
        }
        return one.deleted().isEmpty()
                || samePositions(one.deleted().get(), other.deleted().orElseThrow());
    }

    private static boolean samePositions(DeletedRows one, DeletedRows other) {
        if (one.count() != other.count()) {
            return false;
        }
        boolean[] same = {true};
        one.forEach(position -> same[0] &= other.contains(position));
        return same[0];
    }

    private static RowDifferences wholeRows(
            List<String> columns, int limit, Files files, EngineSession session) {
        String all = columns.stream().map(RowComparison::quoted).collect(Collectors.joining(", "));
        TableName rows = new TableName("diff", "rows");
        session.stage(
                rows,
                SqlText.of(
                        """
                        select 'added' as what, * from (
                            select %1$s from diff.after except all select %1$s from diff.before)
                        union all
                        select 'removed', * from (
                            select %1$s from diff.before except all select %1$s from diff.after)\
                        """
                                .formatted(all)));
        Map<String, Long> counts = new HashMap<>();
        read(
                session,
                "select what, count(*) from diff.rows group by what",
                row -> counts.put(text(row, 0), count(row, 1)));
        List<Sample> sample = new ArrayList<>();
        read(
                session,
                "select what, (select struct_pack(%s))::varchar from diff.rows limit %d"
                        .formatted(packed(columns, ""), limit),
                row -> sample.add(new Sample(text(row, 0), text(row, 1))));
        return new RowDifferences(
                counts.getOrDefault("added", 0L),
                counts.getOrDefault("removed", 0L),
                0,
                Map.of(),
                sample,
                files.shared(),
                files.read());
    }

    private static RowDifferences byKey(
            List<String> key, List<String> common, int limit, Files files, EngineSession session) {
        List<String> values =
                common.stream().filter(c -> key.stream().noneMatch(c::equalsIgnoreCase)).toList();
        TableName pairs = new TableName("diff", "pairs");
        session.stage(pairs, SqlText.of(pairs(key, values)));
        Map<String, Long> byColumn = new LinkedHashMap<>();
        long[] counts = new long[3];
        String perColumn =
                values.stream()
                        .map(c ->
                                ", count(*) filter (where what = 'changed' and %s)"
                                        .formatted(differs(c)))
                        .collect(Collectors.joining());
        read(
                session,
                """
                select count(*) filter (where what = 'added'),
                    count(*) filter (where what = 'removed'),
                    count(*) filter (where what = 'changed')%s
                from diff.pairs where what <> 'same'\
                """
                        .formatted(perColumn),
                row -> {
                    for (int i = 0; i < counts.length; i++) {
                        counts[i] = count(row, i);
                    }
                    for (int i = 0; i < values.size(); i++) {
                        long differing = count(row, counts.length + i);
                        if (differing > 0) {
                            byColumn.put(values.get(i), differing);
                        }
                    }
                });
        List<Sample> sample = new ArrayList<>();
        read(
                session,
                sampleOfPairs(key, values, limit),
                row -> sample.add(new Sample(text(row, 0), text(row, 1))));
        return new RowDifferences(
                counts[0], counts[1], counts[2], byColumn, sample, files.shared(), files.read());
    }

    private static String pairs(List<String> key, List<String> values) {
        String on =
                key.stream()
                        .map(k -> "b.%1$s is not distinct from a.%1$s".formatted(quoted(k)))
                        .collect(Collectors.joining(" and "));
        String different =
                values.isEmpty()
                        ? "false"
                        : values.stream()
                                .map(c -> "b.%1$s is distinct from a.%1$s".formatted(quoted(c)))
                                .collect(Collectors.joining(" or "));
        return """
        select case when b.there is null then 'added' when a.there is null then 'removed'
                when %s then 'changed' else 'same' end as what, b, a
        from (select *, true as there from diff.before) b
        full join (select *, true as there from diff.after) a on %s\
        """
                .formatted(different, on);
    }

    private static String sampleOfPairs(List<String> key, List<String> values, int limit) {
        String changes =
                values.stream()
                        .map(c ->
                                "case when %s then '%s: ' || coalesce(b.%3$s::varchar, 'null') || ' → ' || coalesce(a.%3$s::varchar, 'null') end"
                                        .formatted(differs(c), c.replace("'", "''"), quoted(c)))
                        .collect(Collectors.joining(", "));
        return """
        select what, case what
            when 'changed' then struct_pack(%1$s)::varchar || ' ' || concat_ws(', ', %2$s)
            when 'added' then struct_pack(%3$s)::varchar
            else struct_pack(%4$s)::varchar end
        from diff.pairs where what <> 'same' order by what desc limit %5$d\
        """
                .formatted(
                        packed(key, "a."),
                        changes.isEmpty() ? "''" : changes,
                        packed(both(key, values), "a."),
                        packed(both(key, values), "b."),
                        limit);
    }

    private static List<String> both(List<String> key, List<String> values) {
        List<String> all = new ArrayList<>(key);
        all.addAll(values);
        return all;
    }

    private static String differs(String column) {
        return "b.%1$s is distinct from a.%1$s".formatted(quoted(column));
    }

    private static String packed(List<String> columns, String side) {
        return columns.stream()
                .map(c -> "%s := %s%s".formatted(quoted(c), side, quoted(c)))
                .collect(Collectors.joining(", "));
    }

    private interface Row {
        void read(QueryResult row);
    }

    private static void read(EngineSession session, String sql, Row action) {
        try (QueryResult rows = session.query(SqlText.of(sql))) {
            while (rows.next()) {
                action.read(rows);
            }
        }
    }

    private static long count(QueryResult row, int column) {
        return row.value(column) instanceof Long count ? count : 0;
    }

    private static String text(QueryResult row, int column) {
        return String.valueOf(row.value(column));
    }

    private static String quoted(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }
}
