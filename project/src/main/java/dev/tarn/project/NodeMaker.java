package dev.tarn.project;

import dev.tarn.model.Place;
import dev.tarn.model.Problem;
import dev.tarn.model.TableName;
import dev.tarn.model.TarnException;
import dev.tarn.model.graph.BuildRules;
import dev.tarn.model.graph.ExternalSpec;
import dev.tarn.model.graph.Materialization;
import dev.tarn.model.graph.Node;
import dev.tarn.model.graph.Node.CheckRules;
import dev.tarn.model.graph.Node.ColumnDoc;
import dev.tarn.model.graph.SqlText;
import dev.tarn.model.graph.UnitCase;
import dev.tarn.project.PropertyFile.ColumnEntry;
import dev.tarn.project.PropertyFile.NodeEntry;
import dev.tarn.project.PropertyFile.Words;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Makes the nodes of the graph from finished drafts. */
final class NodeMaker {

    /** In the place of a unit test that could not be made; the problem is told. */
    private static UnitCase unmade(Draft draft) {
        return new UnitCase(
                draft.dependsOn.stream().findFirst().orElse(draft.id),
                SqlText.of(""),
                List.of(),
                new UnitCase.Fixture(
                        "", Optional.empty(), List.of(), Optional.empty(), Place.of("")));
    }

    private final CompileScope scope;
    private final Path root;
    private final Problems problems;
    private final EphemeralInliner inliner;
    private final Materializations custom;
    private final FunctionInliner functions;

    NodeMaker(CompileScope scope, Problems problems) {
        this.scope = scope;
        this.root = scope.request().root().toAbsolutePath().normalize();
        this.problems = problems;
        this.inliner = new EphemeralInliner(scope.nodes());
        this.custom = Materializations.of(scope);
        this.functions = new FunctionInliner(scope.nodes());
    }

    Node make(Draft draft) {
        switch (draft.kind) {
            case SEED -> isOnly(draft, "seed");
            case SINGULAR, GENERIC -> isOnly(draft, "test");
            default -> {}
        }
        return switch (draft.kind) {
            case MODEL, SNAPSHOT -> model(draft);
            case SEED -> seed(draft);
            case SINGULAR, GENERIC -> check(draft);
            case UNIT -> unitTest(draft);
            case FUNCTION -> function(draft);
            case ANALYSIS -> throw new IllegalStateException("Analyses are compiled, not built");
        };
    }

    private void isOnly(Draft draft, String word) {
        draft.settings
                .find("materialized")
                .map(v -> v instanceof YamlValue.Scalar s ? s.text() : "")
                .filter(said -> !said.equals(word))
                .ifPresent(said ->
                        problems.add(
                                SnapshotErrors.nothingElse(
                                        draft.settings.place("materialized", draft.place),
                                        draft.inSentence(),
                                        said)));
    }

    Node make(SourceDraft draft) {
        Words words = draft.table().words();
        TableName relation = draft.relation();
        Map<String, String> properties =
                TableFormats.properties(draft.settings(), draft.place(), problems);
        Optional<ExternalSpec> external =
                draft.table()
                        .external()
                        .or(() ->
                                draft.table().ingest().isPresent()
                                        ? Optional.empty()
                                        : new ExternalLocation(draft, problems)
                                                .read()
                                                .or(draft::attached));
        String fingerprint =
                new Fingerprint("source")
                        .add(relation.toString())
                        .add(draft.table().ingest().map(i -> withoutPlace(i).toString()).orElse(""))
                        .add(
                                external.map(e ->
                                                e.location()
                                                        + e.format()
                                                        + e.timeZone()
                                                        + e.database())
                                        .orElse(""))
                        .build();
        Node.Common common =
                new Node.Common(
                        draft.id(),
                        draft.sourceName() + "." + draft.tableName(),
                        draft.packageName(),
                        draft.fqn(),
                        draft.place(),
                        List.of(),
                        draft.settings().texts("tags", problems),
                        described(words, draft.packageName()),
                        words.owner().or(() -> draft.source().words().owner()),
                        fingerprint);
        return new Node.Source(
                common,
                draft.sourceName(),
                relation,
                columns(draft.table().columns(), draft.packageName()),
                draft.table().ingest().map(i -> i.withTableProperties(properties)),
                external);
    }

