package dev.tarn.run;

import dev.tarn.model.TableName;
import dev.tarn.model.graph.Recipe;
import dev.tarn.model.graph.SqlText;
import dev.tarn.model.table.Field;
import dev.tarn.model.table.Schema;
import dev.tarn.model.table.TablePointer;
import dev.tarn.model.table.TableScan;
import dev.tarn.model.table.Type;
import dev.tarn.run.ViewRefresh.NotFollowed;
import dev.tarn.spi.EngineSession;
import dev.tarn.spi.QueryResult;
import dev.tarn.spi.Relation;
import dev.tarn.spi.Relation.Places;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The rows that a query gains and loses when tables it reads do. The query is asked as it is, with
 * changed rows in the place of a table: of the tables before it in order it sees the new states, of
 * those after it the old ones.
 */
final class ViewChanges {
    private static final String SCHEMA = "tarn_view";
    private static final TableName KEYS = new TableName(SCHEMA, "keys");
    private static final TableName NET = new TableName(SCHEMA, "net");
    private static final String TIMES = "__tarn_times";
    private static final String SIGN = "__tarn_sign";

    private final TaskContext context;
    private final EngineSession session;
    private final StatementTable table;
    private final SqlText query;
    private final Schema columns;
    private final TreeMap<TableName, Changed> changed;
    private final Map<TableName, Set<TableName>> alone;
    private final List<TableName> gained = new ArrayList<>();
    private final List<TableName> lost = new ArrayList<>();

    /** A table that changed: its states, and the rows that only one of them has. */
    record Changed(
            Relation.Table was,
            Relation.Table is,
            Optional<Relation.Table> gone,
            Optional<Relation.Table> come) {}

    /** The new state of a view. */
    record Made(TablePointer pointer, StatementOutcome.Counts counts) {}

    ViewChanges(
            TaskContext context,
            StatementTable table,
            SqlText query,
            Schema columns,
            Map<TableName, Changed> changed,
            Map<TableName, Set<TableName>> alone) {
        this.context = context;
        this.session = context.session();
        this.table = table;
        this.query = query;
        this.columns = columns;
        this.changed = new TreeMap<>(changed);
        this.alone = alone;
    }

    static boolean holdsForeign(Relation.Table relation) {
        return relation.scan().plan(List.of()).files().stream()
                .anyMatch(f -> f.foreign().isPresent());
    }

    static long rows(Relation.Table relation) {
        return relation.scan().plan(List.of()).files().stream()
                .mapToLong(f -> Math.max(0, f.rows()) - f.deleted().map(d -> d.count()).orElse(0L))
                .sum();
    }

    /** Some rows of a table without their places; empty if there are none. */
    static Optional<Relation.Table> part(Relation.Table relation) {
        TableScan scan = relation.scan().plan(List.of());
        return scan.files().isEmpty()
                ? Optional.empty()
                : Optional.of(new Relation.Table(relation.schema(), relation.scan()));
    }

    /** Where each row of the inputs gives rows of its own. */
    Made rows() throws NotFollowed {
        stageChanges();
        List<String> parts = new ArrayList<>();
        gained.forEach(part -> parts.add(counted(part, 1)));
        lost.forEach(part -> parts.add(counted(part, -1)));
        return applied(parts);
    }

    /** Where rows of the inputs belong to groups: those that changed are made anew or added to. */
    Made groups(Recipe.Groups recipe) throws NotFollowed {
        boolean onlyMore = changed.values().stream().allMatch(c -> c.gone().isEmpty());
        boolean folds = onlyMore && recipe.folds().isPresent();
        if (!folds && recipe.keys().isEmpty()) {
            throw new NotFollowed("it has one group for all rows, and some of them are gone");
        }
        stageChanges();
        List<TableName> all = new ArrayList<>(gained);
        all.addAll(lost);
        if (all.isEmpty()) {
            return applied(List.of());
        }
        List<String> keys =
                recipe.keys().stream().map(i -> columns.fields().get(i).name()).toList();
        session.stage(
                KEYS,
                SqlText.of(
                        "select distinct %s from (%s)"
                                .formatted(keys.isEmpty() ? "1 as k" : list(keys), union(all))));
        String old = "select * from %s as t where %s".formatted(named(table.name()), inKeys(keys));
        session.define(table.name(), current());
        TableName next = new TableName(SCHEMA, "next");
        session.stage(
                next,
                folds
                        ? SqlText.of(folded(recipe, keys, union(all) + " union all " + old))
                        : made(keys));
        return applied(
                List.of(counted(next, 1), "select *, -1 as %s from (%s)".formatted(SIGN, old)));
    }

