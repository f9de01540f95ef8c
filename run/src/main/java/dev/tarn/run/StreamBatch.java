package dev.tarn.run;

import dev.tarn.model.TableName;
import dev.tarn.model.graph.SqlText;
import dev.tarn.model.graph.StreamRules;
import dev.tarn.model.table.Schema;
import dev.tarn.model.table.TablePointer;
import dev.tarn.model.table.Type;
import dev.tarn.run.StreamPlan.Followed;
import dev.tarn.run.StreamPlan.Manner;
import dev.tarn.spi.EngineSession;
import dev.tarn.spi.QueryResult;
import dev.tarn.spi.Relation;
import dev.tarn.sql.statement.TimeBounds;
import dev.tarn.sql.statement.WindowCall;
import dev.tarn.sql.statement.WindowSql;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * One batch of a stream in a session of the engine: from new rows and kept ones to what is told,
 * what is kept on and what came too late.
 */
final class StreamBatch {
    /** What the batch tells. */
    static final TableName RESULT = StreamSql.named("result");

    /** The windows whose rows were told before and are told otherwise now. */
    static final TableName REPLACED = StreamSql.named("replaced");

    private static final TableName PAIRS = StreamSql.named("pairs");
    private static final TableName TOUCHED = StreamSql.named("touched");

    private final StreamPlan plan;
    private final StreamRules rules;
    private final TaskContext context;
    private final EngineSession session;
    private final StreamClock clock;
    private final Optional<StreamMemory> memory;
    private final OptionalLong before;
    private final boolean goesOn;
    private final Set<Integer> states = new HashSet<>();
    private final List<String> inTime = new ArrayList<>();
    private final List<String> keeps = new ArrayList<>();
    private final List<Long> late = new ArrayList<>();
    private long taken;
    private long told;
    private OptionalLong watermark = OptionalLong.empty();

    StreamBatch(
            StreamPlan plan,
            StreamRules rules,
            TaskContext context,
            Optional<StreamMemory> memory) {
        this.plan = plan;
        this.rules = rules;
        this.context = context;
        this.session = context.session();
        this.goesOn = memory.isPresent();
        this.before = memory.map(StreamMemory::watermark).orElse(OptionalLong.empty());
        this.clock = new StreamClock(rules, context.clock().millis());
        this.memory = memory;
    }

    /**
     * Takes the rows of an input: those that came, and those that were kept.
     *
     * @param state the table with those that were kept
     */
    void take(int at, String fresh, Optional<TablePointer> state) {
        Followed input = plan.inputs().get(at);
        String parts = "select *, true as %s from (%s)".formatted(StreamSql.FRESH, fresh);
        if (state.isPresent()) {
            states.add(at);
            TableName kept = StreamSql.named("state", at);
            TablePointer pointer = state.get();
            Schema columns = context.tables().state(pointer).definition().schema();
            session.define(
                    kept,
                    new Relation.Table(
                            columns, p -> context.tables().scan(pointer, Optional.empty(), p)));
            parts +=
                    " union all by name select *, false as %s from %s"
                            .formatted(StreamSql.FRESH, kept);
        }
        session.stage(
                rows(at),
                SqlText.of(
                        "select %s, %s, row_number() over () as %s from (%s)"
                                .formatted(
                                        StreamSql.list(input.columns().names()),
                                        StreamSql.FRESH,
                                        StreamSql.ID,
                                        parts)));
        taken += count("select count(*) from %s where %s".formatted(rows(at), StreamSql.FRESH));
        if (plan.manner() != Manner.EACH_ROW) {
            clock.note(session, input, rows(at).toString(), memory.map(m -> m.inputs().get(at)));
        }
    }

    private static TableName rows(int at) {
        return StreamSql.named("rows", at);
    }

    void work() {
        watermark = plan.manner() == Manner.EACH_ROW ? before : clock.watermark(before);
        switch (plan.manner()) {
            case EACH_ROW -> eachRow();
            case WINDOWED -> windowed(plan.inputs().getFirst());
            case DEDUPLICATED -> deduplicated(plan.inputs().getFirst());
            case JOINED -> joined(plan.bounds().orElseThrow());
        }
        told = count("select count(*) from " + RESULT);
        for (int i = 0; i < plan.inputs().size(); i++) {
            late.add(
                    plan.manner() == Manner.EACH_ROW
                            ? 0L
                            : count(
                                    "select count(*) from %s as r where %s"
                                            .formatted(rows(i), isLate(i))));
        }
    }

    private void eachRow() {
        List<String> parts = new ArrayList<>();
        for (int i = 0; i < plan.inputs().size(); i++) {
            for (int other = 0; other < plan.inputs().size(); other++) {
                show(other, "select * from %s where %s".formatted(rows(other), i == other));
            }
            parts.add(part(i));
            inTime.add("true");
            keeps.add("false");
        }
        unite(parts);
    }