    private static List<Object> withoutPlace(dev.tarn.model.graph.IngestSpec ingest) {
        return List.of(
                ingest.location(),
                ingest.format(),
                ingest.schemaPolicy(),
                new java.util.TreeMap<>(ingest.options()),
                new java.util.TreeMap<>(ingest.columnTypes()),
                ingest.partitioning(),
                ingest.connector(),
                ingest.ofFiles(),
                ingest.rules());
    }

    private Node model(Draft draft) {
        ModelSettings settings =
                new ModelSettings(draft.settings, draft.name, draft.place, problems);
        Materialization materialization =
                draft.kind == Draft.Kind.SNAPSHOT
                        ? snapshot(draft)
                        : written(draft, settings.materialization(custom, draft.packageName));
        if (draft.hasNoSchema && materialization.isKept()) {
            materialization = new Materialization.Custom(materialization.word());
        }
        if (draft.isPython()) {
            checkPython(draft, materialization);
        }
        BuildRules rules = rulesOf(draft);
        SqlText sql = inlined(draft, draft.full.orElse(SqlText.of("")));
        Optional<SqlText> incremental = draft.incremental.map(s -> inlined(draft, s));
        TableName relation = draft.relation.orElseThrow();
        var partitioning = settings.partitioning();
        var sortOrder = settings.sortOrder();
        Map<String, String> properties = settings.tableProperties();
        String fingerprint =
                new Fingerprint("model")
                        .add(relation.toString())
                        .add(materialization.toString())
                        .add(draft.asksForPeriod ? draft.text + sql.sql() : sql.sql())
                        .add(incremental.map(SqlText::sql).orElse(""))
                        .add(partitioning.toString())
                        .add(sortOrder.toString())
                        .add(properties)
                        .add(rules.contract().toString())
                        .add(rules.fullRefresh().toString())
                        .build();
        return new Node.Model(
                common(draft, fingerprint),
                relation,
                materialization,
                sql,
                incremental,
                partitioning,
                sortOrder,
                properties,
                columns(draft),
                Optional.empty(),
                rules);
    }

    /** With the file that its rows are written to, where that is asked for. */
    private Materialization written(Draft draft, Materialization found) {
        return found instanceof Materialization.Table
                        && ModelSettings.materialized(draft.settings).equals(ExternalModel.WORD)
                ? new Materialization.Table(
                        Optional.of(
                                new ExternalModel(draft, scope, problems)
                                        .read(draft.relation.orElseThrow())))
                : found;
    }

    /** Its settings must be right, whoever builds it. */
    private Materialization snapshot(Draft draft) {
        SnapshotSettings settings = new SnapshotSettings(draft, problems);
        Materialization own = settings.materialization();
        boolean byMacros =
                custom.find(own.word()).isPresent()
                        || custom.keepsHistories()
                        || !settings.isBuiltIn();
        return byMacros ? new Materialization.Custom(own.word()) : own;
    }

    private void checkPython(Draft draft, Materialization materialization) {
        Place at = draft.settings.place("materialized", draft.place);
        switch (materialization) {
            case Materialization.Table t -> {}
            case Materialization.Incremental i -> {
                if (i.strategy() instanceof Materialization.Strategy.Microbatch) {
                    problems.add(PythonErrors.microbatch(draft.place, draft.name));
                }
            }
            default ->
                    problems.add(PythonErrors.materialized(at, draft.name, materialization.word()));
        }
        if (new ContractReader(scope, draft, new Problems()).read().isPresent()) {
            problems.add(
                    PythonErrors.contract(
                            draft.settings.place("contract", draft.place), draft.name));
        }
    }

    /** With everything in it that it is made of. */
    private SqlText inlined(Draft draft, SqlText sql) {
        if (draft.isPython()) {
            return sql;
        }
        try {
            return functions.inline(inliner.inline(draft, sql));
        } catch (TarnException e) {
            problems.addAll(e.problems());
            return sql;
        }
    }