    private Relation.Table current() {
        TablePointer pointer = table.pointer();
        return new Relation.Table(
                columns,
                predicates -> context.tables().scan(pointer, Optional.empty(), predicates));
    }

    /** The groups as the query has them now. */
    private SqlText made(List<String> keys) {
        changed.forEach((name, each) -> session.define(name, each.is()));
        return Sql.around(
                "select %s from (\n".formatted(cast()), query, "\n) as t where " + inKeys(keys));
    }

    private String folded(Recipe.Groups recipe, List<String> keys, String rows) {
        List<Recipe.Fold> folds = recipe.folds().orElseThrow();
        List<String> values = new ArrayList<>();
        for (int i = 0; i < folds.size(); i++) {
            Field field = columns.fields().get(i);
            String name = Type.quoted(field.name());
            String value =
                    switch (folds.get(i)) {
                        case KEY -> "r." + name;
                        case COUNT, SUM -> "sum(r.%s)".formatted(name);
                        case MIN -> "min(r.%s)".formatted(name);
                        case MAX -> "max(r.%s)".formatted(name);
                    };
            values.add("cast(%s as %s) as %s".formatted(value, field.type().sql(), name));
        }
        String by = keys.stream().map(k -> "r." + Type.quoted(k)).collect(Collectors.joining(", "));
        return "select %s from (%s) as r %s"
                .formatted(String.join(", ", values), rows, keys.isEmpty() ? "" : "group by " + by);
    }

    private String inKeys(List<String> keys) {
        return keys.isEmpty()
                ? "true"
                : "exists (select 1 from %s as k where %s)"
                        .formatted(
                                KEYS,
                                keys.stream()
                                        .map(Type::quoted)
                                        .map(k -> "k.%1$s is not distinct from t.%1$s".formatted(k))
                                        .collect(Collectors.joining(" and ")));
    }

    private void stageChanges() {
        int number = 0;
        for (Map.Entry<TableName, Changed> entry : changed.entrySet()) {
            TableName name = entry.getKey();
            Changed each = entry.getValue();
            changed.headMap(name).forEach((n, c) -> session.define(n, c.is()));
            changed.tailMap(name, false).forEach((n, c) -> session.define(n, c.was()));
            for (TableName other : alone.getOrDefault(name, Set.of())) {
                Schema shape = context.tables().state(pointer(other)).definition().schema();
                session.define(other, new Relation.Shape(shape));
            }
            number++;
            stage(name, each.come(), new TableName(SCHEMA, "gained_" + number), gained);
            stage(name, each.gone(), new TableName(SCHEMA, "lost_" + number), lost);
            restore(alone.getOrDefault(name, Set.of()));
        }
    }

    private TablePointer pointer(TableName name) {
        return context.view()
                .find(dev.tarn.model.catalog.EntryKey.of(name))
                .flatMap(v -> v.pointer())
                .orElseThrow();
    }

    /** Tables that had to be without rows have their own again. */
    private void restore(Set<TableName> emptied) {
        for (TableName other : emptied) {
            TablePointer pointer = pointer(other);
            session.define(
                    other,
                    new Relation.Table(
                            context.tables().state(pointer).definition().schema(),
                            predicates ->
                                    context.tables().scan(pointer, Optional.empty(), predicates)));
        }
    }

    private void stage(
            TableName name, Optional<Relation.Table> rows, TableName as, List<TableName> staged) {
        if (rows.isPresent()) {
            session.define(name, rows.get());
            session.stage(
                    as, Sql.around("select %s from (\n".formatted(cast()), query, "\n) as t"));
            staged.add(as);
        }
    }

