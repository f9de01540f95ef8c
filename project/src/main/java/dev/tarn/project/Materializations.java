package dev.tarn.project;

import dev.tarn.jinja.Block;
import dev.tarn.jinja.Values;
import dev.tarn.model.Place;
import dev.tarn.model.Problem;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Finds the macro that a word in {@code materialized} means, by the rules of dbt: one for this
 * database before one for all, the root project's before a package's; a package replaces a built-in
 * one only where the project says so.
 */
final class Materializations {
    private static final String PREFIX = "materialization_";
    private static final String DEFAULT = "default";

    /** Built in, and made for this database, so that only those for this database replace them. */
    private static final Set<String> OWN = Set.of("table", "incremental", TableFunction.WORD);

    private static final Set<String> STANDARD =
            Set.of("view", "materialized_view", "snapshot", "test");

    /** Always built in Tarn's own way. */
    private static final Set<String> FIXED =
            Set.of("ephemeral", "seed", "unit", "clone", "function");

    /** What models can become without a macro of the project. */
    private static final List<String> BUILT_IN =
            List.of(
                    "view",
                    "table",
                    "incremental",
                    "ephemeral",
                    "materialized_view",
                    "stream",
                    TableFunction.WORD,
                    ExternalModel.WORD);

    /** Of these, what another program would build by a macro of the project. */
    private static final List<String> REFUSED = List.of("seed", "unit", "clone");

    /** Macros that decide how the strategies of Tarn add rows, without and with a prefix. */
    private static final Map<String, List<String>> PARTS =
            Map.of(
                    "append", List.of("get_insert_into_sql"),
                    "delete_insert", List.of("get_delete_insert_merge_sql"),
                    "merge", List.of("get_merge_sql"),
                    "insert_overwrite", List.of("get_insert_overwrite_merge_sql"));

    /** Macros that decide how histories are kept, without and with a prefix. */
    private static final List<String> HISTORIES =
            List.of(
                    "strategy_dispatch",
                    "snapshot_timestamp_strategy",
                    "snapshot_check_strategy",
                    "snapshot_check_all_get_existing_columns",
                    "snapshot_hash_arguments",
                    "snapshot_get_time",
                    "get_dbt_valid_to_current",
                    "build_snapshot_table",
                    "build_snapshot_staging_table",
                    "snapshot_staging_table",
                    "snapshot_merge_sql",
                    "post_snapshot");

    private static final List<String> PREFIXES = List.of("", AdapterValue.TYPE + "__", "default__");

    private final MacroLibrary macros;
    private final boolean packagesReplace;
    private final List<String> searched;
    private final boolean batchesAlways;

    /**
     * @param packagesReplace whether those of packages replace built-in ones
     * @param searched packages in which other macros of Tarn's are replaced
     * @param batchesAlways whether the project's own macro is for single periods
     */
    private Materializations(
            MacroLibrary macros,
            boolean packagesReplace,
            List<String> searched,
            boolean batchesAlways) {
        this.macros = macros;
        this.packagesReplace = packagesReplace;
        this.searched = List.copyOf(searched);
        this.batchesAlways = batchesAlways;
    }

    static Materializations of(CompileScope scope) {
        ProjectFile root = scope.root();
        return new Materializations(
                scope.macros(),
                root.flag("require_explicit_package_overrides_for_builtin_materializations")
                        .equals(Optional.of(false)),
                root.dispatch().getOrDefault(MacroLibrary.INTERNAL, List.of(root.name())),
                root.flag("require_batched_execution_for_custom_microbatch_strategy")
                        .equals(Optional.of(true)));
    }

    /** The name under which other macros can call it. */
    static String macroName(Block block) {
        Object adapter = block.settings().get("adapter");
        return PREFIX + block.name() + "_" + (adapter == null ? DEFAULT : Values.text(adapter));
    }

    /** The macro that builds models of a word; empty when Tarn itself does, or nobody. */
    Optional<MacroLibrary.Macro> find(String word) {
        return FIXED.contains(word) ? Optional.empty() : named(word);
    }

    /** The macro that builds models of a word, which may be Tarn's own. */
    MacroLibrary.Macro builder(String word) {
        return find(word)
                .or(() -> macros.in(MacroLibrary.INTERNAL, PREFIX + word + "_" + DEFAULT))
                .orElseThrow();
    }

    /**
     * Whether the project says itself how new rows meet old ones.
     *
     * @param strategy as a model's settings have it
     * @param packageName of the model
     */
    boolean addsRows(String strategy, String packageName) {
        String word = strategy.replace('+', '_').replace(' ', '_');
        String name = "get_incremental_" + word + "_sql";
        Optional<MacroLibrary.Macro> called = macros.find(name, packageName);
        return called.filter(m -> !m.packageName().equals(MacroLibrary.INTERNAL)).isPresent()
                || (called.isPresent() && replaced(name))
                || PARTS.getOrDefault(word, List.of()).stream().anyMatch(this::replaced);
    }

    /** Whether the project says itself how histories are kept. */
    boolean keepsHistories() {
        return HISTORIES.stream().anyMatch(this::replaced);
    }

    /** Whether a macro that Tarn's own macros call is another one here. */
    private boolean replaced(String name) {
        return PREFIXES.stream()
                .map(prefix -> prefix + name)
                .anyMatch(n ->
                        macros.in(macros.rootPackage(), n).isPresent()
                                || searched.stream()
                                        .filter(p -> !p.equals(MacroLibrary.INTERNAL))
                                        .anyMatch(p -> macros.in(p, n).isPresent()));
    }

