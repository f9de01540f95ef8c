package dev.tarn.project;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.Place;
import dev.tarn.model.Problem;
import dev.tarn.model.TarnException;
import dev.tarn.project.YamlValue.Entry;
import dev.tarn.project.YamlValue.Mapping;
import dev.tarn.project.YamlValue.Scalar;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** A small YAML file of settings, read as texts by dotted names. */
public final class SettingsFile {
    private final String file;
    private final Collection<String> known;
    private final Problems problems = new Problems();
    private final Map<String, Value> values = new LinkedHashMap<>();

    private SettingsFile(String file, Collection<String> known) {
        this.file = file;
        this.known = new TreeSet<>(known);
    }

    /** What a setting says, and where. */
    public record Value(String text, Place place) {}

    /** Mistakes found while settings are read, told together. */
    public record Reading(Map<String, Value> values, List<Problem> problems) {}

    /**
     * Reads a file; one that is not there says nothing.
     *
     * @param known dotted names of all settings there are
     * @return the settings, and every mistake: unknown names with a suggestion, lists and mappings
     *     where a value is wanted, broken YAML
     */
    public static Reading read(Path path, Collection<String> known) {
        SettingsFile reader = new SettingsFile(path.getFileName().toString(), known);
        if (Files.exists(path)) {
            YamlReader.readMapping(reader.file, text(path), reader.problems)
                    .ifPresent(m -> reader.collect("", m));
        }
        return new Reading(Map.copyOf(reader.values), reader.problems.sorted());
    }

    private void collect(String prefix, Mapping mapping) {
        for (Entry entry : mapping.entries()) {
            String name = prefix + entry.key();
            boolean group = known.stream().anyMatch(k -> k.startsWith(name + "."));
            if (group && entry.value() instanceof Mapping inner) {
                collect(name + ".", inner);
            } else if (!known.contains(name) && !group) {
                problems.add(YamlErrors.unknownKey(entry.keyPlace(), "The file", name, known));
            } else if (entry.value() instanceof Scalar scalar && !group) {
                if (!scalar.isNull()) {
                    values.put(name, new Value(scalar.text(), scalar.place()));
                }
            } else {
                problems.add(
                        YamlErrors.wrongKind(
                                entry.place(),
                                "'" + name + "'",
                                group ? "a mapping" : "a single value",
                                entry.value()));
            }
        }
    }

    private static String text(Path path) {
        try {
            return Files.readString(path);
        } catch (IOException e) {
            throw new TarnException(
                    Problem.at(
                            ErrorCode.CONFIG_INVALID,
                            Place.of(path.getFileName().toString()),
                            "The file cannot be read: " + e.getMessage() + "."),
                    e);
        }
    }
}
