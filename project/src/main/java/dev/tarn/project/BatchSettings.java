package dev.tarn.project;

import dev.tarn.model.Place;
import dev.tarn.model.graph.BatchRules;
import dev.tarn.project.YamlValue.Scalar;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a model's settings say of the periods it is built for. */
final class BatchSettings {
    private static final Map<String, BatchRules.Size> SIZES = new LinkedHashMap<>();

    static {
        SIZES.put("hour", BatchRules.Size.HOUR);
        SIZES.put("day", BatchRules.Size.DAY);
        SIZES.put("month", BatchRules.Size.MONTH);
        SIZES.put("year", BatchRules.Size.YEAR);
    }

    private final Settings settings;
    private final String name;
    private final Place place;
    private final Problems problems;

    BatchSettings(Settings settings, String name, Place place, Problems problems) {
        this.settings = settings;
        this.name = name;
        this.place = place;
        this.problems = problems;
    }

    BatchRules rules() {
        String eventTime = eventTime();
        BatchRules.Size size = size();
        Optional<Instant> begin = begin();
        require("concurrent_batches", Boolean.class, "true or false");
        require("lookback", Long.class, "a whole number");
        int lookback = settings.plain("lookback") instanceof Long said ? said.intValue() : 1;
        return new BatchRules(eventTime, size, lookback, begin);
    }

    private String eventTime() {
        if (isMissing("event_time")) {
            problems.add(
                    ProjectErrors.batchSetting(
                            place,
                            name,
                            "an 'event_time' (string) config, the column that says when a row"
                                    + " happened",
                            "event_time='ordered_at'"));
            return "";
        }
        require("event_time", String.class, "text");
        return settings.plain("event_time") instanceof String said ? said.strip() : "";
    }

    private BatchRules.Size size() {
        if (isMissing("batch_size")) {
            problems.add(
                    ProjectErrors.batchSetting(
                            place,
                            name,
                            "a 'batch_size' config that is one of "
                                    + String.join(", ", SIZES.keySet()),
                            "batch_size='day'"));
            return BatchRules.Size.DAY;
        }
        String word = settings.text("batch_size", problems).orElse("day");
        BatchRules.Size size = SIZES.get(word);
        if (size == null) {
            problems.add(
                    YamlErrors.notOneOf(
                            settings.place("batch_size", place),
                            "Setting 'batch_size'",
                            word,
                            SIZES.keySet()));
        }
        return size == null ? BatchRules.Size.DAY : size;
    }

    private Optional<Instant> begin() {
        if (isMissing("begin")) {
            problems.add(
                    ProjectErrors.batchSetting(
                            place,
                            name,
                            "a 'begin' (datetime) config, when the first batch starts",
                            "begin='2026-01-01'"));
            return Optional.empty();
        }
        String text = settings.text("begin", problems).orElse("");
        Optional<Instant> time = TimeText.parse(text);
        if (time.isEmpty()) {
            problems.add(
                    YamlErrors.notOneOf(
                            settings.place("begin", place),
                            "Setting 'begin'",
                            text,
                            List.of("2026-01-01", "2026-01-01 00:00:00")));
        }
        return time;
    }

    private boolean isMissing(String key) {
        return settings.find(key).filter(v -> !(v instanceof Scalar s && s.isNull())).isEmpty();
    }

    /** Tells of a setting that has another kind of value. */
    private void require(String key, Class<?> wanted, String word) {
        settings.find(key)
                .filter(v -> !(v instanceof Scalar s && s.isNull()))
                .filter(v -> !wanted.isInstance(v.plain()))
                .ifPresent(v ->
                        problems.add(
                                YamlErrors.wrongKind(
                                        settings.place(key, place),
                                        "Setting '" + key + "'",
                                        word,
                                        v)));
    }
}
