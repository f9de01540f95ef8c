package dev.tarn.project;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.Place;
import dev.tarn.model.graph.Materialization;
import dev.tarn.model.graph.StreamRules;
import dev.tarn.model.graph.StreamRules.Late;
import dev.tarn.model.job.Durations;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** What a stream's settings mean. */
final class StreamSettings {
    private static final Map<String, Late> LATE = Map.of("table", Late.TABLE, "drop", Late.DROP);
    private static final List<String> CHANGES = List.of("refuse", "ignore");

    private final Settings settings;
    private final String name;
    private final Place place;
    private final Problems problems;

    StreamSettings(Settings settings, String name, Place place, Problems problems) {
        this.settings = settings;
        this.name = name;
        this.place = place;
        this.problems = problems;
    }

    Materialization materialization() {
        return new Materialization.Stream(
                new StreamRules(
                        time("watermark").orElse(Duration.ZERO),
                        late(),
                        time("allowed_lateness").orElse(Duration.ZERO),
                        time("idle_after"),
                        settings.text("watermark_by", problems),
                        passesChanges()));
    }

    private Optional<Duration> time(String key) {
        Optional<String> text = settings.text(key, problems);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        Optional<Duration> time = Durations.parse(text.get());
        if (time.isEmpty()) {
            problems.add(
                    ErrorCode.CONFIG_INVALID,
                    settings.place(key, place),
                    "Setting '%s' of stream '%s' is not a length of time: '%s'. Write it as 90s, 10 minutes, 1h or 2d."
                            .formatted(key, name, text.get()));
        }
        return time;
    }

    private Late late() {
        String word = word("late", "table");
        Late late = LATE.get(word);
        if (late == null) {
            wrong("late", word, List.of("drop", "table"));
            return Late.TABLE;
        }
        return late;
    }

    private boolean passesChanges() {
        String word = word("input_changes", "refuse");
        if (!CHANGES.contains(word)) {
            wrong("input_changes", word, CHANGES);
        }
        return word.equals("ignore");
    }

    private String word(String key, String otherwise) {
        return settings.text(key, problems).orElse(otherwise).toLowerCase(Locale.ROOT);
    }

    private void wrong(String key, String word, List<String> allowed) {
        problems.add(
                YamlErrors.notOneOf(
                        settings.place(key, place), "Setting '" + key + "'", word, allowed));
    }
}