    /** A function's code is a call of it, which shows whether it can be called. */
    private Node function(Draft draft) {
        FunctionSignature signature = FunctionSignature.of(draft, problems);
        SqlText probe = functions.probe(draft);
        String fingerprint =
                new Fingerprint("function")
                        .add(signature.toString())
                        .add(draft.full.map(SqlText::sql).orElse(""))
                        .build();
        return new Node.Model(
                common(draft, fingerprint),
                draft.relation.orElseThrow(),
                new Materialization.Function(),
                probe,
                Optional.empty(),
                List.of(),
                List.of(),
                Map.of(),
                Map.of(),
                Optional.empty(),
                rulesOf(draft));
    }

    private BuildRules rulesOf(Draft draft) {
        Optional<Boolean> full =
                draft.settings
                        .find("full_refresh")
                        .map(v -> draft.settings.flag("full_refresh", false, problems));
        return new BuildRules(
                full,
                draft.before,
                header(draft),
                draft.after,
                draft.kind == Draft.Kind.MODEL
                        ? new ContractReader(scope, draft, problems).read()
                        : Optional.empty(),
                draft.kind == Draft.Kind.MODEL
                        ? new FreshnessReader(draft, problems).read()
                        : Optional.empty());
    }

    private Optional<SqlText> header(Draft draft) {
        return draft.settings
                .text("sql_header", problems)
                .filter(text -> !text.isBlank())
                .map(text ->
                        new SqlText(
                                text,
                                offset ->
                                        Optional.of(
                                                draft.settings.place("sql_header", draft.place))));
    }

    private Node unitTest(Draft draft) {
        UnitCase unit = unmade(draft);
        String reason = "the reason was told before the run.";
        UnitTestMaker maker = new UnitTestMaker(scope);
        try {
            maker.refusal(draft).ifPresent(problems::add);
            unit = maker.make(draft);
        } catch (TarnException e) {
            reason = unprepared(e.problems(), reason);
        } catch (dev.tarn.jinja.JinjaException e) {
            reason = unprepared(List.of(TemplateErrors.problem(e, draft.place)), reason);
        }
        String fingerprint =
                new Fingerprint("unit test")
                        .add(unit.sql().sql())
                        .add(unit.given().toString())
                        .add(unit.expect().toString())
                        .build();
        return new Node.Check(
                common(draft, fingerprint),
                SqlText.of(
                        "select error("
                                + RawColumns.literal(
                                        "This unit test could not be prepared: " + reason)
                                + ")"),
                "unit",
                Optional.of(unit.model()),
                Optional.empty(),
                CheckRules.DEFAULT,
                Optional.of(unit));
    }

    /** Told now, or when the test runs. */
    private String unprepared(List<Problem> found, String otherwise) {
        if (scope.request().failLate()) {
            return found.getFirst().toString();
        }
        problems.addAll(found);
        return otherwise;
    }

    private Node seed(Draft draft) {
        String delimiter = draft.settings.text("delimiter", problems).orElse(",");
        Optional<Problem> obstacle =
                delimiter.length() == 1
                        ? Optional.empty()
                        : Optional.of(
                                SeedErrors.delimiter(
                                        draft.settings.place("delimiter", draft.place),
                                        draft.name,
                                        delimiter));
        Map<String, String> types = draft.settings.textMap("column_types", problems);
        char separator = delimiter.isEmpty() ? ',' : delimiter.charAt(0);
        Map<String, String> properties =
                TableFormats.properties(draft.settings, draft.place, problems);
        Fingerprint fingerprint =
                new Fingerprint("seed").add(draft.relation.orElseThrow().toString()).add(delimiter);
        try {
            byte[] file = Files.readAllBytes(root.resolve(draft.file));
            if (new String(file, StandardCharsets.UTF_8).isBlank()) {
                obstacle = Optional.of(SeedErrors.empty(draft.place, draft.name));
            }
            SeedHeader header = SeedHeader.of(file, separator);
            if (obstacle.isEmpty() && !draft.settings.flag("quote_columns", true, problems)) {
                Place at = draft.settings.place("quote_columns", draft.place);
                obstacle = header.odd().map(c -> SeedErrors.unquoted(at, draft.name, c));
            }
            SeedTypes found = SeedTypes.of(file, separator, header);
            types = found.types(header, header.only(types));
            if (obstacle.isEmpty()) {
                obstacle = found.mistake().map(m -> SeedErrors.unreadable(draft.file, m));
            }
            fingerprint.add(types).add(file);
            draft.seedSum = Optional.of(Checksums.of(file, draft.file));
            if (!properties.isEmpty()) {
                fingerprint.add(properties);
            }
        } catch (IOException e) {
            problems.add(
                    ProjectErrors.unreadable(Place.of(draft.file), e.getClass().getSimpleName()));
        }
        return new Node.Seed(
                common(draft, fingerprint.build()),
                draft.relation.orElseThrow(),
                draft.file,
                separator,
                types,
                columns(draft),
                properties,
                rulesOf(draft),
                obstacle);
    }

