package dev.tarn.cli.dbt;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/**
 * Which warnings are errors, and which are not told, by dbt's names of them. What is said of a name
 * counts more than what is said of {@code Deprecations}, and that more than what is said of all.
 *
 * @param allErrors whether all are errors, but those in {@code warnings}
 */
record WarnErrors(
        boolean allErrors, Set<String> errors, Set<String> warnings, Set<String> silenced) {
    static final WarnErrors NONE = new WarnErrors(false, Set.of(), Set.of(), Set.of());
    static final WarnErrors ALL = new WarnErrors(true, Set.of(), Set.of(), Set.of());

    /** A check warned. */
    static final String TEST = "LogTestResult";

    /** A selection means nothing. */
    static final String SELECTION = "NoNodesForSelectionCriteria";

    /** A model should be gone by now. */
    static final String DEPRECATED_MODEL = "DeprecatedModel";

    /** A model reads one that should be gone by now. */
    static final String DEPRECATED_REFERENCE = "DeprecatedReference";

    /** A model reads one that will be gone. */
    static final String UPCOMING_REFERENCE = "UpcomingReferenceDeprecation";

    /** A property file describes what is not there. */
    static final String YAML_KEY = "NoNodeForYamlKey";

    /** Settings for a folder or package that is not there. */
    static final String UNUSED_PATH = "UnusedResourceConfigPath";

    /** A setting that means nothing. */
    static final String CUSTOM_KEY = "CustomKeyInConfigDeprecation";

    /** A key of a property file that means nothing: of what it describes, or beside all that. */
    static final String OBJECT_KEY = "CustomKeyInObjectDeprecation";

    static final String TOP_KEY = "CustomTopLevelKeyDeprecation";

    /** A selection has nothing in it. */
    static final String NOTHING = "NoNodesSelected";

    /** A key stands in a YAML file twice. */
    static final String KEY_TWICE = "DuplicateYAMLKeysDeprecation";

    /** A contract was broken of a model that has no versions. */
    static final String BROKEN = "UnversionedBreakingChange";

    /** A node's name has a space. */
    private static final String SPACE = "SpacesInResourceNameDeprecation";

    /** All warnings of what will not be understood one day. */
    private static final String DEPRECATIONS = "Deprecations";

    /** A macro warned, or in its place we did. */
    static final String MACRO = "JinjaLogWarning";

    private static final Set<String> KEYS =
            Set.of("error", "include", "warn", "exclude", "silence");

    /** What dbt calls a warning of ours; empty when it has none like it. */
    static String nameOf(String text) {
        if (text.startsWith("Breaking change to contracted, unversioned model")) {
            return BROKEN;
        }
        if (text.endsWith("[SELECTION_INVALID]")) {
            return SELECTION;
        }
        if (text.endsWith("[NAME_INVALID]") && text.contains("has a space in its name")) {
            return SPACE;
        }
        if (text.endsWith("[TEMPLATE_FAILED]")
                || (text.endsWith("[COLUMN_NOT_FOUND]")
                        && text.contains("not present in the database"))) {
            return MACRO;
        }
        if (text.endsWith("[UNKNOWN_KEY]")) {
            return text.contains("A property file has no key")
                    ? TOP_KEY
                    : text.contains(" has no key ") ? OBJECT_KEY : CUSTOM_KEY;
        }
        if (text.endsWith("[NODE_NOT_FOUND]") && text.contains("are for nothing that there is")) {
            return UNUSED_PATH;
        }
        if (text.endsWith("[NODE_NOT_FOUND]") && text.contains("describes")) {
            return YAML_KEY;
        }
        return text.endsWith("[YAML_INVALID]") && text.contains("is here twice") ? KEY_TWICE : "";
    }

    /** Whether a remark that dbt has no warning for is told to everybody, and fails nothing. */
    static boolean isTold(String text) {
        return text.contains("The profile's ") && text.endsWith("[UNSUPPORTED]");
    }

    /** What becomes of a warning. */
    enum Fate {
        WARNED,
        FAILS,
        SILENT
    }

    Fate of(String name) {
        return said(name)
                .or(() -> isDeprecation(name) ? said(DEPRECATIONS) : Optional.empty())
                .orElse(allErrors ? Fate.FAILS : Fate.WARNED);
    }

    /** What is said of a name or a group; the mildest counts. */
    private Optional<Fate> said(String name) {
        if (silenced.contains(name)) {
            return Optional.of(Fate.SILENT);
        }
        if (warnings.contains(name)) {
            return Optional.of(Fate.WARNED);
        }
        return errors.contains(name) ? Optional.of(Fate.FAILS) : Optional.empty();
    }

    private static boolean isDeprecation(String name) {
        return name.endsWith("Deprecation") && !name.equals(UPCOMING_REFERENCE);
    }

    boolean fails(String name) {
        return of(name) == Fate.FAILS;
    }

    static WarnErrors parse(String text) {
        Object parsed;
        try {
            parsed = new Yaml(new SafeConstructor(new LoaderOptions())).load(text);
        } catch (YAMLException e) {
            throw DbtErrors.warnErrorOptions("takes YAML, not '" + text + "'");
        }
        if (!(parsed instanceof Map<?, ?> map)) {
            throw DbtErrors.warnErrorOptions("takes a mapping in YAML, not '" + text + "'");
        }
        for (Object key : map.keySet()) {
            if (!KEYS.contains(String.valueOf(key))) {
                throw DbtErrors.warnErrorOptions(
                        "knows 'error', 'warn' and 'silence', but not '" + key + "'");
            }
        }
        for (List<String> same : List.of(List.of("error", "include"), List.of("warn", "exclude"))) {
            if (map.keySet().containsAll(same)) {
                throw DbtErrors.warnErrorOptions(
                        "cannot have both '%s' and '%s', which mean the same"
                                .formatted(same.get(0), same.get(1)));
            }
        }
        Object errors = map.containsKey("error") ? map.get("error") : map.get("include");
        Object warnings = map.containsKey("warn") ? map.get("warn") : map.get("exclude");
        boolean all = "all".equals(errors) || "*".equals(errors);
        Set<String> errorNames = all ? Set.of() : names(errors, "error");
        Set<String> warningNames = names(warnings, "warn");
        Set<String> silencedNames = names(map.get("silence"), "silence");
        boolean aboutAll =
                all || errorNames.contains(DEPRECATIONS) || silencedNames.contains(DEPRECATIONS);
        if (!warningNames.isEmpty() && !aboutAll) {
            throw DbtErrors.warnErrorOptions(
                    "takes 'warn' only where 'error' is 'all', or where 'error' or 'silence' names"
                            + " '"
                            + DEPRECATIONS
                            + "'");
        }
        return new WarnErrors(all, errorNames, warningNames, silencedNames);
    }

    private static Set<String> names(@Nullable Object said, String key) {
        return switch (said) {
            case null -> Set.of();
            case List<?> list -> {
                Set<String> names =
                        Set.copyOf(list.stream().map(String::valueOf).distinct().toList());
                names.forEach(EventNames::require);
                yield names;
            }
            default ->
                    throw DbtErrors.warnErrorOptions("takes a list of names under '" + key + "'");
        };
    }
}
