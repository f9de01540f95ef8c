package dev.tarn.cli.dbt;

import dev.tarn.app.At;
import dev.tarn.app.Freshness;
import dev.tarn.cli.Console;
import dev.tarn.model.Problem;
import dev.tarn.model.TarnException;
import dev.tarn.model.graph.Project;
import java.util.List;
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
                                || finding.status() == Freshness.Status.RUNTIME_ERROR;
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

    /** {@code debug}. */
    static final class Debug extends Verb {
        @Option(names = "--config-dir", negatable = true)
        boolean configDir;

        @Option(names = "--connection", negatable = true)
        boolean connection;

        Debug(Console console, Stopping stopping) {
            super(console, stopping);
        }

        /** Whether a mistake is in what says where data is. */
        private static boolean keepsAway(Problem problem) {
            String file = problem.place().map(p -> p.file()).orElse("");
            return file.endsWith("profiles.yml") || file.equals("dbt_project.yml");
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
                Project project = session.tarn().project();
                if (connection) {
                    return connected(session, log);
                }
                log.info("  dbt_project.yml file [OK found and valid]");
                log.info("  schema: " + project.defaultSchema());
            } catch (TarnException e) {
                if (connection && e.problems().stream().noneMatch(Debug::keepsAway)) {
                    return connected(session, log);
                }
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
