package dev.tarn.run;

import dev.tarn.model.TableName;
import dev.tarn.model.catalog.Entry;
import dev.tarn.model.catalog.EntryKey;
import dev.tarn.model.catalog.Versioned;
import dev.tarn.model.graph.ColumnLineage;
import dev.tarn.model.graph.ColumnName;
import dev.tarn.model.graph.Node;
import dev.tarn.model.graph.QueryLineage;
import dev.tarn.model.graph.Recipe;
import dev.tarn.model.graph.SqlText;
import dev.tarn.model.graph.StreamRules;
import dev.tarn.model.table.Field;
import dev.tarn.model.table.Schema;
import dev.tarn.model.table.TablePointer;
import dev.tarn.model.table.Type;
import dev.tarn.spi.EngineSession;
import dev.tarn.spi.Relation;
import dev.tarn.sql.statement.TimeBounds;
import dev.tarn.sql.statement.WindowCall;
import dev.tarn.sql.statement.WindowSql;
import dev.tarn.sql.statement.Windows;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What a stream's query asks for, and that it can go on from batch to batch with bounded state. Who
 * executes it, this engine or another, reads nothing else.
 *
 * @param query reads {@code tarn_stream.input_N} in the place of what it follows
 * @param bounds how far apart rows of two streams are that belong together
 * @param shown the columns of the result that name a window, by what the window calls them
 */
