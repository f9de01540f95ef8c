package dev.tarn.run;

import dev.tarn.model.TableName;
import dev.tarn.model.graph.Materialization.Strategy;
import dev.tarn.model.graph.RowKey;
import dev.tarn.model.graph.SqlText;
import dev.tarn.model.table.Field;
import dev.tarn.model.table.Schema;
import dev.tarn.model.table.Type;
import dev.tarn.spi.EngineSession;
import dev.tarn.spi.Relation.Places;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Takes rows of a table away and adds others. Where one old row has the key of one new row, the new
 * one keeps its id: it is the same row with other values.
 */
final class ReplacedRows {
    private static final TableName NEW_ROWS = new TableName("tarn_stage", "new_rows");
    private static final String RANK = "__tarn_rank";
    private static final Pattern OF_NEW_ROWS =
            Pattern.compile("\\b" + Strategy.NEW + "\\s*\\.", Pattern.CASE_INSENSITIVE);

    private final TaskContext context;
    private final EngineSession session;
    private final PlacedTable table;

    ReplacedRows(TaskContext context, PlacedTable table) {
        this.context = context;
        this.session = context.session();
        this.table = table;
    }

    /**
     * Takes the old rows away whose key is among those of the new rows; null is no key.
     *
     * @param keys columns, or expressions, over old rows and over new ones
     * @param predicates which old rows may go, over {@code DBT_INTERNAL_DEST} and {@code
     *     DBT_INTERNAL_SOURCE}; names alone are those of old rows
     */
    TableWriter.Written byKey(SqlText query, List<String> keys, List<String> predicates) {
        List<String> expressions = keys.stream().map(ReplacedRows::expression).toList();
        SqlText rows = Sql.around("select *" + named(expressions) + " from (\n", query, "\n) as q");
        return byMatch(rows, keys, predicates);
    }

    /**
     * The same for rows that say themselves which old ones they replace.
     *
     * @param rows with the columns {@link #match}; null where they replace nothing
     * @param keys columns, or expressions, over old rows
     */
    TableWriter.Written byMatch(SqlText rows, List<String> keys, List<String> predicates) {
        return session.stage(NEW_ROWS, rows) == 0
                ? new TableWriter.Written(table.pointer(), 0, 0)
                : paired(keys, predicates);
    }

    private static String expression(String key) {
        return RowKey.column(key).map(Type::quoted).orElse("(" + key + "\n)");
    }

    /** The name of a part of the key, of which the first is 0. */
    static String match(int index) {
        return "__tarn_match_" + (index + 1);
    }

    private static String named(List<String> expressions) {
        return IntStream.range(0, expressions.size())
                .mapToObj(i -> ", " + expressions.get(i) + " as " + match(i))
                .collect(Collectors.joining());
    }

    private TableWriter.Written paired(List<String> keys, List<String> predicates) {
        Schema columns = session.describe(SqlText.of("select * from " + NEW_ROWS));
        List<String> expressions = keys.stream().map(ReplacedRows::expression).toList();
        List<String> old = new ArrayList<>(bounds(keys, columns));
        List<String> pair = new ArrayList<>();
        for (int i = 0; i < keys.size(); i++) {
            pair.add("%s.%s = %s.%s".formatted(Strategy.NEW, match(i), Strategy.OLD, match(i)));
        }
        for (String predicate : predicates) {
            boolean both = OF_NEW_ROWS.matcher(predicate).find();
            (both ? pair : old).add("(" + predicate + "\n)");
        }
        String ranked = "row_number() over (partition by %s order by %s) as " + RANK;
        String partition =
                IntStream.range(0, keys.size())
                        .mapToObj(ReplacedRows::match)
                        .collect(Collectors.joining(", "));
        String same =
                IntStream.range(0, keys.size())
                        .mapToObj(i -> "o.%s = n.%s".formatted(match(i), match(i)))
                        .collect(Collectors.joining(" and "));
        String sql =
                """
                with olds as (select *%s from %s as %s%s),
                gone as (select *, %s from olds as %s where exists (
                select 1 from %s as %s where %s)),
                news as (select *, %s from %s)
                select o.%s, o.%s, o.%s, n.%s is not null as %s%s
                from gone as o full join news as n on %s and o.%s = n.%s
                """
                        .formatted(
                                named(expressions),
                                table.from(),
                                Strategy.OLD,
                                old.isEmpty() ? "" : " where " + String.join(" and ", old),
                                ranked.formatted(partition, Places.FILE + ", " + Places.POSITION),
                                Strategy.OLD,
                                NEW_ROWS,
                                Strategy.NEW,
                                String.join(" and ", pair),
                                ranked.formatted(partition, partition),
                                NEW_ROWS,
                                Places.FILE,
                                Places.POSITION,
                                Places.ROW_ID,
                                RANK,
                                ChangedRows.WRITTEN,
                                values(columns, "n."),
                                same,
                                RANK,
                                RANK);
        return written(SqlText.of(sql));
    }

