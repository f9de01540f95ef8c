package dev.tarn.project;

import dev.tarn.model.graph.Manifest;
import dev.tarn.project.Declarations.Declared;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Puts together what a project says about its nodes, and what else it declares. */
final class ManifestMaker {
    private final CompileScope scope;

    ManifestMaker(CompileScope scope) {
        this.scope = scope;
    }

    Manifest make() {
        Map<String, Map<String, Map<Object, @Nullable Object>>> sections = new LinkedHashMap<>();
        Map<String, Map<Object, @Nullable Object>> nodes = new LinkedHashMap<>();
        Map<String, Map<Object, @Nullable Object>> unitTests = new LinkedHashMap<>();
        Map<String, Map<Object, @Nullable Object>> functions = new LinkedHashMap<>();
        for (Draft draft : scope.nodes().drafts()) {
            if (draft.kind == Draft.Kind.UNIT) {
                unitTests.put(draft.id.value(), unitTest(draft));
            } else if (draft.kind == Draft.Kind.FUNCTION) {
                functions.put(draft.id.value(), draft.asMap());
            } else {
                nodes.put(draft.id.value(), draft.asMap());
            }
        }
        nodes.putAll(ProjectHooks.facts(scope));
        sections.put("nodes", nodes);
        Map<String, Map<Object, @Nullable Object>> sources = new LinkedHashMap<>();
        for (SourceDraft source : scope.nodes().sources()) {
            if (source.enabled()) {
                sources.put(source.id().value(), facts(source));
            }
        }
        sections.put("sources", sources);
        sections.put("macros", macros());
        sections.put("docs", docs());
        for (String kind :
                List.of("exposures", "groups", "metrics", "saved_queries", "semantic_models")) {
            Map<String, Map<Object, @Nullable Object>> things = new LinkedHashMap<>();
            for (Declared declared : scope.declarations().of(kind)) {
                Map<Object, @Nullable Object> facts = new DeclaredFacts(scope).of(declared);
                if (kind.equals("semantic_models")) {
                    facts = new SemanticManifest(scope).whole(facts);
                }
                things.put(String.valueOf(facts.get("unique_id")), facts);
            }
            sections.put(kind, things);
        }
        sections.put("disabled", disabled());
        sections.put("unit_tests", unitTests);
        sections.put("functions", functions);
        Map<String, Map<Object, @Nullable Object>> semantic = new LinkedHashMap<>();
        semantic.put("semantic_manifest", new SemanticManifest(scope).make());
        sections.put("semantic_manifest", semantic);
        return new Manifest(sections);
    }

    private Map<Object, @Nullable Object> facts(SourceDraft source) {
        Descriptions said = new Descriptions(scope, new Problems());
        Map<Object, @Nullable Object> facts = source.asMap();
        String packageName = source.packageName();
        facts.put("description", said.of(source.table().words(), packageName));
        facts.put("source_description", said.of(source.source().words(), packageName));
        facts.put(
                "columns",
                FactColumns.columns(
                        source.table().columns(),
                        packageName,
                        c -> said.of(c.words(), packageName)));
        return facts;
    }

    /** By id; several with one id have a number behind it. */
    private Map<String, Map<Object, @Nullable Object>> disabled() {
        Map<String, Map<Object, @Nullable Object>> disabled = new LinkedHashMap<>();
        for (Draft draft : scope.nodes().disabledDrafts()) {
            String id = draft.id.value();
            int same = 1;
            while (disabled.containsKey(id)) {
                same++;
                id = draft.id.value() + "#" + same;
            }
            disabled.put(id, draft.asMap());
        }
        for (Declared declared : scope.declarations().disabled()) {
            Map<Object, @Nullable Object> facts = new DeclaredFacts(scope).of(declared);
            disabled.put(String.valueOf(facts.get("unique_id")), facts);
        }
        return disabled;
    }

