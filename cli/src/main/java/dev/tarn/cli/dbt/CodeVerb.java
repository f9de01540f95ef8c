package dev.tarn.cli.dbt;

import dev.tarn.app.Answer;
import dev.tarn.app.BuildOptions;
import dev.tarn.app.BuildRequest;
import dev.tarn.app.NodeKind;
import dev.tarn.cli.Console;
import dev.tarn.cli.output.Json;
import dev.tarn.model.Problem;
import dev.tarn.model.RefName;
import dev.tarn.model.TarnException;
import dev.tarn.model.graph.Node;
import dev.tarn.model.graph.NodeId;
import dev.tarn.model.graph.Project;
import dev.tarn.model.graph.SqlText;
import dev.tarn.model.table.Schema;
import dev.tarn.run.Cancellation;
import dev.tarn.run.FailureText;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows code, or the rows it gives: compile, parse and show. */
final class CodeVerb extends Verb {
    private final String name;

    @Mixin Nodes nodes = new Nodes();

    @Option(names = "--inline")
    Optional<String> inline = Optional.empty();

    /** SQL that is no template. */
    @Option(names = "--inline-direct")
    Optional<String> direct = Optional.empty();

    @Option(names = "--limit")
    int limit = 5;

    @Option(names = "--output")
    String output = "text";

    @Option(
            names = {"-f", "--full-refresh"},
            negatable = true)
    boolean fullRefresh;

    /**
     * Code names its inputs whole: a run narrows what the names mean, so the code stays as it is.
     */
    @Option(names = "--empty", negatable = true)
    boolean empty;

    CodeVerb(Console console, Stopping stopping, String name) {
        super(console, stopping);
        this.name = name;
    }

    /**
     * What is only looked at; what is wrong with the code of one node is told where it is wanted.
     */
    static BuildRequest request(String verb, boolean full, BuildOptions options) {
        return new BuildRequest(
                verb,
                Set.of(NodeKind.values()),
                List.of(),
                List.of(),
                RefName.MAIN,
                full,
                false,
                Optional.empty(),
                options);
    }

    @Override
    int run(Session session) {
        if (!output.equals("text") && !output.equals("json")) {
            throw DbtErrors.output(output, "text, json");
        }
        session.tarn().prepare(request(name, fullRefresh, session.buildOptions(nodes)));
        Project project = session.greet();
        if (direct.isPresent() && name.equals("show")) {
            one(session, "inline", direct.get(), true);
            return DONE;
        }
        if (inline.isPresent()) {
            one(session, "inline", session.tarn().operations().inline(inline.get()), true);
            return DONE;
        }
        if (name.equals("parse")) {
            if (session.options().writeJson) {
                session.artifacts().manifest(project, List.of(), session.now());
            }
            return DONE;
        }
        List<NodeId> chosen = session.selectIds(nodes);
        Analyses analyses = Analyses.of(project, chosen, nodes);
        List<Node> selected =
                session.among(
                        chosen,
                        nodes,
                        name.equals("show")
                                ? EnumSet.of(
                                        NodeKind.MODEL,
                                        NodeKind.SEED,
                                        NodeKind.SNAPSHOT,
                                        NodeKind.CHECK,
                                        NodeKind.UNIT)
                                : EnumSet.of(
                                        NodeKind.MODEL,
                                        NodeKind.SEED,
                                        NodeKind.SNAPSHOT,
                                        NodeKind.CHECK));
        if (name.equals("show")) {
            List<Node> models = selected.stream().filter(n -> !(n instanceof Node.Check)).toList();
            List<Node> shown = models.isEmpty() || nodes.select.isEmpty() ? selected : models;
            if (nodes.select.isEmpty()) {
                throw DbtErrors.nothingToShow();
            }
            if (shown.isEmpty() && analyses.isEmpty()) {
                session.log().line(Display.NOTHING_TO_DO);
            }
            analyses.compile(session)
                    .forEach((analysis, sql) ->
                            rows(session, analysis.name(), Optional.empty(), sql.orThrow(), false));
            SeedRows.load(session, nodes, shown);
            for (Node node : session.tarn().complete(shown, false)) {
                Optional<SqlText> header =
                        node instanceof Node.Model model
                                ? model.rules().header()
                                : Optional.empty();
                rows(session, shownName(project, node), header, shownCode(session, node), false);
            }
            return DONE;
        }
        Map<NodeId, Node> compiled = new LinkedHashMap<>();
        List<String> wrong = new ArrayList<>();
        List<Map<String, @Nullable Object>> results = new ArrayList<>();
        for (Node node : selected) {
            Optional<String> code = Optional.empty();
            Optional<String> failure = Optional.empty();
            try {
                Node complete = session.tarn().complete(List.of(node), false).getFirst();
                compiled.put(node.id(), complete);
                code = Artifacts.code(complete);
            } catch (TarnException e) {
                failure = Optional.of(FailureText.of(node, reason(e)).toString());
            }
            failure.ifPresent(wrong::add);
            Object relation = project.manifest().node(node.id()).get("relation_name");
            if (!NodeResults.isPart(node) || failure.isPresent()) {
                results.add(NodeResults.compiled(node.id(), code, failure, relation));
            }
        }
        Artifacts artifacts = session.artifacts();
        Map<Analyses.Analysis, Analyses.Code> looks = analyses.compile(session);
        looks.forEach((analysis, code) -> {
            Optional<String> failure =
                    code.error().map(e -> analysis.failure(reason(e)).toString());
            failure.ifPresent(wrong::add);
            results.add(NodeResults.compiled(analysis.id(), code.sql(), failure, null));
            code.sql().ifPresent(sql -> artifacts.analysis(analysis, sql));
        });
        if (session.options().writeJson) {
            artifacts.manifest(project, compiled.values(), session.now());
            session.asked(name, Map.of("full_refresh", fullRefresh));
            artifacts.runResults(results, session.args(nodes), session.elapsed(), session.now());
        }
        artifacts.code(project, compiled.values(), false);
        if (!nodes.select.isEmpty()) {
            compiled.values().stream()
                    .filter(n -> !(n instanceof Node.Check) || compiled.size() == 1)
                    .forEach(n ->
                            one(
                                    session,
                                    shownName(project, n),
                                    Artifacts.code(n).orElse(""),
                                    false));
            looks.forEach((analysis, code) ->
                    code.sql().ifPresent(sql -> one(session, analysis.name(), sql, false)));
        }
        if (!wrong.isEmpty()) {
            session.log().line("Encountered an error:");
            wrong.forEach(session.log()::line);
            return WRONG;
        }
        return DONE;
    }