    private Made applied(List<String> parts) throws NotFollowed {
        if (parts.isEmpty()) {
            return new Made(table.pointer(), StatementOutcome.Counts.NONE);
        }
        session.stage(
                NET,
                SqlText.of(
                        "select *, row_number() over () as __tarn_net from (select %1$s, sum(%2$s) as %3$s from (%4$s) group by %1$s having sum(%2$s) <> 0)"
                                .formatted(
                                        list(columns.names()),
                                        SIGN,
                                        TIMES,
                                        String.join(" union all ", parts))));
        long in = number("coalesce(sum(%1$s) filter (where %1$s > 0), 0)");
        long out = number("coalesce(-sum(%1$s) filter (where %1$s < 0), 0)");
        if (in == 0 && out == 0) {
            return new Made(table.pointer(), StatementOutcome.Counts.NONE);
        }
        PlacedTable target =
                new PlacedTable(session, context.tables(), table.name(), table.pointer());
        String names = list(columns.names());
        String gone =
                "select t.%s as f, t.%s as p, net.%s as times, %s, row_number() over (partition by net.__tarn_net order by t.%s, t.%s) as nth from %s as t join %s as net on net.%s < 0 and %s"
                        .formatted(
                                Places.FILE,
                                Places.POSITION,
                                TIMES,
                                columns.names().stream()
                                        .map(n -> "t." + Type.quoted(n))
                                        .collect(Collectors.joining(", ")),
                                Places.FILE,
                                Places.POSITION,
                                named(target.placed()),
                                NET,
                                TIMES,
                                columns.names().stream()
                                        .map(Type::quoted)
                                        .map(n ->
                                                "t.%1$s is not distinct from net.%1$s".formatted(n))
                                        .collect(Collectors.joining(" and ")));
        String none = "cast(null as bigint)";
        session.stage(
                ChangedRows.STAGED,
                SqlText.of(
                        "select f as %1$s, p as %2$s, %3$s as %4$s, false as %5$s, %6$s from (%7$s) where nth <= -times union all select %3$s, %3$s, %3$s, true, %6$s from (select %6$s, unnest(range(cast(%8$s as bigint))) from %9$s where %8$s > 0)"
                                .formatted(
                                        Places.FILE,
                                        Places.POSITION,
                                        none,
                                        Places.ROW_ID,
                                        ChangedRows.WRITTEN,
                                        names,
                                        gone,
                                        TIMES,
                                        NET)));
        long found =
                count(
                        "select count(*) from %s where not %s"
                                .formatted(ChangedRows.STAGED, ChangedRows.WRITTEN));
        if (found != out) {
            throw new NotFollowed("rows that it should have are not there");
        }
        return new Made(
                new ChangedRows(context, target, "merge").apply().pointer(),
                new StatementOutcome.Counts(in, 0, out));
    }

    private long number(String aggregate) {
        return count(
                "select cast(%s as bigint) from %s".formatted(aggregate.formatted(TIMES), NET));
    }

    private long count(String sql) {
        try (QueryResult rows = session.query(SqlText.of(sql))) {
            return rows.next() && rows.value(0) instanceof Number n ? n.longValue() : 0;
        }
    }

    private static String counted(TableName part, int times) {
        return "select *, %d as %s from %s".formatted(times, SIGN, part);
    }

    private static String union(List<TableName> parts) {
        return parts.stream()
                .map(p -> "select * from " + p)
                .collect(Collectors.joining(" union all "));
    }

    private String cast() {
        return columns.fields().stream()
                .map(f ->
                        "cast(%1$s as %2$s) as %1$s"
                                .formatted(Type.quoted(f.name()), f.type().sql()))
                .collect(Collectors.joining(", "));
    }

    private static String list(List<String> names) {
        return names.stream().map(Type::quoted).collect(Collectors.joining(", "));
    }

    private static String named(TableName name) {
        return Type.quoted(name.schema()) + "." + Type.quoted(name.table());
    }
}