    private Node check(Draft draft) {
        SqlText sql = inlined(draft, draft.full.orElse(SqlText.of("")));
        CheckRulesReader reader = new CheckRulesReader(draft, problems);
        CheckRules rules = reader.read();
        Optional<Problem> wrong = reader.wrong();
        if (wrong.isPresent()) {
            String reason = unprepared(List.of(wrong.get()), "the reason was told before the run.");
            sql = SqlText.of("select error(" + RawColumns.literal(reason) + ")");
        }
        String fingerprint = new Fingerprint("test").add(sql.sql()).add(rules.toString()).build();
        return new Node.Check(
                common(draft, fingerprint),
                sql,
                draft.subject.map(s -> kind(s.entry())).orElse("singular"),
                draft.subject.map(Draft.Subject::id),
                draft.subject.flatMap(Draft.Subject::column).map(ColumnEntry::name),
                rules);
    }

    private static String kind(PropertyFile.TestEntry entry) {
        return entry.namespace().map(n -> n + ".").orElse("") + entry.test();
    }

    private Node.Common common(Draft draft, String fingerprint) {
        List<String> tags = new ArrayList<>(draft.settings.texts("tags", problems));
        FactColumns.tags(draft).stream()
                .map(String::valueOf)
                .filter(t -> !tags.contains(t))
                .forEach(tags::add);
        Optional<String> owner =
                draft.entry.flatMap(e -> e.words().owner()).or(() -> metaOwner(draft.settings));
        Words words =
                draft.entry
                        .map(NodeEntry::words)
                        .or(() -> draft.subject.map(s -> s.entry().words()))
                        .orElse(
                                new Words(
                                        "",
                                        draft.place,
                                        List.of(),
                                        Optional.empty(),
                                        Optional.empty()));
        draft.description =
                Optional.of(
                        draft.unit.isPresent()
                                ? draft.described()
                                : described(words, draft.packageName));
        return new Node.Common(
                draft.id,
                draft.name,
                draft.packageName,
                draft.fqn,
                draft.place,
                new ArrayList<>(draft.dependsOn),
                draft.readings.whole(),
                tags,
                draft.description.get(),
                owner,
                fingerprint);
    }

    private static Optional<String> metaOwner(Settings settings) {
        return settings.find("meta")
                .filter(YamlValue.Mapping.class::isInstance)
                .flatMap(m -> ((YamlValue.Mapping) m).find("owner"))
                .flatMap(e -> PropertyFileReader.owner(Optional.of(e.value())));
    }

    private Map<String, ColumnDoc> columns(Draft draft) {
        Map<String, ColumnDoc> columns =
                columns(draft.entry.map(NodeEntry::columns).orElse(List.of()), draft.packageName);
        Map<String, String> described = new LinkedHashMap<>();
        columns.forEach((name, doc) -> described.put(name, doc.description()));
        draft.descriptions = described;
        return columns;
    }

    private Map<String, ColumnDoc> columns(List<ColumnEntry> entries, String packageName) {
        Map<String, ColumnDoc> columns = new LinkedHashMap<>();
        for (ColumnEntry entry : entries) {
            columns.put(
                    entry.name(),
                    new ColumnDoc(
                            entry.name(),
                            described(entry.words(), packageName),
                            entry.dataType(),
                            entry.words().tags()));
        }
        return columns;
    }

    private String described(Words words, String packageName) {
        return new Descriptions(scope, problems).of(words, packageName);
    }
}
