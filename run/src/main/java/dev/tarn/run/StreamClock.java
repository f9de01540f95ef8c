package dev.tarn.run;

import dev.tarn.model.graph.SqlText;
import dev.tarn.model.graph.StreamRules;
import dev.tarn.model.table.Type;
import dev.tarn.run.StreamMemory.Mark;
import dev.tarn.spi.EngineSession;
import dev.tarn.spi.QueryResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How far time has come: as far as in the slowest part of the slowest input, but for those from
 * which nothing came for so long that nobody waits for them. It never goes back.
 */
final class StreamClock {
    private final StreamRules rules;
    private final long nowMillis;
    private final List<Map<String, Mark>> marks = new ArrayList<>();
    private final List<Duration> delays = new ArrayList<>();

    StreamClock(StreamRules rules, long nowMillis) {
        this.rules = rules;
        this.nowMillis = nowMillis;
    }

    /**
     * Takes note of the new rows of the next input.
     *
     * @param rows the relation that has them, among older ones
     */
    void note(
            EngineSession session,
            StreamPlan.Followed input,
            String rows,
            Optional<StreamMemory.Input> then) {
        Map<String, Mark> all = new HashMap<>(then.map(StreamMemory.Input::marks).orElse(Map.of()));
        String time = Type.quoted(input.time().orElseThrow());
        String part =
                rules.partition()
                        .map(p -> "coalesce(cast(%s as varchar), '')".formatted(Type.quoted(p)))
                        .orElse("''");
        try (QueryResult found =
                session.query(
                        SqlText.of(
                                "select %s, max(epoch_us(%s)) from %s where %s and %s is not null group by 1"
                                        .formatted(part, time, rows, StreamSql.FRESH, time)))) {
            while (found.next()) {
                String name = String.valueOf(found.value(0));
                if (found.value(1) instanceof Number latest) {
                    all.values().removeIf(m -> m.latest().isEmpty());
                    Mark before = all.get(name);
                    long last =
                            before == null
                                    ? latest.longValue()
                                    : Math.max(latest.longValue(), before.latest().orElseThrow());
                    all.put(name, new Mark(OptionalLong.of(last), nowMillis));
                }
            }
        }
        if (all.isEmpty()) {
            all.put("", new Mark(OptionalLong.empty(), nowMillis));
        }
        marks.add(all);
        delays.add(input.call().delay().orElse(rules.delay()));
    }

    /** The newest events of the parts of an input. */
    Map<String, Mark> marks(int input) {
        return input < marks.size() ? marks.get(input) : Map.of();
    }

    /**
     * @param before where it stood
     */
    OptionalLong watermark(OptionalLong before) {
        OptionalLong slowest = OptionalLong.empty();
        OptionalLong fastest = OptionalLong.empty();
        boolean waits = false;
        for (int i = 0; i < marks.size(); i++) {
            long delay = StreamSql.micros(delays.get(i));
            for (Mark mark : marks.get(i).values()) {
                boolean idle = isIdle(mark);
                if (mark.latest().isEmpty()) {
                    waits |= !idle;
                    continue;
                }
                long time = mark.latest().getAsLong() - delay;
                fastest = OptionalLong.of(Math.max(time, fastest.orElse(time)));
                if (!idle) {
                    slowest = OptionalLong.of(Math.min(time, slowest.orElse(time)));
                }
            }
        }
        OptionalLong reached = waits ? before : slowest.isPresent() ? slowest : fastest;
        if (reached.isEmpty() || before.isEmpty()) {
            return reached.isEmpty() ? before : reached;
        }
        return OptionalLong.of(Math.max(reached.getAsLong(), before.getAsLong()));
    }

    private boolean isIdle(Mark mark) {
        return rules.idleAfter()
                .filter(after -> nowMillis - mark.seenMillis() >= after.toMillis())
                .isPresent();
    }
}
