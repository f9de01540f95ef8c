package dev.tarn.project;

import dev.tarn.project.YamlValue.Mapping;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is written about a node's settings, with the templates of project files not filled in, so
 * that it is the same for every target: {@code unrendered_config} of dbt's manifest. What is said
 * later replaces what was said before, lists and mappings too.
 */
final class WrittenSettings {
    private final Map<String, YamlValue> first = new LinkedHashMap<>();
    private final Map<String, YamlValue> called = new LinkedHashMap<>();
    private final Map<String, YamlValue> last = new LinkedHashMap<>();

    /** What the project file of the node's package says. */
    void putTree(ProjectFile project, String section, List<String> fqn) {
        project.writtenTree(section).ifPresent(t -> Settings.levels(t, fqn, first::put));
    }

    /** What the root project says about a node of a package, which is the last word. */
    void putLast(ProjectFile root, String section, List<String> fqn) {
        root.writtenTree(section).ifPresent(t -> Settings.levels(t, fqn, last::put));
    }

    /** What a property file says. */
    void put(String key, YamlValue value) {
        first.put(key, value);
    }

    void putAll(Optional<Mapping> mapping) {
        mapping.ifPresent(m -> m.entries().forEach(e -> first.put(e.key(), e.value())));
    }

    /** What the node's own code says with {@code config()}. */
    void call(String key, YamlValue value) {
        called.put(Settings.name(key), value);
    }

    Map<String, YamlValue> called() {
        return Collections.unmodifiableMap(called);
    }

    /** As templates and manifests see it. */
    Map<Object, @Nullable Object> plain() {
        Map<Object, @Nullable Object> plain = new LinkedHashMap<>();
        for (Map<String, YamlValue> some : List.of(first, called, last)) {
            some.forEach((key, value) -> plain.put(key, value.plain()));
        }
        return plain;
    }
}