    /** Lets the query see rows in the place of an input. */
    private void show(int at, String rows) {
        Followed input = plan.inputs().get(at);
        List<String> columns = new ArrayList<>(StreamSql.own(input.columns(), input.call()));
        if (input.call().kind().isWindow()) {
            columns.addAll(List.of(WindowSql.START, WindowSql.END));
        }
        session.stage(
                input.standIn(),
                SqlText.of("select %s from (%s)".formatted(StreamSql.list(columns), rows)));
    }

    private String part(int number) {
        TableName name = StreamSql.named("part", number);
        session.stage(name, plan.query());
        return "select * from " + name;
    }

    private void unite(List<String> parts) {
        String columns =
                plan.columns().fields().stream()
                        .map(f ->
                                "cast(%1$s as %2$s) as %1$s"
                                        .formatted(Type.quoted(f.name()), f.type().sql()))
                        .collect(Collectors.joining(", "));
        session.stage(
                RESULT,
                SqlText.of(
                        "select %s from (%s)"
                                .formatted(columns, String.join(" union all ", parts))));
    }

    private void windowed(Followed input) {
        WindowCall call = input.call();
        long again = StreamSql.micros(rules.allowedLateness());
        session.stage(
                PAIRS,
                SqlText.of(
                        "select * from (%s) as p where %s"
                                .formatted(
                                        WindowSql.query(call, rows(0).toString()),
                                        StreamSql.later(WindowSql.END, again, before))));
        inTime.add(
                "%s is not null and r.%s in (select %s from %s)"
                        .formatted(
                                "r." + Type.quoted(input.time().orElseThrow()),
                                StreamSql.ID,
                                StreamSql.ID,
                                PAIRS));
        keeps.add(
                "r.%1$s in (select %1$s from %2$s where %3$s)"
                        .formatted(
                                StreamSql.ID,
                                PAIRS,
                                StreamSql.later(WindowSql.END, again, watermark)));
        String done =
                watermark.isEmpty()
                        ? "false"
                        : "not " + StreamSql.later("p." + WindowSql.END, 0, watermark);
        String news = StreamSql.later("p." + WindowSql.END, 0, before);
        if (replaces()) {
            stageReplaced(call);
            news +=
                    " or exists (select 1 from %s as c where %s)"
                            .formatted(TOUCHED, StreamSql.same(StreamSql.window(call), "c", "p"));
        }
        show(0, "select * from %s as p where %s and (%s)".formatted(PAIRS, done, news));
        unite(List.of(part(0)));
    }

    /** The windows that got rows, and those told before that are part of them now. */
    private void stageReplaced(WindowCall call) {
        List<String> window = StreamSql.window(call);
        session.stage(
                TOUCHED,
                SqlText.of(
                        "select distinct %s from %s where %s"
                                .formatted(StreamSql.list(window), PAIRS, StreamSql.FRESH)));
        String old = "(select * from %s where not %s)".formatted(rows(0), StreamSql.FRESH);
        String within =
                call.keys().isEmpty() ? "" : " and " + StreamSql.same(call.keys(), "c", "b");
        session.stage(
                REPLACED,
                SqlText.of(
                        "select distinct %s from (%s) as b where not %s and exists (select 1 from %s as c where c.%6$s <= b.%6$s and c.%7$s >= b.%7$s%5$s)"
                                .formatted(
                                        window.stream()
                                                .map(c ->
                                                        "b.%s as %s"
                                                                .formatted(
                                                                        Type.quoted(c),
                                                                        Type.quoted("g_" + c)))
                                                .collect(Collectors.joining(", ")),
                                        WindowSql.query(call, old),
                                        StreamSql.later("b." + WindowSql.END, 0, before),
                                        TOUCHED,
                                        within,
                                        WindowSql.START,
                                        WindowSql.END)));
    }

    private void deduplicated(Followed input) {
        String time = "r." + Type.quoted(input.time().orElseThrow());
        notLate(time);
        keeps.add(inTime(0) + " and " + StreamSql.later(time, within(input), watermark));
        String rows =
                "(select %s from %s as r where %s)"
                        .formatted(StreamSql.list(input.columns().names()), rows(0), inTime(0));
        String column = Type.quoted(input.time().orElseThrow());
        String done =
                watermark.isEmpty()
                        ? "false"
                        : "epoch_us(%s) < %d".formatted(column, watermark.getAsLong());
        String news =
                before.isEmpty()
                        ? "true"
                        : "epoch_us(%s) >= %d".formatted(column, before.getAsLong());
        show(
                0,
                "select * from (%s) where %s and %s"
                        .formatted(WindowSql.query(input.call(), rows), done, news));
        unite(List.of(part(0)));
    }

