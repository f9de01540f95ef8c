package dev.tarn.app;

import dev.tarn.model.AsOf;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.Place;
import dev.tarn.model.Problem;
import dev.tarn.model.RefName;
import dev.tarn.model.TarnException;
import dev.tarn.model.graph.SqlText;
import dev.tarn.model.job.TemplateText;
import dev.tarn.run.Cancellation;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Asks whether what was published is what a job waits for. */
final class TriggerCondition {
    private static final Duration LONGEST = Duration.ofMinutes(1);

    private final Wiring wiring;

    TriggerCondition(Wiring wiring) {
        this.wiring = wiring;
    }

    boolean holds(TemplateText query) {
        Cancellation cancellation = new Cancellation();
        Thread timer = Thread.ofVirtual().start(() -> cancelLate(cancellation));
        SqlText sql = new SqlText(query.text(), offset -> Optional.of(place(query, offset)));
        Asking asking =
                new Asking(
                        wiring.engine(),
                        wiring.tables(),
                        wiring.past(),
                        new Recalling(wiring.results(), wiring.principal()));
        try (Answer answer =
                asking.query(
                        sql,
                        wiring.catalog().read(RefName.MAIN, AsOf.head()),
                        false,
                        cancellation)) {
            @Nullable Object value = answer.next() ? answer.value(0) : null;
            if (value == null || value instanceof Boolean) {
                return Boolean.TRUE.equals(value);
            }
            throw notTruth(query, value);
        } finally {
            timer.interrupt();
        }
    }

    private static void cancelLate(Cancellation cancellation) {
        try {
            Thread.sleep(LONGEST);
            cancellation.cancel();
        } catch (InterruptedException answered) {
            Thread.currentThread().interrupt();
        }
    }

    private static TarnException notTruth(TemplateText query, Object value) {
        String text = value.toString();
        return new TarnException(
                Problem.at(
                        ErrorCode.TYPE_MISMATCH,
                        query.place(),
                        "The condition gave %s, which is neither true nor false. Compare it with something: select count(*) > 0 from …"
                                .formatted(
                                        text.length() > 80 ? text.substring(0, 80) + "…" : text)));
    }

    private static Place place(TemplateText query, int offset) {
        String before = query.text().substring(0, offset);
        int line = (int) before.chars().filter(c -> c == '\n').count() + 1;
        return query.at(line, offset - before.lastIndexOf('\n'));
    }
}
