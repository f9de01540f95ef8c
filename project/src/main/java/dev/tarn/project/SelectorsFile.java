package dev.tarn.project;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.Place;
import dev.tarn.model.Problem;
import dev.tarn.model.Suggestion;
import dev.tarn.model.TarnException;
import dev.tarn.project.YamlValue.Entry;
import dev.tarn.project.YamlValue.Mapping;
import dev.tarn.project.YamlValue.Scalar;
import dev.tarn.project.YamlValue.Sequence;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/** {@code selectors.yml}: selections with names. */
final class SelectorsFile {
    private static final String FILE = "selectors.yml";

    private static final List<String> KEYS =
            List.of(
                    "method",
                    "value",
                    "children",
                    "parents",
                    "children_depth",
                    "parents_depth",
                    "childrens_parents",
                    "exclude",
                    "indirect_selection");

    private final Problems problems = new Problems();
    private final Set<String> open = new LinkedHashSet<>();
    private final Map<String, Mapping> definitions = new LinkedHashMap<>();

    private SelectorsFile() {}

    static SelectorsFile read(ProjectRequest request) {
        SelectorsFile file = new SelectorsFile();
        Path path = request.root().resolve(FILE);
        if (Files.isRegularFile(path)) {
            UnaryOperator<YamlValue> rendering =
                    new ProjectLoader(request, file.problems).earlyRendering();
            ProjectFiles.text(path, FILE, file.problems)
                    .flatMap(t -> YamlReader.readMapping(FILE, t, file.problems, request.notes()))
                    .map(rendering)
                    .ifPresent(m -> file.take((Mapping) m));
        }
        file.problems.throwIfAny();
        return file;
    }

    private void take(Mapping file) {
        YamlSection top = new YamlSection(FILE, file, problems);
        for (YamlSection selector : top.sections("selectors", "A selector")) {
            selector.accept(List.of("description", "default", "definition"));
            selector.required("name").ifPresent(n -> definitions.put(n, selector.mapping()));
        }
        top.refuseMisspelt();
    }

    /** All of them as they stand in the file, in its order. */
    Map<String, Map<?, ?>> written() {
        Map<String, Map<?, ?>> written = new LinkedHashMap<>();
        definitions.forEach((name, selector) -> written.put(name, (Map<?, ?>) selector.plain()));
        return written;
    }

    /** The selector that is meant when nothing is selected. */
    Optional<String> standard() {
        return definitions.entrySet().stream()
                .filter(e ->
                        e.getValue()
                                .find("default")
                                .filter(d ->
                                        "true".equalsIgnoreCase(String.valueOf(d.value().plain())))
                                .isPresent())
                .map(Map.Entry::getKey)
                .findFirst();
    }

    /**
     * What a selector means.
     *
     * @throws TarnException when there is none of that name, or it cannot be read
     */
    Criteria named(String name) {
        Mapping definition = definitions.get(name);
        if (definition == null) {
            throw new TarnException(
                    ErrorCode.SELECTION_INVALID,
                    "There is no selector '%s' in %s.%s"
                            .formatted(name, FILE, Suggestion.hint(name, definitions.keySet())));
        }
        if (!open.add(name)) {
            throw new TarnException(
                    Problem.at(
                            ErrorCode.SELECTION_INVALID,
                            definition.place(),
                            "Selectors refer to each other in a circle: %s -> %s."
                                    .formatted(String.join(" -> ", open), name)));
        }
        Optional<Entry> entry = definition.find("definition");
        Criteria criteria =
                entry.map(e -> criteria(e.value()))
                        .orElseGet(() -> wrong(definition.place(), "it has no definition"));
        open.remove(name);
        problems.throwIfAny();
        return criteria;
    }

    private Criteria criteria(YamlValue value) {
        return switch (value) {
            case Scalar text -> text(text.text());
            case Sequence list -> new Criteria.Union(all(list), List.of());
            case Mapping mapping -> mapping(mapping);
        };
    }

    private Criteria text(String text) {
        return Selection.criteria(List.of(text), problems);
    }

