package dev.tarn.project;

import dev.tarn.model.Place;
import dev.tarn.model.graph.Manifest;
import dev.tarn.project.Declarations.Declared;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Puts together what a project says about its nodes, and what else it declares. */
final class ManifestMaker {
    /** The block that pages of documentation begin with; projects may write their own. */
    private static final String OVERVIEW = "__overview__";

    private static final String WELCOME =
            """
            ### Documentation of this project

            What the models, sources, seeds, snapshots and tests of the project are, what they say
            of their columns, and what each is made of. A docs block called `__overview__` in a
            Markdown file of the project takes the place of this text.\
            """;

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
                unitTests.put(
                        draft.id.value(),
                        unitTest(draft, scope.target().get("schema"), new FixtureFiles(scope)));
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
        sections.put("macros", new MacroFacts(scope).all());
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
        sections.put("selectors", SelectorFacts.of(scope.request()));
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
        for (SourceDraft source : scope.nodes().sources()) {
            if (!source.enabled()) {
                disabled.put(source.id().value(), facts(source));
            }
        }
        for (Declared declared : scope.declarations().disabled()) {
            Map<Object, @Nullable Object> facts = new DeclaredFacts(scope).of(declared);
            disabled.put(String.valueOf(facts.get("unique_id")), facts);
        }
        return disabled;
    }

    private Map<String, Map<Object, @Nullable Object>> docs() {
        Map<String, Map<Object, @Nullable Object>> docs = new LinkedHashMap<>();
        List<DocsBlocks.Block> blocks = new ArrayList<>(scope.docs().all());
        if (scope.docs().in(MacroLibrary.INTERNAL, OVERVIEW).isEmpty()) {
            blocks.add(
                    new DocsBlocks.Block(
                            MacroLibrary.INTERNAL,
                            OVERVIEW,
                            Place.of("docs/overview.md"),
                            WELCOME));
        }
        for (DocsBlocks.Block block : blocks) {
            Map<Object, @Nullable Object> facts = new LinkedHashMap<>();
            facts.put("name", block.name());
            facts.put("resource_type", "doc");
            facts.put("package_name", block.packageName());
            facts.put("path", FactTexts.below(block.file()));
            facts.put("original_file_path", block.file());
            facts.put("unique_id", block.id());
            facts.put("block_contents", block.text());
            docs.put(block.id(), facts);
        }
        return docs;
    }

    private static Map<Object, @Nullable Object> unitTest(
            Draft draft, @Nullable Object schema, FixtureFiles fixtures) {
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
        boolean plain = unit.overrides().values().stream().allMatch(Map::isEmpty);
        facts.put("overrides", plain ? null : overrides);
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
        List<Object> whole = new ArrayList<>(given);
        whole.add(facts.get("expect"));
        whole.add(overrides);
        List<UnitTestReader.RowsEntry> entries = new ArrayList<>(unit.given());
        entries.add(unit.expect());
        for (UnitTestReader.RowsEntry rows : entries) {
            rows.fixture().flatMap(f -> fixtures.text(f, rows.format())).ifPresent(whole::add);
        }
        facts.put("checksum", Checksums.of(whole.toString()).get("checksum"));
        facts.put("schema", schema);
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