    /** Whether dbt would call the project's own macro for microbatches once for each period. */
    boolean addsByPeriod(String packageName) {
        boolean prefixed =
                macros.find("get_incremental_microbatch_sql", packageName)
                        .filter(m -> m.packageName().equals(MacroLibrary.INTERNAL))
                        .isPresent();
        return prefixed || batchesAlways;
    }

    /** Refuses macros that would replace what Tarn does not hand over. */
    void refuse(Problems problems) {
        for (String word : REFUSED) {
            named(word)
                    .ifPresent(m ->
                            problems.add(ProjectErrors.materializationIsFixed(m.place(), word)));
        }
    }

    private Optional<MacroLibrary.Macro> named(String word) {
        boolean builtIn = OWN.contains(word) || STANDARD.contains(word) || REFUSED.contains(word);
        for (String adapter : List.of(AdapterValue.TYPE, DEFAULT)) {
            String name = PREFIX + word + "_" + adapter;
            Optional<MacroLibrary.Macro> root = macros.in(macros.rootPackage(), name);
            if (root.isPresent()) {
                return root;
            }
            if (!builtIn || packagesReplace) {
                List<MacroLibrary.Macro> imported = imported(name);
                if (imported.size() > 1) {
                    throw TemplateErrors.materializationTwice(
                            word, imported.get(0).packageName(), imported.get(1).packageName());
                }
                if (!imported.isEmpty()) {
                    return Optional.of(imported.getFirst());
                }
            }
            boolean known = adapter.equals(DEFAULT) ? builtIn : OWN.contains(word);
            if (known) {
                return Optional.empty();
            }
        }
        return Optional.empty();
    }

    private List<MacroLibrary.Macro> imported(String name) {
        List<MacroLibrary.Macro> found = new ArrayList<>();
        for (String packageName : macros.packageNames()) {
            boolean own = packageName.equals(MacroLibrary.INTERNAL);
            if (!own && !packageName.equals(macros.rootPackage())) {
                macros.in(packageName, name).ifPresent(found::add);
            }
        }
        return found;
    }

    /** The languages of the models that a macro can build. */
    static Set<String> languages(MacroLibrary.Macro macro) {
        Object given = macro.block().settings().get("supported_languages");
        Set<String> languages = new LinkedHashSet<>();
        if (given != null) {
            Values.list(given).forEach(l -> languages.add(Values.text(l)));
        }
        return languages.isEmpty() ? Set.of("sql") : languages;
    }

    /** Why nobody can build a model; empty when somebody can. */
    Optional<Problem> obstacle(Draft draft) {
        if (draft.kind != Draft.Kind.MODEL) {
            return Optional.empty();
        }
        if (draft.hasNoSchema) {
            return Optional.of(ProjectErrors.noSchema(draft.place, draft.name));
        }
        String word = ModelSettings.materialized(draft.settings);
        Place at = draft.settings.place("materialized", draft.place);
        String language = draft.isPython() ? "python" : "sql";
        Optional<MacroLibrary.Macro> macro = find(word);
        if (macro.isPresent()) {
            Set<String> languages = languages(macro.get());
            return languages.contains(language)
                    ? Optional.empty()
                    : Optional.of(ProjectErrors.language(at, word, languages, language));
        }
        if (BUILT_IN.contains(word)) {
            return Optional.empty();
        }
        Set<String> words = words();
        words.addAll(BUILT_IN);
        return Optional.of(YamlErrors.notOneOf(at, "Setting 'materialized'", word, words));
    }

    /** Settings of an incremental model whose words nobody knows; it can be built once. */
    List<Problem> misunderstood(Draft draft) {
        Settings settings = draft.settings;
        if (draft.kind != Draft.Kind.MODEL
                || !ModelSettings.materialized(settings).equals("incremental")) {
            return List.of();
        }
        List<Problem> found = new ArrayList<>();
        String strategy = word(settings, "incremental_strategy", "default");
        if (!strategy.equals("default")
                && !ModelSettings.STRATEGIES.contains(strategy)
                && !addsRows(strategy, draft.packageName)) {
            found.add(unknown(draft, "incremental_strategy", strategy, ModelSettings.STRATEGIES));
        }
        String change = word(settings, "on_schema_change", "ignore");
        if (!ModelSettings.CHANGES.containsKey(change)) {
            found.add(unknown(draft, "on_schema_change", change, ModelSettings.CHANGES.keySet()));
        }
        return found;
    }

    private static String word(Settings settings, String key, String otherwise) {
        return settings.text(key, new Problems()).orElse(otherwise).toLowerCase(Locale.ROOT);
    }

    private static Problem unknown(Draft draft, String key, String word, Collection<String> known) {
        return YamlErrors.notOneOf(
                draft.settings.place(key, draft.place), "Setting '" + key + "'", word, known);
    }

    /** The words for which a macro exists that can be used here. */
    Set<String> words() {
        Set<String> words = new TreeSet<>();
        for (String packageName : macros.packageNames()) {
            for (MacroLibrary.Macro macro : macros.macrosOf(packageName).values()) {
                if (macro.block().kind().equals("materialization")
                        && !packageName.equals(MacroLibrary.INTERNAL)
                        && !List.of("snapshot", "test").contains(macro.block().name())
                        && !FIXED.contains(macro.block().name())) {
                    words.add(macro.block().name());
                }
            }
        }
        return words;
    }
}