record StreamPlan(
        Manner manner,
        SqlText query,
        List<Followed> inputs,
        Optional<TimeBounds> bounds,
        Schema columns,
        Map<String, String> shown) {
    /** What has to be kept. */
    enum Manner {
        /** Nothing. */
        EACH_ROW,
        /** Rows whose window is not done. */
        WINDOWED,
        /** Rows that may still be a double's first. */
        DEDUPLICATED,
        /** Rows whose partner may still come. */
        JOINED
    }

    /** A table that is followed. */
    record Followed(WindowCall call, TableName table, TablePointer pointer, Schema columns) {
        Optional<String> time() {
            return call.time();
        }

        TableName standIn() {
            return StreamSql.named("input", call.number());
        }
    }

    StreamPlan {
        inputs = List.copyOf(inputs);
        shown = Map.copyOf(shown);
    }

    /** What has to stay the same for what was kept to be of use. */
    String definition() {
        return inputs.stream().map(i -> i.call().definition()).collect(Collectors.joining("; "));
    }

    static StreamPlan of(Node.Model model, SqlText sql, StreamRules rules, TaskContext context) {
        return new Maker(model, sql, rules, context).plan();
    }

    /** Reads and checks one. */
    private static final class Maker {
        private final Node.Model model;
        private final SqlText sql;
        private final StreamRules rules;
        private final TaskContext context;

        Maker(Node.Model model, SqlText sql, StreamRules rules, TaskContext context) {
            this.model = model;
            this.sql = sql;
            this.rules = rules;
            this.context = context;
        }

        StreamPlan plan() {
            List<Followed> inputs = new ArrayList<>();
            for (WindowCall call : Windows.of(sql)) {
                if (call.follows().isPresent()) {
                    inputs.add(followed(call));
                }
            }
            if (inputs.isEmpty()) {
                throw StreamErrors.followsNothing(model);
            }
            if (inputs.size() > 1) {
                inputs.stream()
                        .filter(i -> i.call().kind() != WindowCall.Kind.ROWS)
                        .findFirst()
                        .ifPresent(i -> {
                            throw StreamErrors.several(model, i.call());
                        });
            }
            SqlText query =
                    Windows.with(
                            sql,
                            call ->
                                    call.follows().isPresent()
                                            ? Optional.of(
                                                    StreamSql.named("input", call.number())
                                                            .toString())
                                            : Optional.empty());
            try (TaskContext own = context.again()) {
                return judged(own.session(), query, inputs);
            }
        }

        private Followed followed(WindowCall call) {
            List<String> parts = call.follows().orElseThrow().parts();
            if (parts.size() < 2) {
                throw StreamErrors.notATable(
                        model, call, "not named with its schema, as ref and source would");
            }
            TableName name = new TableName(parts.get(parts.size() - 2), parts.getLast());
            Entry entry =
                    context.view()
                            .find(EntryKey.of(name))
                            .map(Versioned::entry)
                            .orElseThrow(() -> StreamErrors.missing(model, call));
            if (!(entry instanceof Entry.Table table)) {
                throw StreamErrors.notATable(model, call, "a view");
            }
            Schema columns = context.tables().state(table.pointer()).definition().schema();
            call.time().ifPresent(t -> requireTime(call, t, columns));
            for (String key : call.keys()) {
                require(call, key, columns);
            }
            rules.partition()
                    .filter(p -> call.time().isPresent())
                    .ifPresent(p -> require(call, p, columns));
            return new Followed(call, name, table.pointer(), columns);
        }

        private Field require(WindowCall call, String column, Schema columns) {
            return columns.find(column)
                    .orElseThrow(() -> StreamErrors.noColumn(model, call, column, columns));
        }

        private void requireTime(WindowCall call, String column, Schema columns) {
            Type type = require(call, column, columns).type();
            if (type != Type.Primitive.TIMESTAMP && type != Type.Primitive.TIMESTAMPTZ) {
                throw StreamErrors.notTime(model, call, column, type);
            }
        }

        private StreamPlan judged(EngineSession session, SqlText query, List<Followed> inputs) {
            inputs.forEach(i -> session.define(i.standIn(), new Relation.Shape(shape(i))));
            Schema columns = session.describe(query).withoutIds();
            for (TableName table : session.reads(query)) {
                if (!table.schema().equals(Windows.SCHEMA)) {
                    SqlText all =
                            SqlText.of(
                                    "select * from %s.%s"
                                            .formatted(
                                                    Type.quoted(table.schema()),
                                                    Type.quoted(table.table())));
                    session.define(table, new Relation.Shape(session.describe(all)));
                }
            }
            Recipe recipe = session.traits(query).recipe();
            Followed first = inputs.getFirst();
            Map<String, String> shown =
                    first.call().kind().isWindow()
                            ? shown(session.lineage(query), columns, first)
                            : Map.of();
            Optional<TimeBounds> bounds = Optional.empty();
            Manner manner =
                    switch (first.call().kind()) {
                        case TUMBLE, HOP, SESSION -> Manner.WINDOWED;
                        case DEDUPLICATE -> Manner.DEDUPLICATED;
                        case ROWS -> Manner.EACH_ROW;
                    };
            switch (recipe) {
                case Recipe.None none -> throw StreamErrors.unbounded(model, none.reason());
                case Recipe.Groups groups -> checkGroups(groups, columns, shown, first.call());
                case Recipe.Rows rows -> {
                    if (joins(rows, inputs)) {
                        manner = Manner.JOINED;
                        bounds = Optional.of(bounds(inputs));
                    }
                }
            }
            checkLateness(manner, shown, first.call());
            return new StreamPlan(manner, query, inputs, bounds, columns, shown);
        }

        private static Schema shape(Followed input) {
            List<Field> fields = new ArrayList<>();
            for (String name : StreamSql.own(input.columns(), input.call())) {
                fields.add(input.columns().find(name).orElseThrow());
            }
            if (input.call().kind().isWindow()) {
                Type type = input.columns().find(input.time().orElseThrow()).orElseThrow().type();
                for (String name : List.of(WindowSql.START, WindowSql.END)) {
                    fields.add(
                            new Field(
                                    2_000_000_000 + fields.size(),
                                    name,
                                    type,
                                    false,
                                    Optional.empty(),
                                    Optional.empty()));
                }
            }
            return new Schema(fields);
        }

        /** Where the result shows what names a window. */
        private static Map<String, String> shown(
                QueryLineage lineage, Schema columns, Followed input) {
            Map<String, String> shown = new TreeMap<>();
            for (int i = 0; i < columns.fields().size(); i++) {
                if (lineage.columns().get(i) instanceof ColumnLineage.Known known
                        && known.origins().size() == 1
                        && known.origins().containsValue(ColumnLineage.Use.AS_IS)) {
                    ColumnName origin = known.origins().firstKey();
                    if (origin.table().equals(input.standIn())) {
                        shown.putIfAbsent(origin.column(), columns.fields().get(i).name());
                    }
                }
            }
            return shown;
        }

        private void checkGroups(
                Recipe.Groups groups, Schema columns, Map<String, String> shown, WindowCall call) {
            Set<String> keys =
                    groups.keys().stream()
                            .map(i -> columns.fields().get(i).name())
                            .collect(Collectors.toSet());
            boolean byWindow =
                    call.kind().isWindow()
                            && (keys.contains(shown.getOrDefault(WindowSql.START, ""))
                                    || keys.contains(shown.getOrDefault(WindowSql.END, "")));
            if (!byWindow) {
                throw StreamErrors.groupsWithoutWindow(model);
            }
            if (call.kind() == WindowCall.Kind.SESSION) {
                for (String key : call.keys()) {
                    if (!keys.contains(shown.getOrDefault(key.toLowerCase(Locale.ROOT), ""))) {
                        throw StreamErrors.groupsAcrossSessions(model, key);
                    }
                }
            }
        }

        private static boolean joins(Recipe.Rows rows, List<Followed> inputs) {
            return inputs.size() > 1
                    && inputs.stream()
                            .anyMatch(one ->
                                    inputs.stream()
                                            .filter(other -> !other.equals(one))
                                            .anyMatch(other ->
                                                    !rows.alone()
                                                            .getOrDefault(one.standIn(), Set.of())
                                                            .contains(other.standIn())));
        }

        private TimeBounds bounds(List<Followed> inputs) {
            for (Followed input : inputs) {
                if (input.time().isEmpty()) {
                    throw StreamErrors.noTime(model, input.call());
                }
            }
            WindowCall first = inputs.get(0).call();
            WindowCall second = inputs.get(1).call();
            if (inputs.size() > 2) {
                throw StreamErrors.several(model, inputs.get(2).call());
            }
            return TimeBounds.of(sql, first, second)
                    .orElseThrow(() -> StreamErrors.joinWithoutInterval(model, first, second));
        }

        private void checkLateness(Manner manner, Map<String, String> shown, WindowCall call) {
            if (rules.allowedLateness().isZero()) {
                return;
            }
            if (manner != Manner.WINDOWED) {
                throw StreamErrors.latenessWithoutWindow(model);
            }
            for (String column : StreamSql.window(call)) {
                if (!shown.containsKey(column.toLowerCase(Locale.ROOT))) {
                    throw StreamErrors.updatesNeedColumns(model, column);
                }
            }
        }
    }
}