    private Map<String, Map<Object, @Nullable Object>> macros() {
        Map<String, Map<Object, @Nullable Object>> macros = new LinkedHashMap<>();
        Map<String, Declared> described = new LinkedHashMap<>();
        for (Declared d : scope.declarations().of("macros")) {
            described.put("macro." + d.packageName() + "." + d.thing().name(), d);
        }
        for (String packageName : scope.macros().packageNames()) {
            scope.macros()
                    .macrosOf(packageName)
                    .forEach((name, macro) -> {
                        String id = "macro." + packageName + "." + name;
                        Map<Object, @Nullable Object> facts = new LinkedHashMap<>();
                        facts.put("name", name);
                        facts.put("resource_type", "macro");
                        facts.put("package_name", packageName);
                        facts.put("path", FactTexts.inPackage(macro.place().file()));
                        facts.put("original_file_path", FactTexts.inPackage(macro.place().file()));
                        facts.put("unique_id", id);
                        facts.put("macro_sql", macro.block().text());
                        Map<Object, @Nullable Object> depends = new LinkedHashMap<>();
                        depends.put(
                                "macros",
                                FactTexts.calledMacros(
                                        macro.block().bodyText(), packageName, scope.macros()));
                        facts.put("depends_on", depends);
                        Optional<Declared> patch = Optional.ofNullable(described.get(id));
                        Optional<YamlValue.Mapping> said = patch.map(d -> d.thing().mapping());
                        Descriptions words = new Descriptions(scope, new Problems());
                        facts.put("description", patch.flatMap(words::of).orElse(""));
                        facts.put(
                                "meta",
                                said.flatMap(m -> m.find("meta"))
                                        .map(e -> e.value().plain())
                                        .orElseGet(LinkedHashMap::new));
                        Map<Object, @Nullable Object> docs = new LinkedHashMap<>();
                        docs.put("show", true);
                        docs.put("node_color", null);
                        facts.put("docs", docs);
                        facts.put("patch_path", null);
                        facts.put(
                                "arguments",
                                said.flatMap(m -> m.find("arguments"))
                                        .map(e -> e.value().plain())
                                        .orElseGet(ArrayList::new));
                        facts.put("created_at", 0.0);
                        facts.put("supported_languages", null);
                        macros.put(id, facts);
                    });
        }
        return macros;
    }

    private Map<String, Map<Object, @Nullable Object>> docs() {
        Map<String, Map<Object, @Nullable Object>> docs = new LinkedHashMap<>();
        scope.docs()
                .forEach((name, text) -> {
                    String id = "doc." + scope.root().name() + "." + name;
                    Map<Object, @Nullable Object> facts = new LinkedHashMap<>();
                    facts.put("name", name);
                    facts.put("resource_type", "doc");
                    facts.put("package_name", scope.root().name());
                    facts.put("path", "");
                    facts.put("original_file_path", "");
                    facts.put("unique_id", id);
                    facts.put("block_contents", text);
                    docs.put(id, facts);
                });
        return docs;
    }

    private static Map<Object, @Nullable Object> unitTest(Draft draft) {
        UnitTestReader.UnitEntry unit = draft.unit.orElseThrow();
        Map<Object, @Nullable Object> facts = new LinkedHashMap<>();
        facts.put("model", unit.model());
        List<Object> given = new ArrayList<>();
        unit.given().forEach(g -> given.add(rows(g, true)));
        facts.put("given", given);
        facts.put("expect", rows(unit.expect(), false));
        String name = draft.name;
        facts.put(
                "name",
                unit.version()
                        .map(v -> name.substring(0, name.length() - v.length() - 2))
                        .orElse(name));
        facts.put("resource_type", "unit_test");
        facts.put("package_name", draft.packageName);
        facts.put("path", FactTexts.below(draft.file));
        facts.put("original_file_path", FactTexts.inPackage(draft.file));
        facts.put("unique_id", draft.id.value());
        facts.put("fqn", new ArrayList<>(draft.fqn));
        facts.put("description", unit.description());
        Map<Object, @Nullable Object> overrides = new LinkedHashMap<>();
        unit.overrides().forEach(overrides::put);
        facts.put("overrides", overrides);
        Map<Object, @Nullable Object> depends = new LinkedHashMap<>();
        depends.put("macros", new ArrayList<>());
        List<Object> nodes = new ArrayList<>();
        draft.dependsOn.forEach(id -> nodes.add(id.value()));
        depends.put("nodes", nodes);
        facts.put("depends_on", depends);
        Map<Object, @Nullable Object> config = new LinkedHashMap<>();
        config.put("tags", new ArrayList<>());
        config.put("meta", new LinkedHashMap<>());
        config.put("enabled", true);
        draft.settings.plain().forEach(config::put);
        facts.put("config", config);
        facts.put("checksum", Checksums.of(given.toString()).get("checksum"));
        facts.put("schema", "");
        facts.put("created_at", 0.0);
        facts.put("versions", unit.versions().map(UnitTestVersions::asMap).orElse(null));
        facts.put("version", unit.version().map(UnitTestVersions::plain).orElse(null));
        return facts;
    }

    private static Map<Object, @Nullable Object> rows(
            UnitTestReader.RowsEntry rows, boolean input) {
        Map<Object, @Nullable Object> facts = new LinkedHashMap<>();
        if (input) {
            facts.put("input", rows.input());
        }
        facts.put("rows", rows.rows().plain());
        facts.put("format", rows.format());
        facts.put("fixture", rows.fixture().orElse(null));
        return facts;
    }
}
