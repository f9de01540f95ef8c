package dev.tarn.project;

import dev.tarn.jinja.Block;
import dev.tarn.jinja.JinjaEnvironment;
import dev.tarn.jinja.JinjaException;
import dev.tarn.model.Place;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * All macros of a project, its packages and Tarn itself, found by the rules of dbt: a name means
 * the macro of the node's own package, else the root project's, else Tarn's.
 */
final class MacroLibrary {
    /** Under this name Tarn's own macros are called, as dbt's are. */
    static final String INTERNAL = "dbt";

    /** Where dbt keeps those of this database; here they are the same. */
    static final String ADAPTER = "dbt_duckdb";

    private static final String FOR_ADAPTER = AdapterValue.TYPE + "__";

    private static final Pattern RANDOM =
            Pattern.compile("(?<!\\|)\\|\\s*random\\b|['\"]random['\"]|\\blipsum\\b");

    private final String rootPackage;
    private final Map<String, Map<String, Macro>> packages = new LinkedHashMap<>();
    private final CacheOutput texts = new CacheOutput();
    private final List<String> sources = new ArrayList<>();
    private boolean repeatable = true;

    /** One macro, or a generic test, whose name then begins with {@code test_}. */
    record Macro(String packageName, String name, Block block, Place place) {}

    MacroLibrary(String rootPackage) {
        this.rootPackage = rootPackage;
        packages.put(INTERNAL, new LinkedHashMap<>());
    }

    /** Takes in the macros of one file. */
    void add(
            JinjaEnvironment jinja,
            String packageName,
            String file,
            String text,
            Problems problems) {
        if (!packageName.equals(INTERNAL)) {
            sources.add(text);
            texts.text(packageName).text(file).text(text);
            repeatable &= !isRandom(text);
        }
        Collection<Block> blocks;
        try {
            blocks = jinja.parseBlocks(file, text).blocks();
        } catch (JinjaException e) {
            problems.add(TemplateErrors.problem(e, Place.of(file)));
            return;
        }
        Map<String, Macro> known =
                packages.computeIfAbsent(packageName, p -> new LinkedHashMap<>());
        for (Block block : blocks) {
            Place place = TemplateErrors.place(block.span().start());
            switch (block.kind()) {
                case "macro" -> put(known, packageName, block.name(), block, place, problems);
                case "test", "data_test" ->
                        put(known, packageName, "test_" + block.name(), block, place, problems);
                case "materialization" ->
                        put(
                                known,
                                packageName,
                                Materializations.macroName(block),
                                block,
                                place,
                                problems);
                default -> {}
            }
        }
    }

    private static void put(
            Map<String, Macro> known,
            String packageName,
            String name,
            Block block,
            Place place,
            Problems problems) {
        Macro first = known.putIfAbsent(name, new Macro(packageName, name, block, place));
        if (first != null) {
            problems.add(ProjectErrors.duplicate(place, "Macro", name, first.place()));
        }
    }

    /** Whether a template may give something else each time it is rendered. */
    static boolean isRandom(String text) {
        return (text.contains("random") || text.contains("lipsum")) && RANDOM.matcher(text).find();
    }

    /** The files of the project's macros and of those of its packages. */
    List<String> sources() {
        return Collections.unmodifiableList(sources);
    }

    /** Whether every macro gives the same for the same. */
    boolean repeatable() {
        return repeatable;
    }

    /** The texts of all macros summed up; Tarn's own aside, which come with the program. */
    CacheKey sum() {
        return texts.toKey();
    }

    Optional<Macro> find(String name, String fromPackage) {
        return in(fromPackage, name).or(() -> in(rootPackage, name)).or(() -> in(INTERNAL, name));
    }

    Optional<Macro> in(String packageName, String name) {
        return Optional.ofNullable(packages.getOrDefault(packageName, Map.of()).get(name));
    }

    /** Tarn's own macro; what dbt has for this database alone has no other name here. */
    Optional<Macro> own(String name) {
        Optional<Macro> found = in(INTERNAL, name);
        return found.isEmpty() && name.startsWith(FOR_ADAPTER)
                ? in(INTERNAL, "default__" + name.substring(FOR_ADAPTER.length()))
                : found;
    }

    /** The macro that a name means to somebody who knows no package. */
    Optional<Macro> anywhere(String name) {
        Optional<Macro> found = in(rootPackage, name);
        for (String other : packages.keySet()) {
            if (found.isEmpty() && !other.equals(INTERNAL)) {
                found = in(other, name);
            }
        }
        return found.or(() -> in(INTERNAL, name));
    }

    boolean hasPackage(String name) {
        return packages.containsKey(name);
    }

    Set<String> packageNames() {
        return packages.keySet();
    }

    void addPackage(String name) {
        packages.computeIfAbsent(name, p -> new LinkedHashMap<>());
    }

    Map<String, Macro> macrosOf(String packageName) {
        return packages.getOrDefault(packageName, Map.of());
    }

    /** Macros that need no package in front of them where they are called, and packages. */
    Set<String> names(String fromPackage) {
        Set<String> names = new TreeSet<>(packageNames());
        for (String owner : List.of(INTERNAL, rootPackage, fromPackage)) {
            names.addAll(macrosOf(owner).keySet());
        }
        return names;
    }

    String rootPackage() {
        return rootPackage;
    }

    /** Every name a generic test can have in a property file. */
    Set<String> testNames() {
        Set<String> names = new TreeSet<>();
        packages.forEach((packageName, macros) ->
                macros.keySet().stream()
                        .filter(n -> n.startsWith("test_"))
                        .map(n -> n.substring("test_".length()))
                        .forEach(n ->
                                names.add(
                                        packageName.equals(INTERNAL)
                                                        || packageName.equals(rootPackage)
                                                ? n
                                                : packageName + "." + n)));
        return names;
    }
}