    /** One version of a model is told from the others. */
    private static String shownName(Project project, Node node) {
        Object version = project.manifest().node(node.id()).get("version");
        return version == null ? node.name() : node.name() + ".v" + version;
    }

    private static String reason(TarnException e) {
        return e.problems().stream().map(Problem::toString).collect(Collectors.joining("\n"));
    }

    /** Seeds are shown as they were loaded. */
    private static String shownCode(Session session, Node node) {
        return node instanceof Node.Seed seed
                ? SeedRows.query(session, seed)
                : Artifacts.code(node).orElse("");
    }

    private void one(Session session, String node, String sql, boolean isInline) {
        if (name.equals("show")) {
            rows(session, node, Optional.empty(), sql, isInline);
            return;
        }
        if (output.equals("json")) {
            Map<String, @Nullable Object> json = new LinkedHashMap<>();
            if (!isInline) {
                json.put("node", node);
            }
            json.put("compiled", sql);
            Json.print(json, console().out());
            return;
        }
        session.log()
                .info(isInline ? "Compiled inline node is:" : "Compiled node '" + node + "' is:");
        session.log().plain(sql + "\n");
    }

    private void rows(
            Session session, String node, Optional<SqlText> header, String sql, boolean isInline) {
        // A header that is the beginning of a query has it as its end.
        Optional<SqlText> beginning =
                header.filter(h -> h.sql().strip().toLowerCase(Locale.ROOT).startsWith("with"));
        String whole = beginning.map(h -> h.sql() + "\n" + sql).orElse(sql);
        String query = limit < 0 ? whole : "select * from (\n" + whole + "\n) limit " + limit;
        Schema schema;
        List<List<@Nullable Object>> rows = new ArrayList<>();
        try (Answer answer =
                session.tarn()
                        .preview(
                                beginning.isPresent() ? Optional.empty() : header,
                                SqlText.of(query),
                                new Cancellation())) {
            schema = answer.schema();
            while (answer.next()) {
                rows.add(answer.row());
            }
        }
        if (output.equals("json")) {
            List<Map<String, @Nullable Object>> shown = new ArrayList<>();
            for (List<@Nullable Object> row : rows) {
                Map<String, @Nullable Object> one = new LinkedHashMap<>();
                for (int i = 0; i < row.size(); i++) {
                    one.put(schema.names().get(i), PythonTimes.shown(row.get(i)));
                }
                shown.add(one);
            }
            Map<String, @Nullable Object> json = new LinkedHashMap<>();
            if (!isInline) {
                json.put("node", node);
            }
            json.put("show", shown);
            Json.print(json, console().out());
            return;
        }
        session.log()
                .info(isInline ? "Previewing inline node:" : "Previewing node '" + node + "':");
        session.log().plain(new Preview(schema, rows).text());
    }
}