    /** The parts of a list; an entry {@code exclude} is kept apart by the caller. */
    private List<Criteria> all(Sequence list) {
        return list.items().stream()
                .filter(i ->
                        !(i instanceof Mapping m
                                && m.find("exclude").isPresent()
                                && m.entries().size() == 1))
                .map(this::criteria)
                .toList();
    }

    private List<Criteria> excluded(Sequence list) {
        List<Criteria> all = new ArrayList<>();
        for (YamlValue item : list.items()) {
            if (item instanceof Mapping m && m.entries().size() == 1) {
                m.find("exclude").ifPresent(e -> all.add(criteria(e.value())));
            }
        }
        return all;
    }

    private Criteria mapping(Mapping mapping) {
        List<String> keys = mapping.entries().stream().map(Entry::key).toList();
        if (keys.contains("union") && keys.contains("intersection")) {
            return wrong(mapping.place(), "it has both 'union' and 'intersection'");
        }
        for (String kind : List.of("union", "intersection")) {
            Optional<Entry> entry = mapping.find(kind);
            if (entry.isPresent() && entry.get().value() instanceof Sequence list) {
                return kind.equals("union")
                        ? new Criteria.Union(all(list), excluded(list))
                        : new Criteria.Intersection(all(list), excluded(list));
            }
        }
        Optional<String> method = word(mapping, "method");
        if (method.isPresent()) {
            for (String key : keys) {
                if (!KEYS.contains(key)) {
                    wrong(
                            mapping.find(key).orElseThrow().keyPlace(),
                            "'%s' is not known.%s".formatted(key, Suggestion.hint(key, KEYS)));
                }
            }
        }
        if (method.isEmpty()) {
            if (mapping.entries().size() == 1
                    && mapping.entries().getFirst().value() instanceof Scalar value) {
                return text(mapping.entries().getFirst().key() + ":" + value.text());
            }
            return wrong(mapping.place(), "it has neither 'method' nor 'union' nor 'intersection'");
        }
        Optional<String> value = word(mapping, "value");
        if (value.isEmpty()) {
            return wrong(mapping.place(), "it has no 'value'");
        }
        Criteria plain =
                method.get().equals("selector")
                        ? named(value.get())
                        : text(
                                (flag(mapping, "childrens_parents") ? "@" : "")
                                        + steps(mapping, "parents")
                                        + method.get()
                                        + ":"
                                        + value.get()
                                        + reversed(steps(mapping, "children")));
        Criteria term =
                word(mapping, "indirect_selection")
                        .<Criteria>map(mode -> withTests(mapping, plain, mode))
                        .orElse(plain);
        if (mapping.find("exclude").map(Entry::value).orElse(null) instanceof Sequence excluded) {
            return new Criteria.Union(
                    List.of(term), excluded.items().stream().map(this::criteria).toList());
        }
        return term;
    }

    private Criteria withTests(Mapping mapping, Criteria inner, String mode) {
        Optional<IndirectSelection> known = IndirectSelection.parse(mode);
        if (known.isEmpty()) {
            return wrong(
                    mapping.find("indirect_selection").orElseThrow().keyPlace(),
                    "indirect_selection is eager, cautious, buildable or empty, not '"
                            + mode
                            + "'");
        }
        return new Criteria.WithTests(inner, known.get());
    }

    private static String steps(Mapping mapping, String key) {
        if (!flag(mapping, key)) {
            return "";
        }
        return word(mapping, key + "_depth").orElse("") + "+";
    }

    private static String reversed(String steps) {
        return steps.isEmpty() ? "" : "+" + steps.substring(0, steps.length() - 1);
    }

    private static boolean flag(Mapping mapping, String key) {
        return mapping.find(key).filter(e -> Boolean.TRUE.equals(e.value().plain())).isPresent();
    }

    private static Optional<String> word(Mapping mapping, String key) {
        return mapping.find(key)
                .map(Entry::value)
                .filter(Scalar.class::isInstance)
                .map(Scalar.class::cast)
                .filter(s -> !s.isNull())
                .map(Scalar::text);
    }

    private Criteria wrong(Place place, String why) {
        problems.add(
                Problem.at(
                        ErrorCode.SELECTION_INVALID,
                        place,
                        "This selector cannot be read: %s.".formatted(why)));
        return new Criteria.Union(List.of(), List.of());
    }
}
