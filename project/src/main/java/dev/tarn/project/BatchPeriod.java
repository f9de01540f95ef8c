package dev.tarn.project;

import dev.tarn.model.graph.BatchRules;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The period that a microbatch model is built for, as its template sees it: {@code model.batch}.
 *
 * @param end excluded
 */
record BatchPeriod(BatchRules.Size size, Instant start, Instant end) {
    private static final String STARTS = "__dbt_internal_microbatch_event_time_start";
    private static final String ENDS = "__dbt_internal_microbatch_event_time_end";

    /** What a template contains that may want to know the period. */
    private static final Pattern ASKED = Pattern.compile("\\bbatch\\b|" + STARTS + "|" + ENDS);

    /** Whether a text may ask for the period. */
    static boolean isAskedIn(String text) {
        return ASKED.matcher(text).find();
    }

    /** The first moment as names of periods show it: as exactly as periods are long. */
    private String name() {
        String pattern =
                switch (size) {
                    case HOUR -> "uuuu-MM-dd'T'HH";
                    case DAY -> "uuuu-MM-dd";
                    case MONTH -> "uuuu-MM";
                    case YEAR -> "uuuu";
                };
        return DateTimeFormatter.ofPattern(pattern, Locale.ROOT)
                .format(start.atOffset(ZoneOffset.UTC));
    }

    /** Puts the period, or that there is none, where templates look for it. */
    static void tell(Map<Object, @Nullable Object> facts, Optional<BatchPeriod> batch) {
        facts.put("batch", null);
        if (batch.isEmpty()) {
            return;
        }
        Moment start = Moment.of(batch.get().start());
        Moment end = Moment.of(batch.get().end());
        Map<Object, @Nullable Object> known = new LinkedHashMap<>();
        known.put("id", batch.get().name().replace("-", ""));
        known.put("event_time_start", start);
        known.put("event_time_end", end);
        facts.put("batch", known);
        if (facts.get("config") instanceof Map<?, ?> config) {
            Map<Object, @Nullable Object> all = new LinkedHashMap<>(config);
            all.put(STARTS, start);
            all.put(ENDS, end);
            facts.put("config", all);
        }
    }
}
