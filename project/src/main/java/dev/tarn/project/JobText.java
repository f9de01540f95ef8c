package dev.tarn.project;

import dev.tarn.model.Place;
import dev.tarn.model.job.Durations;
import dev.tarn.model.job.Moments;
import dev.tarn.model.job.TemplateText;
import dev.tarn.project.YamlValue.Entry;
import dev.tarn.project.YamlValue.Scalar;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Values in files of jobs: lengths of time, moments, counts, texts that may hold templates. */
final class JobText {
    private final List<String> lines;
    private final Problems problems;

    JobText(String file, Problems problems) {
        this(file.lines().toList(), problems);
    }

    private JobText(List<String> lines, Problems problems) {
        this.lines = lines;
        this.problems = problems;
    }

    /** The same file; what is wrong is told elsewhere. */
    JobText with(Problems others) {
        return new JobText(lines, others);
    }

    Optional<Duration> time(YamlSection section, String key, Duration least) {
        Optional<String> text = section.text(key);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        Optional<Duration> time = Durations.parse(text.get());
        if (time.isEmpty()) {
            problems.add(JobErrors.notTime(place(section, key), what(section, key), text.get()));
        } else if (time.get().compareTo(least) < 0) {
            problems.add(
                    JobErrors.timeTooShort(
                            place(section, key), what(section, key), Durations.words(least)));
            return Optional.empty();
        }
        return time;
    }

    Optional<Instant> moment(YamlSection section, String key) {
        Optional<String> text = section.text(key);
        Optional<Instant> moment = text.flatMap(Moments::parse);
        if (text.isPresent() && moment.isEmpty()) {
            problems.add(JobErrors.notMoment(place(section, key), what(section, key), text.get()));
        }
        return moment;
    }

    Optional<Integer> count(YamlSection section, String key, int least, int most) {
        Optional<String> text = section.text(key);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        String digits = text.get().strip();
        if (digits.matches("-?\\d{1,9}")) {
            int value = Integer.parseInt(digits);
            if (value >= least && value <= most) {
                return Optional.of(value);
            }
        }
        problems.add(
                JobErrors.notCount(
                        place(section, key), what(section, key), text.get(), least, most));
        return Optional.empty();
    }

    Optional<Double> number(
            YamlSection section, String key, double least, double most, String range) {
        Optional<String> text = section.text(key);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        if (text.get().matches("\\d{1,6}(\\.\\d{1,6})?")) {
            double value = Double.parseDouble(text.get());
            if (value >= least && value <= most) {
                return Optional.of(value);
            }
        }
        problems.add(
                JobErrors.notNumber(place(section, key), what(section, key), text.get(), range));
        return Optional.empty();
    }

    <E extends Enum<E>> E choice(YamlSection section, String key, Class<E> type, E standard) {
        Optional<String> text = section.text(key);
        if (text.isEmpty()) {
            return standard;
        }
        List<String> words =
                Arrays.stream(type.getEnumConstants())
                        .map(e -> e.name().toLowerCase(Locale.ROOT))
                        .toList();
        if (!words.contains(text.get())) {
            problems.add(
                    YamlErrors.notOneOf(
                            place(section, key), what(section, key), text.get(), words));
            return standard;
        }
        return Enum.valueOf(type, text.get().toUpperCase(Locale.ROOT));
    }

    Optional<TemplateText> template(YamlSection section, String key) {
        Optional<YamlValue> value = section.value(key);
        if (value.isPresent() && value.get() instanceof Scalar scalar) {
            return Optional.of(template(scalar));
        }
        value.ifPresent(
                v -> problems.add(YamlErrors.wrongKind(v.place(), what(section, key), "text", v)));
        return Optional.empty();
    }

    List<TemplateText> templates(YamlSection section, String key) {
        return section.value(key).map(v -> templates(what(section, key), v)).orElse(List.of());
    }

    List<TemplateText> templates(String what, YamlValue value) {
        List<TemplateText> all = new ArrayList<>();
        switch (value) {
            case Scalar scalar -> all.add(template(scalar));
            case YamlValue.Sequence list ->
                    list.items()
                            .forEach(item -> {
                                if (item instanceof Scalar scalar) {
                                    all.add(template(scalar));
                                } else {
                                    problems.add(
                                            YamlErrors.wrongKind(
                                                    item.place(),
                                                    "An entry of " + what,
                                                    "text",
                                                    item));
                                }
                            });
            case YamlValue.Mapping mapping ->
                    problems.add(YamlErrors.wrongKind(value.place(), what, "a list", value));
        }
        return all;
    }

    Map<String, TemplateText> templateMap(YamlSection section, String key) {
        Map<String, TemplateText> all = new LinkedHashMap<>();
        for (Entry e : section.mapping(key).map(m -> m.entries()).orElse(List.of())) {
            if (e.value() instanceof Scalar scalar) {
                all.put(e.key(), template(scalar));
            } else {
                problems.add(
                        YamlErrors.wrongKind(
                                e.value().place(),
                                what(section, key + "." + e.key()),
                                "text",
                                e.value()));
            }
        }
        return all;
    }

    /** The text with the place of its first character, behind quotes and signs of blocks. */
    TemplateText template(Scalar scalar) {
        Place place = scalar.place();
        int line = place.line() - 1;
        if (line < 0 || line >= lines.size() || place.column() > lines.get(line).length()) {
            return new TemplateText(scalar.text(), place, 0);
        }
        char first = lines.get(line).charAt(place.column() - 1);
        if (first == '"' || first == '\'') {
            Place inside = new Place(place.file(), place.line(), place.column() + 1);
            return new TemplateText(scalar.text(), inside, 0);
        }
        if (first == '|' || first == '>') {
            for (int i = line + 1; i < lines.size(); i++) {
                if (!lines.get(i).isBlank()) {
                    int indent = lines.get(i).length() - lines.get(i).stripLeading().length();
                    return new TemplateText(
                            scalar.text(), new Place(place.file(), line + 2, indent + 1), indent);
                }
            }
        }
        return new TemplateText(scalar.text(), place, 0);
    }

    static String what(YamlSection section, String key) {
        return section.what() + ": '" + key + "'";
    }

    static Place place(YamlSection section, String key) {
        return section.entry(key).map(Entry::place).orElse(section.place());
    }
}
