package dev.tarn.run;

import dev.tarn.model.TableName;
import dev.tarn.model.table.Schema;
import dev.tarn.model.table.Type;
import dev.tarn.sql.statement.WindowCall;
import dev.tarn.sql.statement.WindowSql;
import dev.tarn.sql.statement.Windows;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Names and pieces of SQL that streams work with. */
final class StreamSql {
    /** Whether a row came with this batch. */
    static final String FRESH = "__tarn_fresh";

    /** Which row of the batch it is. */
    static final String ID = "__tarn_id";

    private StreamSql() {}

    static TableName named(String what) {
        return new TableName(Windows.SCHEMA, what);
    }

    static TableName named(String what, int input) {
        return named(what + "_" + input);
    }

    static Instant instant(long micros) {
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }

    static long micros(Duration time) {
        return time.toNanos() / 1000;
    }

    static String list(List<String> columns) {
        return columns.stream().map(Type::quoted).collect(Collectors.joining(", "));
    }

    /** The columns of an input that its window does not replace. */
    static List<String> own(Schema columns, WindowCall call) {
        return columns.names().stream()
                .filter(n ->
                        !call.kind().isWindow()
                                || !(n.equals(WindowSql.START) || n.equals(WindowSql.END)))
                .toList();
    }

    /** What names one window: its times, and whose session it is. */
    static List<String> window(WindowCall call) {
        return Stream.concat(call.keys().stream(), Stream.of(WindowSql.START, WindowSql.END))
                .toList();
    }

    /** The time of a column is later than one that is known. */
    static String later(String column, long plus, OptionalLong than) {
        return than.isEmpty()
                ? "true"
                : "epoch_us(%s) + %d > %d".formatted(column, plus, than.getAsLong());
    }

    static String same(List<String> columns, String one, String other) {
        return columns.stream()
                .map(Type::quoted)
                .map(c -> "%1$s.%3$s is not distinct from %2$s.%3$s".formatted(one, other, c))
                .collect(Collectors.joining(" and "));
    }
}
