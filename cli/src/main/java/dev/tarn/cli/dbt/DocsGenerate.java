package dev.tarn.cli.dbt;

import dev.tarn.app.At;
import dev.tarn.app.ColumnFacts;
import dev.tarn.app.NodeKind;
import dev.tarn.app.TableReport;
import dev.tarn.cli.Console;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.TableName;
import dev.tarn.model.TarnException;
import dev.tarn.model.graph.Node;
import dev.tarn.model.graph.NodeId;
import dev.tarn.model.graph.Project;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code docs generate}: what there is to know of the project and its tables, and a page of it. */
final class DocsGenerate extends Verb {
    @Mixin Nodes nodes = new Nodes();

    @Option(names = "--compile", negatable = true, defaultValue = "true", fallbackValue = "true")
    boolean compile = true;

    @Option(names = "--empty-catalog", negatable = true)
    boolean emptyCatalog;

    @Option(names = "--static", negatable = true)
    boolean isStatic;

    DocsGenerate(Console console, Stopping stopping) {
        super(console, stopping);
    }

    @Override
    int run(Session session) {
        Project project = session.greet();
        List<NodeId> chosen = session.selectIds(nodes);
        List<Node> selected = session.withSources(chosen, nodes, EnumSet.allOf(NodeKind.class));
        Artifacts artifacts = session.artifacts();
        if (compile) {
            compile(session, project, selected, Analyses.of(project, chosen, nodes));
        }
        Map<Node, TableReport> tables = new LinkedHashMap<>();
        if (!emptyCatalog) {
            session.log().info("Building catalog");
            // Without code the selection means nothing, as in dbt.
            Set<Node> shown = Set.copyOf(selected);
            for (Node node : project.nodes().values()) {
                if (!compile || shown.contains(node)) {
                    relation(node)
                            .flatMap(name -> report(session, name))
                            .ifPresent(r -> tables.put(node, r));
                }
            }
        }
        artifacts.catalog(project, tables, session.now());
        DocsPage.write(session.target());
        if (isStatic) {
            DocsPage.writeStatic(session.target());
        }
        session.log().info("Catalog written to " + session.target().resolve("catalog.json"));
        return DONE;
    }

    private void compile(Session session, Project project, List<Node> selected, Analyses analyses) {
        Map<NodeId, Node> compiled = session.complete(selected);
        Artifacts artifacts = session.artifacts();
        List<Map<String, @Nullable Object>> results = new ArrayList<>();
        analyses.compile(session)
                .forEach((analysis, code) -> {
                    artifacts.analysis(analysis, code.orThrow());
                    results.add(
                            NodeResults.compiled(
                                    analysis.id(), code.sql(), Optional.empty(), null));
                });
        artifacts.manifest(project, compiled.values(), columns(session), session.now());
        artifacts.code(project, compiled.values(), false);
        for (Node node : compiled.values()) {
            if (hasResult(node)) {
                results.add(
                        NodeResults.compiled(
                                node.id(),
                                Artifacts.code(node),
                                Optional.empty(),
                                project.manifest().node(node.id()).get("relation_name")));
            }
        }
        session.asked("generate", Map.of("static", isStatic, "empty_catalog", emptyCatalog));
        artifacts.runResults(results, session.args(nodes), session.elapsed(), session.now());
    }

    private static boolean hasResult(Node node) {
        return !(node instanceof Node.Source)
                && !(node instanceof Node.Check check && check.isUnit())
                && !NodeResults.isPart(node);
    }

    /** A project that cannot be bound has none. */
    private static Map<NodeId, List<ColumnFacts>> columns(Session session) {
        try {
            return session.tarn().columnFacts();
        } catch (TarnException e) {
            return Map.of();
        }
    }

    private static Optional<TableReport> report(Session session, TableName name) {
        try {
            return Optional.of(session.tarn().table(name, At.MAIN));
        } catch (TarnException e) {
            if (e.code() == ErrorCode.TABLE_NOT_FOUND) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private static Optional<TableName> relation(Node node) {
        return switch (node) {
            case Node.Source s -> Optional.of(s.relation());
            case Node.Seed s -> Optional.of(s.relation());
            case Node.Model m -> Optional.of(m.relation());
            case Node.Check c -> Optional.empty();
        };
    }
}