    private List<String> bounds(List<String> keys, Schema columns) {
        List<String> bounds = new ArrayList<>();
        for (String key : keys) {
            Optional<Field> ours = RowKey.column(key).flatMap(table.schema()::find);
            Optional<Field> theirs = RowKey.column(key).flatMap(columns::find);
            if (ours.isPresent()
                    && theirs.isPresent()
                    && KeyBounds.fit(ours.get().type(), theirs.get().type())) {
                KeyBounds.of(
                                session,
                                NEW_ROWS,
                                theirs.get().name(),
                                ours.get(),
                                Strategy.OLD + "." + Type.quoted(ours.get().name()))
                        .ifPresent(bounds::add);
            }
        }
        return bounds;
    }

    /**
     * Takes the old rows away that a condition holds for, and adds the rows of a query that it
     * holds for.
     *
     * @param condition over columns that both have
     * @param predicates which old rows may go
     */
    TableWriter.Written where(String condition, List<String> predicates, SqlText query) {
        session.stage(
                NEW_ROWS, Sql.around("select * from (\n", query, "\n) as q where " + condition));
        Schema columns = session.describe(SqlText.of("select * from " + NEW_ROWS));
        String may =
                predicates.stream().map(p -> " and (" + p + "\n)").collect(Collectors.joining());
        String sql =
                """
                select %s, %s, cast(null as bigint) as %s, false as %s%s from %s as %s where %s%s
                union all select null, null, null, true%s from %s as n
                """
                        .formatted(
                                Places.FILE,
                                Places.POSITION,
                                Places.ROW_ID,
                                ChangedRows.WRITTEN,
                                nothing(),
                                table.from(),
                                Strategy.OLD,
                                condition,
                                may,
                                values(columns, "n."),
                                NEW_ROWS);
        return written(SqlText.of(sql));
    }

    private TableWriter.Written written(SqlText rows) {
        if (session.stage(ChangedRows.STAGED, rows) == 0) {
            return new TableWriter.Written(table.pointer(), 0, 0);
        }
        TableWriter.Written written = new ChangedRows(context, table, "merge").apply();
        return new TableWriter.Written(written.pointer(), added(), written.bytes());
    }

    /** How many rows were added, without those that were only carried to another file. */
    private long added() {
        SqlText count =
                SqlText.of(
                        "select count(*) from %s where %s"
                                .formatted(ChangedRows.STAGED, ChangedRows.WRITTEN));
        try (var rows = session.query(count)) {
            return rows.next() && rows.value(0) instanceof Number n ? n.longValue() : 0;
        }
    }

    /** Every column of the table, out of rows that may lack some. */
    private String values(Schema columns, String prefix) {
        return table.schema().fields().stream()
                .map(f ->
                        ", cast(%s as %s) as %s"
                                .formatted(
                                        columns.find(f.name())
                                                .map(c -> prefix + Type.quoted(c.name()))
                                                .orElseGet(() -> TargetTable.otherwise(f).sql()),
                                        f.type().sql(),
                                        Type.quoted(f.name())))
                .collect(Collectors.joining());
    }

    private String nothing() {
        return table.schema().fields().stream()
                .map(f ->
                        ", cast(null as %s) as %s".formatted(f.type().sql(), Type.quoted(f.name())))
                .collect(Collectors.joining());
    }
}