    /** A row is of use as long as it makes others doubles, and until it was told itself. */
    private static long within(Followed input) {
        return StreamSql.micros(input.call().size());
    }

    private void joined(TimeBounds bounds) {
        for (int i = 0; i < 2; i++) {
            String time = "r." + Type.quoted(plan.inputs().get(i).time().orElseThrow());
            notLate(time);
            long waits = StreamSql.micros(i == 0 ? bounds.after() : bounds.before());
            keeps.add(
                    inTime(i)
                            + " and "
                            + (watermark.isEmpty()
                                    ? "true"
                                    : "epoch_us(%s) + %d >= %d"
                                            .formatted(time, waits, watermark.getAsLong())));
        }
        show(0, usable(0, StreamSql.FRESH));
        show(1, usable(1, "true"));
        List<String> parts = new ArrayList<>(List.of(part(0)));
        if (goesOn) {
            show(0, usable(0, "not " + StreamSql.FRESH));
            show(1, usable(1, StreamSql.FRESH));
            parts.add(part(1));
        }
        unite(parts);
    }

    private String usable(int at, String condition) {
        return "select * from %s as r where %s and %s".formatted(rows(at), inTime(at), condition);
    }

    /** Rows that were kept stay, new ones must not be older than what nobody waits for. */
    private void notLate(String time) {
        inTime.add(
                "%s is not null and (not r.%s or %s)"
                        .formatted(
                                time,
                                StreamSql.FRESH,
                                before.isEmpty()
                                        ? "true"
                                        : "epoch_us(%s) >= %d"
                                                .formatted(time, before.getAsLong())));
    }

    private String inTime(int at) {
        return inTime.get(at);
    }

    private String isLate(int at) {
        return "r.%s and not (%s)".formatted(StreamSql.FRESH, inTime.get(at));
    }

    /** Whether rows that were told may be told otherwise. */
    boolean replaces() {
        return goesOn && before.isPresent() && !rules.allowedLateness().isZero();
    }

    boolean keepsRows() {
        return plan.manner() != Manner.EACH_ROW;
    }

    /** Whether all rows that were kept stay. */
    boolean onlyAdds(int at) {
        return states.contains(at)
                && count(
                                "select count(*) from %s as r where not r.%s and not (%s)"
                                        .formatted(rows(at), StreamSql.FRESH, keeps.get(at)))
                        == 0
                && sameColumns(at);
    }

    private boolean sameColumns(int at) {
        Schema kept = session.describe(SqlText.of("select * from " + StreamSql.named("state", at)));
        return kept.sameColumns(session.describe(kept(at)));
    }

    /** The rows that are kept on. */
    SqlText kept(int at) {
        return columns(at, keeps.get(at), "");
    }

    /** Of these, those that came with this batch. */
    SqlText added(int at) {
        return columns(at, "r.%s and (%s)".formatted(StreamSql.FRESH, keeps.get(at)), "");
    }

    /** The rows that came too late, and why they count for nothing. */
    SqlText lateRows(int at) {
        String time = Type.quoted(plan.inputs().get(at).time().orElseThrow());
        String passed =
                before.isEmpty()
                        ? "cast(null as timestamp)"
                        : "make_timestamp(%d)".formatted(before.getAsLong());
        return columns(
                at,
                isLate(at),
                ", case when r.%s is null then 'no event time' else 'late' end as late_reason, %s as late_watermark"
                        .formatted(time, passed));
    }

    private SqlText columns(int at, String condition, String more) {
        return SqlText.of(
                "select %s%s from %s as r where %s"
                        .formatted(
                                plan.inputs().get(at).columns().names().stream()
                                        .map(c -> "r." + Type.quoted(c))
                                        .collect(Collectors.joining(", ")),
                                more,
                                rows(at),
                                condition));
    }

    /** What the result calls a column of the window. */
    static String shown(StreamPlan plan, String column) {
        return plan.shown().getOrDefault(column.toLowerCase(Locale.ROOT), column);
    }

    Map<String, StreamMemory.Mark> marks(int at) {
        return clock.marks(at);
    }

    OptionalLong watermark() {
        return watermark;
    }

    /** Rows that came. */
    long taken() {
        return taken;
    }

    /** Rows that are told. */
    long told() {
        return told;
    }

    long late(int at) {
        return late.get(at);
    }

    long late() {
        return late.stream().mapToLong(Long::longValue).sum();
    }

    private long count(String sql) {
        try (QueryResult rows = session.query(SqlText.of(sql))) {
            return rows.next() && rows.value(0) instanceof Number n ? n.longValue() : 0;
        }
    }
}
