package dev.tarn.project;

import dev.tarn.model.Problem;
import dev.tarn.project.PropertyFile.ColumnEntry;
import dev.tarn.project.PropertyFile.SourceEntry;
import dev.tarn.project.PropertyFile.TableEntry;
import dev.tarn.project.PropertyFile.Words;
import dev.tarn.project.YamlValue.Mapping;
import dev.tarn.project.YamlValue.Scalar;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Sources that say {@code overrides: package}: what they say replaces what the package says about
 * its source of the same name; what they leave out stays as it is.
 */
final class SourcePatches {
    private final Map<String, SourceEntry> patches = new LinkedHashMap<>();
    private final Map<String, SourceEntry> unused = new LinkedHashMap<>();

    /** The package whose source is overridden; empty when it is a source of its own. */
    static Optional<String> overrides(SourceEntry source) {
        return source.mapping()
                .find("overrides")
                .map(YamlValue.Entry::value)
                .filter(Scalar.class::isInstance)
                .map(v -> ((Scalar) v).text());
    }

    /** Takes what is said; a second one about the same source is refused. */
    Optional<Problem> add(String packageName, SourceEntry patch) {
        String key = packageName + "." + patch.name();
        SourceEntry first = patches.putIfAbsent(key, patch);
        if (first != null) {
            return Optional.of(
                    ProjectErrors.duplicate(
                            patch.place(), "The override of source", key, first.place()));
        }
        unused.put(key, patch);
        return Optional.empty();
    }

    /** What is to be told about those that found nothing to override. */
    List<Problem> unused() {
        return unused.entrySet().stream()
                .map(e ->
                        ProjectErrors.overridesNothing(
                                e.getValue().place(),
                                e.getValue().name(),
                                e.getKey().substring(0, e.getKey().indexOf('.'))))
                .toList();
    }

    /** A package's source as the project wants it. */
    SourceEntry applied(String packageName, SourceEntry source) {
        String key = packageName + "." + source.name();
        SourceEntry patch = patches.get(key);
        if (patch == null) {
            return source;
        }
        unused.remove(key);
        Map<String, TableEntry> patched = new LinkedHashMap<>();
        patch.tables().forEach(t -> patched.put(t.name(), t));
        return new SourceEntry(
                source.name(),
                source.place(),
                words(source.words(), patch.words()),
                patch.database().or(source::database),
                patch.schema().or(source::schema),
                over(source.config(), patch.config()),
                source.tables().stream()
                        .map(t ->
                                patched.containsKey(t.name()) ? table(t, patched.get(t.name())) : t)
                        .toList(),
                over(source.mapping(), patch.mapping()));
    }

    private static TableEntry table(TableEntry table, TableEntry patch) {
        List<ColumnEntry> columns = patch.columns().isEmpty() ? table.columns() : patch.columns();
        return new TableEntry(
                table.name(),
                table.place(),
                words(table.words(), patch.words()),
                patch.identifier().or(table::identifier),
                columns,
                patch.tests().isEmpty() ? table.tests() : patch.tests(),
                over(table.config(), patch.config()),
                patch.ingest().or(table::ingest),
                patch.external().or(table::external),
                over(table.mapping(), patch.mapping()));
    }

    private static Words words(Words words, Words patch) {
        boolean described = !patch.description().isEmpty();
        return new Words(
                described ? patch.description() : words.description(),
                described ? patch.place() : words.place(),
                patch.tags().isEmpty() ? words.tags() : patch.tags(),
                patch.meta().or(words::meta),
                patch.owner().or(words::owner));
    }

    private static Optional<Mapping> over(Optional<Mapping> mapping, Optional<Mapping> patch) {
        return mapping.isPresent() && patch.isPresent()
                ? Optional.of(over(mapping.get(), patch.get()))
                : patch.or(() -> mapping);
    }

    private static Mapping over(Mapping mapping, Mapping patch) {
        Map<String, YamlValue.Entry> all = new LinkedHashMap<>();
        mapping.entries().forEach(e -> all.put(e.key(), e));
        patch.entries().stream()
                .filter(e -> !e.key().equals("overrides") && !e.key().equals("tables"))
                .forEach(e -> all.put(e.key(), e));
        return new Mapping(mapping.place(), new ArrayList<>(all.values()));
    }
}
