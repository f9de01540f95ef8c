package dev.tarn.sql.statement;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.model.TarnException;
import dev.tarn.model.graph.SqlText;
import java.util.Optional;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class WindowsTest {
    private static String standIns(String sql) {
        return Windows.with(
                        SqlText.of(sql), call -> call.follows().map(f -> "input_" + call.number()))
                .sql();
    }

    @Test
    void whatIsFollowedKeepsItsName() {
        assertThat(standIns("select * from stream(\"s\".\"clicks\") where a.b > 1"))
                .isEqualTo("select * from input_0 as \"clicks\" where a.b > 1");
        assertThat(
                        standIns(
                                "select * from tumble(stream(s.t), ts, interval '1h') w join stream(u.v, ts) as b on true"))
                .isEqualTo("select * from input_0 w join input_1 as b on true");
        assertThat(standIns("select stream(1), hop(2) from t"))
                .isEqualTo("select stream(1), hop(2) from t");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "tumble(stream(s.t, interval '2 minutes'), ts, interval '1h')|tumble(s.t, ts, 1h)",
                "HOP(stream(s.t), \"Ts\", interval 1 minute, interval '5' minutes)|hop(s.t, ts, 1m, 5m)",
                "session(stream(s.t), ts, interval '30 seconds', k, \"L\")|session(s.t, ts, 30s, k, l)",
                "deduplicate(stream(s.t), ts, interval '1 hour 30 minutes', k)|deduplicate(s.t, ts, 1h 30m, k)",
                "stream(s.t, ts)|stream(s.t, ts)"
            })
    void windowsAreRead(String call, String definition) {
        assertThat(Windows.of(SqlText.of("select * from " + call)).getFirst().definition())
                .isEqualTo(definition);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "tumble(s.t, ts)|TUMBLE is written tumble(table, time, interval '5 minutes').",
                "tumble(s.t, a.ts, interval '1h')|TUMBLE takes the column with the time of the events here, not 'a.ts'. It is written tumble(table, time, interval '5 minutes').",
                "hop(s.t, ts, interval '2h', interval '1h')|The windows of HOP are shorter than the time from one to the next, so some rows would be in none. Give the longer time last: hop(table, time, interval '1 minute', interval '5 minutes').",
                "session(s.t, ts, interval '1 year')|SESSION takes a fixed length of time here, such as interval '5 minutes', not 'interval '1 year''. Months and years have no fixed length, and what a column or a function says is not known beforehand.",
                "deduplicate(s.t, ts, interval '1h')|DEDUPLICATE is written deduplicate(table, time, interval '1 hour', key[, …]).",
                "stream((select 1))|STREAM is written stream(table[, time[, interval '10 minutes']])."
            })
    void whatIsWrittenOtherwiseIsRefused(String call, String reason) {
        TarnException refused =
                Assertions.catchThrowableOfType(
                        TarnException.class,
                        () -> Windows.of(SqlText.ofFile("select * from " + call, "q.sql")));
        assertThat(refused.problems()).hasSize(1);
        assertThat(refused.problems().getFirst().message()).isEqualTo(reason);
    }

    private static Optional<TimeBounds> bounds(String condition) {
        SqlText sql =
                SqlText.of(
                        "select 1 from stream(s.a, ts) as a join stream(s.b, ts) as b "
                                + condition);
        return TimeBounds.of(sql, Windows.of(sql).get(0), Windows.of(sql).get(1));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "on a.k = b.k and b.ts between a.ts - interval '5 minutes' and a.ts + interval '1 hour'|300|3600",
                "on b.ts >= a.ts and (b.ts < a.ts + interval 10 seconds) and a.v + b.v > 3|0|10",
                "on a.k = b.k where a.ts <= b.ts + interval '7' second and a.ts >= b.ts - interval '9' second group by 1|7|9",
                "on a.ts = b.ts|0|0",
                "on a.ts between b.ts and b.ts + interval '1 minute' and b.ts >= a.ts - interval '20 seconds'|20|0"
            })
    void boundsOfTimeAreFound(String condition, long before, long after) {
        TimeBounds found = bounds(condition).orElseThrow();
        assertThat(found.before().toSeconds()).isEqualTo(before);
        assertThat(found.after().toSeconds()).isEqualTo(after);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "on a.k = b.k",
                "on b.ts >= a.ts",
                "on b.ts between a.ts and a.ts + interval '1 hour' or a.k = b.k",
                "on (b.ts between a.ts and a.ts + interval '1 hour' or a.k = 1) and a.k = b.k",
                "on not (b.ts between a.ts and a.ts + interval '1 hour')",
                "on b.ts not between a.ts and a.ts + interval '1 hour'",
                "on b.ts between a.ts and a.ts + interval '1 month'",
                "on b.other between a.ts and a.ts + interval '1 hour'",
                "on case when a.k = 1 then b.ts between a.ts and a.ts + interval '1 hour' else true end"
            })
    void whatBoundsNothingIsNotTakenForABound(String condition) {
        assertThat(bounds(condition)).isEmpty();
    }
}
