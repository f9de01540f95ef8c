package dev.tarn.run;

import dev.tarn.model.graph.BatchRules;
import dev.tarn.model.graph.Node;
import dev.tarn.run.Batches.Batch;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Which periods a microbatch model is built for. */
final class MicrobatchTask {
    private final Node.Model model;
    private final BatchRules rules;
    private final RunRequest.Period wanted;
    private final Instant now;

    MicrobatchTask(Node.Model model, BatchRules rules, RunRequest.Period wanted, Instant now) {
        this.model = model;
        this.rules = rules;
        this.wanted = wanted;
        this.now = now;
    }

    /**
     * @param incremental whether a table is there that stays
     */
    List<Batch> batches(boolean incremental) {
        Instant end = ceiling(wanted.end().orElse(now));
        Instant start = start(incremental, end);
        List<Batch> batches = new ArrayList<>();
        Instant at = start;
        while (at.isBefore(end)) {
            Instant next = plus(floor(at), 1);
            batches.add(new Batch(at, next.isAfter(end) ? end : next));
            at = next;
        }
        // A model that begins later than now is made, too: without rows.
        return batches.isEmpty() ? List.of(new Batch(start, start)) : batches;
    }

    private Instant start(boolean incremental, Instant end) {
        if (wanted.start().isPresent()) {
            return floor(wanted.start().get());
        }
        if (!incremental) {
            return floor(rules.begin().orElseThrow(() -> RunErrors.noBegin(model)));
        }
        int back = rules.lookback() + (end.equals(floor(end)) ? 1 : 0);
        Instant first = plus(floor(end), -back);
        Optional<Instant> begin = rules.begin().map(this::floor);
        return begin.filter(b -> b.isAfter(first)).orElse(first);
    }

    Instant floor(Instant time) {
        OffsetDateTime t = time.atOffset(ZoneOffset.UTC);
        return switch (rules.size()) {
            case HOUR -> t.truncatedTo(ChronoUnit.HOURS).toInstant();
            case DAY -> t.truncatedTo(ChronoUnit.DAYS).toInstant();
            case MONTH -> t.truncatedTo(ChronoUnit.DAYS).withDayOfMonth(1).toInstant();
            case YEAR -> t.truncatedTo(ChronoUnit.DAYS).withDayOfYear(1).toInstant();
        };
    }

    private Instant ceiling(Instant time) {
        Instant floor = floor(time);
        return floor.equals(time) ? time : plus(floor, 1);
    }

    private Instant plus(Instant time, int periods) {
        OffsetDateTime t = time.atOffset(ZoneOffset.UTC);
        return switch (rules.size()) {
            case HOUR -> t.plusHours(periods).toInstant();
            case DAY -> t.plusDays(periods).toInstant();
            case MONTH -> t.plusMonths(periods).toInstant();
            case YEAR -> t.plusYears(periods).toInstant();
        };
    }

    /** A time as SQL compares it with columns of any kind of time. */
    static String literal(Instant time) {
        return "'"
                + time.atOffset(ZoneOffset.UTC).toLocalDateTime().toString().replace('T', ' ')
                + "'";
    }

    /** The condition for rows of a period. */
    static String within(String column, Batch batch) {
        return "%s >= %s and %s < %s"
                .formatted(column, literal(batch.start()), column, literal(batch.end()));
    }
}
