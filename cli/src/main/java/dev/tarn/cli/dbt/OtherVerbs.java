package dev.tarn.cli.dbt;

import dev.tarn.app.At;
import dev.tarn.app.ColumnFacts;
import dev.tarn.app.Freshness;
import dev.tarn.app.NodeKind;
import dev.tarn.app.TableReport;
import dev.tarn.cli.Console;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.TableName;
import dev.tarn.model.TarnException;
import dev.tarn.model.graph.Node;
import dev.tarn.model.graph.NodeId;
import dev.tarn.model.graph.Project;
import dev.tarn.project.PreviousState;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Verbs of a few lines each. */
final class OtherVerbs {
    private OtherVerbs() {}

    /** {@code source freshness}. */
    static final class SourceFreshness extends Verb {
        @Mixin Nodes nodes = new Nodes();

        @Option(names = {"-o", "--output"})
        Optional<String> output = Optional.empty();

        SourceFreshness(Console console, Stopping stopping) {
            super(console, stopping);
        }

        @Override
        int run(Session session) {
            Project project = session.greet();
            List<Freshness.Finding> findings =
                    session.tarn().freshness(nodes.select, nodes.exclude);
            int index = 0;
            boolean failed = false;
            session.refuseWarnings();
            for (Freshness.Finding finding : findings) {
                index++;
                String name = finding.source().name();
                failed |=
                        finding.status() == Freshness.Status.ERROR
                                || finding.status() == Freshness.Status.RUNTIME_ERROR
                                || (finding.status() == Freshness.Status.WARN
                                        && session.warnErrors().fails(WarnErrors.FRESHNESS));
                String word =
                        switch (finding.status()) {
                            case PASS -> "PASS";
                            case WARN -> "WARN";
                            case ERROR -> "ERROR STALE";
                            case RUNTIME_ERROR -> "ERROR";
                        };
                session.log()
                        .line(
                                Log.fancy(
                                        index,
                                        findings.size(),
                                        word + " freshness of " + name,
                                        word));
                finding.message().ifPresent(m -> session.log().line("  " + m));
            }
            session.artifacts(output).sources(findings, session.elapsed(), session.now());
            session.artifacts().manifest(project, List.of(), session.now());
            session.log().info("Done.");
            return failed ? FAILED : DONE;
        }
    }

    /** {@code docs generate}. */
    static final class DocsGenerate extends Verb {
        @Mixin Nodes nodes = new Nodes();

        @Option(
                names = "--compile",
                negatable = true,
                defaultValue = "true",
                fallbackValue = "true")
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
            List<Node> selected = session.select(nodes, EnumSet.allOf(NodeKind.class));
            var compiled = session.complete(selected);
            Artifacts artifacts = session.artifacts();
            if (compile) {
                artifacts.manifest(project, compiled.values(), columns(session), session.now());
                artifacts.code(project, compiled.values(), false);
            }
            Map<Node, TableReport> tables = new LinkedHashMap<>();
            if (!emptyCatalog) {
                for (Node node : project.nodes().values()) {
                    relation(node)
                            .flatMap(name -> report(session, name))
                            .ifPresent(r -> tables.put(node, r));
                }
            }
            artifacts.catalog(project, tables, session.now());
            session.log().info("Building catalog");
            session.log().info("Catalog written to " + session.target().resolve("catalog.json"));
            return DONE;
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

    /** {@code clone}. */
    static final class Clone extends Verb {
        @Mixin Nodes nodes = new Nodes();

        @Option(
                names = {"-f", "--full-refresh"},
                negatable = true)
        boolean fullRefresh;

        Clone(Console console, Stopping stopping) {
            super(console, stopping);
        }

        @Override
        int run(Session session) {
            Project unused = session.greet();
            PreviousState state =
                    session.state(options.state).orElseThrow(() -> DbtErrors.needsState("clone"));
            List<Node> selected =
                    session.select(
                            nodes, EnumSet.of(NodeKind.MODEL, NodeKind.SEED, NodeKind.SNAPSHOT));
            List<TableName> made = session.tarn().copyFrom(state, selected, fullRefresh);
            made.forEach(t -> session.log().info("Cloned " + t));
            session.log().info("Done. " + made.size() + " relations cloned.");
            return DONE;
        }
    }

    /** {@code debug}. */
    static final class Debug extends Verb {
        @Option(names = "--config-dir", negatable = true)
        boolean configDir;

        @Option(names = "--connection", negatable = true)
        boolean connection;

        Debug(Console console, Stopping stopping) {
            super(console, stopping);
        }

        @Override
        int run(Session session) {
            Log log = session.log();
            if (configDir) {
                log.line(
                        "To view your profiles.yml file, run:\n\nopen "
                                + options.profilesDir
                                        .map(d -> console().directory().resolve(d))
                                        .orElse(session.directory()));
                return DONE;
            }
            log.info("Running with dbt=" + Artifacts.DBT_VERSION);
            log.info("adapter type: duckdb (embedded in Tarn)");
            log.info(
                    "Using dbt_project.yml file at "
                            + session.directory().resolve("dbt_project.yml"));
            try {
                if (connection) {
                    return connected(session, log);
                }
                Project project = session.tarn().project();
                log.info("  dbt_project.yml file [OK found and valid]");
                log.info("  schema: " + project.defaultSchema());
            } catch (TarnException e) {
                log.line("  dbt_project.yml file [ERROR invalid]");
                e.problems().forEach(p -> log.line("  " + p));
                return FAILED;
            }
            return connected(session, log);
        }

        private static int connected(Session session, Log log) {
            log.info("  warehouse: " + session.tarn().settings().warehouse());
            int unused = session.tarn().tables(At.MAIN).size();
            log.info("Connection test: [OK connection ok]");
            log.info("");
            log.info("All checks passed!");
            return DONE;
        }
    }
}
