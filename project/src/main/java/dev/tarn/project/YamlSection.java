package dev.tarn.project;

import dev.tarn.model.Place;
import dev.tarn.model.Problem;
import dev.tarn.model.Suggestion;
import dev.tarn.project.YamlValue.Entry;
import dev.tarn.project.YamlValue.Mapping;
import dev.tarn.project.YamlValue.Scalar;
import dev.tarn.project.YamlValue.Sequence;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/**
 * Takes a mapping apart key by key and says what does not fit. Keys that nobody asked for are left
 * over, for {@link #refuseOthers} or {@link #tellMisspelt}.
 */
final class YamlSection {
    private final String what;
    private final Mapping mapping;
    private final Problems problems;
    private final Set<String> known = new HashSet<>();

    /**
     * @param what the section as a sentence begins with it, such as {@code Model 'orders'}
     */
    YamlSection(String what, Mapping mapping, Problems problems) {
        this.what = what;
        this.mapping = mapping;
        this.problems = problems;
    }

    /** The mapping behind a value, if it is one. */
    static Optional<YamlSection> of(String what, YamlValue value, Problems problems) {
        if (value instanceof Mapping mapping) {
            return Optional.of(new YamlSection(what, mapping, problems));
        }
        problems.add(YamlErrors.wrongKind(value.place(), what, "a mapping", value));
        return Optional.empty();
    }

    String what() {
        return what;
    }

    Place place() {
        return mapping.place();
    }

    Mapping mapping() {
        return mapping;
    }

    Optional<Entry> entry(String key) {
        known.add(key);
        return mapping.find(key).filter(e -> !(e.value() instanceof Scalar s && s.isNull()));
    }

    private Set<String> sorted() {
        return new TreeSet<>(known);
    }

    /** Says that keys are known without reading them. */
    YamlSection accept(Collection<String> keys) {
        known.addAll(keys);
        return this;
    }

    Optional<YamlValue> value(String key) {
        return entry(key).map(Entry::value);
    }

    /** Text; numbers and truth values count as the text they are written as. */
    Optional<String> text(String key) {
        Optional<YamlValue> value = value(key);
        if (value.isEmpty()) {
            return Optional.empty();
        }
        if (value.get() instanceof Scalar scalar) {
            return Optional.of(scalar.text());
        }
        wrong(key, "text", value.get());
        return Optional.empty();
    }

    /** Text that must be there; says so and returns nothing when it is not. */
    Optional<String> required(String key) {
        Optional<String> text = text(key);
        if (mapping.find(key).isEmpty() || (text.isPresent() && text.get().isBlank())) {
            problems.add(YamlErrors.missingKey(mapping.place(), what, key));
            return Optional.empty();
        }
        return text;
    }

    Optional<Boolean> flag(String key) {
        Optional<YamlValue> value = value(key);
        if (value.isEmpty()) {
            return Optional.empty();
        }
        if (value.get() instanceof Scalar scalar) {
            if (scalar.plain() instanceof Boolean flag) {
                return Optional.of(flag);
            }
            if (scalar.text().equalsIgnoreCase("true") || scalar.text().equalsIgnoreCase("false")) {
                return Optional.of(Boolean.parseBoolean(scalar.text()));
            }
        }
        wrong(key, "true or false", value.get());
        return Optional.empty();
    }

    /** A list of texts; a single text is a list of one. */
    List<String> texts(String key) {
        Optional<YamlValue> value = value(key);
        if (value.isEmpty()) {
            return List.of();
        }
        return texts(what + ": '" + key + "'", value.get(), problems);
    }

    static List<String> texts(String what, YamlValue value, Problems problems) {
        if (value instanceof Scalar scalar) {
            return List.of(scalar.text());
        }
        List<String> texts = new ArrayList<>();
        if (value instanceof Sequence sequence) {
            for (YamlValue item : sequence.items()) {
                if (item instanceof Scalar scalar) {
                    texts.add(scalar.text());
                } else {
                    problems.add(
                            YamlErrors.wrongKind(
                                    item.place(), "An entry of " + what, "text", item));
                }
            }
        } else {
            problems.add(YamlErrors.wrongKind(value.place(), what, "a list", value));
        }
        return texts;
    }

    /** Texts by key, in the file's order. */
    Map<String, String> textMap(String key) {
        Map<String, String> texts = new LinkedHashMap<>();
        for (Entry entry : section(key).map(s -> s.mapping.entries()).orElse(List.of())) {
            if (entry.value() instanceof Scalar scalar) {
                texts.put(entry.key(), scalar.text());
            } else {
                wrong(key + "." + entry.key(), "text", entry.value());
            }
        }
        return texts;
    }

    Optional<YamlSection> section(String key) {
        Optional<YamlValue> value = value(key);
        if (value.isEmpty()) {
            return Optional.empty();
        }
        if (value.get() instanceof Mapping inner) {
            return Optional.of(new YamlSection(what + ": '" + key + "'", inner, problems));
        }
        wrong(key, "a mapping", value.get());
        return Optional.empty();
    }

    Optional<Mapping> mapping(String key) {
        return section(key).map(YamlSection::mapping);
    }

    List<YamlValue> items(String key) {
        Optional<YamlValue> value = value(key);
        if (value.isEmpty()) {
            return List.of();
        }
        if (value.get() instanceof Sequence sequence) {
            return sequence.items();
        }
        wrong(key, "a list", value.get());
        return List.of();
    }

    /** Each item of a list as a section of its own. */
    List<YamlSection> sections(String key, String itemWhat) {
        List<YamlSection> sections = new ArrayList<>();
        for (YamlValue item : items(key)) {
            of(itemWhat, item, problems).ifPresent(sections::add);
        }
        return sections;
    }

    /** Every key that nobody asked for is a mistake. */
    void refuseOthers() {
        for (Entry entry : mapping.entries()) {
            if (!known.contains(entry.key())) {
                problems.add(YamlErrors.unknownKey(entry.keyPlace(), what, entry.key(), sorted()));
            }
        }
    }

    /** Tells of keys that nobody asked for and that are close to one that has a meaning. */
    void tellMisspelt(Consumer<Problem> notes) {
        for (Entry entry : mapping.entries()) {
            if (!known.contains(entry.key())
                    && Suggestion.closest(entry.key(), sorted()).isPresent()) {
                notes.accept(YamlErrors.unknownKey(entry.keyPlace(), what, entry.key(), sorted()));
            }
        }
    }

    /** A key that nobody asked for is a mistake when it is close to one that has a meaning. */
    void refuseMisspelt() {
        tellMisspelt(problems::add);
    }

    /** A section of the same name with other keys. */
    YamlSection with(Mapping other) {
        return new YamlSection(what, other, problems);
    }

    /** The same section under another name. */
    YamlSection named(String newWhat) {
        return new YamlSection(newWhat, mapping, problems);
    }

    private void wrong(String key, String wanted, YamlValue found) {
        problems.add(YamlErrors.wrongKind(found.place(), what + ": '" + key + "'", wanted, found));
    }
}
