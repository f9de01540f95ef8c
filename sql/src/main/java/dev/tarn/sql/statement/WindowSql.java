package dev.tarn.sql.statement;

import dev.tarn.model.table.Type;
import java.time.Duration;
import java.util.stream.Collectors;

/** Writes windows as queries. */
public final class WindowSql {
    /** When the window of a row begins. */
    public static final String START = "window_start";

    /** When it ends; what happens then is no longer in it. */
    public static final String END = "window_end";

    private WindowSql() {}

    /**
     * The rows of a table with their windows, or the first of each key.
     *
     * @param table its SQL
     */
    public static String query(WindowCall call, String table) {
        String time = "t." + Type.quoted(call.time().orElseThrow());
        return switch (call.kind()) {
            case ROWS -> "select * from " + table;
            case TUMBLE ->
                    windows(
                            "select t.*, time_bucket(%2$s, %1$s) as __tarn_start, time_bucket(%2$s, %1$s) + %2$s as __tarn_end from %3$s as t where %1$s is not null"
                                    .formatted(time, micros(call.size()), table));
            case HOP -> windows(hops(call, time, table));
            case SESSION -> windows(sessions(call, time, table));
            case DEDUPLICATE ->
                    "select * exclude (__tarn_before) from (select t.*, lag(%1$s) over (partition by %2$s order by %1$s, hash(t)) as __tarn_before from %3$s as t where %1$s is not null) as t where __tarn_before is null or %1$s >= __tarn_before + %4$s"
                            .formatted(time, keys(call), table, micros(call.size()));
        };
    }

    /** Windows of rows that may have had others before. */
    private static String windows(String rows) {
        return "select columns(lambda c: c not in ('%1$s', '%2$s', '__tarn_start', '__tarn_end')), __tarn_start as %1$s, __tarn_end as %2$s from (%3$s) as t"
                .formatted(START, END, rows);
    }

    private static String hops(WindowCall call, String time, String table) {
        long slide = call.slide().toNanos() / 1000;
        long size = call.size().toNanos() / 1000;
        String start =
                "time_bucket(%s, %s) - to_microseconds(k.k * %d)"
                        .formatted(micros(call.slide()), time, slide);
        return "select t.*, %1$s as __tarn_start, %1$s + %2$s as __tarn_end from %3$s as t cross join range(%4$d) as k(k) where %5$s is not null and %5$s < %1$s + %2$s"
                .formatted(start, micros(call.size()), table, (size + slide - 1) / slide, time);
    }

    /**
     * Rows of one key at one time have no order, so that what is summed up counts them together.
     */
    private static String sessions(WindowCall call, String time, String table) {
        String by = call.keys().isEmpty() ? "" : "partition by " + keys(call);
        String begun =
                "select t.*, case when %1$s >= lag(%1$s) over (%2$s order by %1$s) + %3$s then 1 else 0 end as __tarn_new from %4$s as t where %1$s is not null"
                        .formatted(time, by, micros(call.size()), table);
        String numbered =
                "select t.*, sum(t.__tarn_new) over (%s order by %s) as __tarn_session from (%s) as t"
                        .formatted(by, time, begun);
        String each = "partition by " + (call.keys().isEmpty() ? "" : keys(call) + ", ");
        return "select t.* exclude (__tarn_new, __tarn_session), min(%1$s) over (%2$st.__tarn_session) as __tarn_start, max(%1$s) over (%2$st.__tarn_session) + %3$s as __tarn_end from (%4$s) as t"
                .formatted(time, each, micros(call.size()), numbered);
    }

    private static String keys(WindowCall call) {
        return call.keys().stream()
                .map(k -> "t." + Type.quoted(k))
                .collect(Collectors.joining(", "));
    }

    private static String micros(Duration time) {
        return "to_microseconds(%d)".formatted(time.toNanos() / 1000);
    }
}
