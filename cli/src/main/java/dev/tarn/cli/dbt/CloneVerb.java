package dev.tarn.cli.dbt;

import dev.tarn.app.NodeKind;
import dev.tarn.cli.Console;
import dev.tarn.model.TableName;
import dev.tarn.model.graph.Materialization;
import dev.tarn.model.graph.Node;
import dev.tarn.model.graph.Project;
import dev.tarn.project.PreviousState;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code clone}: tables of an earlier run, under the names of this one. */
final class CloneVerb extends Verb {
    @Mixin Nodes nodes = new Nodes();

    @Option(
            names = {"-f", "--full-refresh"},
            negatable = true)
    boolean fullRefresh;

    CloneVerb(Console console, Stopping stopping) {
        super(console, stopping);
    }

    @Override
    int run(Session session) {
        Project project = session.greet();
        PreviousState state =
                session.state(options.state).orElseThrow(() -> DbtErrors.needsState("clone"));
        List<Node> selected =
                session
                        .select(nodes, EnumSet.of(NodeKind.MODEL, NodeKind.SEED, NodeKind.SNAPSHOT))
                        .stream()
                        .filter(CloneVerb::isRelation)
                        .toList();
        session.asked("clone", Map.of("full_refresh", fullRefresh));
        List<TableName> made = session.tarn().copyFrom(state, selected, fullRefresh);
        made.forEach(t -> session.log().info("Cloned " + t));
        if (session.options().writeJson) {
            // What was there already, or not there before, is no mistake.
            List<Map<String, @Nullable Object>> results =
                    selected.stream()
                            .map(n ->
                                    NodeResults.cloned(
                                            n,
                                            project.manifest().node(n.id()).get("relation_name")))
                            .toList();
            session.artifacts().manifest(project, List.of(), session.now());
            session.artifacts()
                    .runResults(results, session.args(nodes), session.elapsed(), session.now());
        }
        session.log().info("");
        session.log().info("Completed successfully");
        session.log().info("");
        session.log()
                .info(
                        "Done. PASS=%d WARN=0 ERROR=0 SKIP=0 NO-OP=0 TOTAL=%d; %d relations cloned."
                                .formatted(selected.size(), selected.size(), made.size()));
        return DONE;
    }

    private static boolean isRelation(Node node) {
        return !(node instanceof Node.Model model
                && (model.materialization() instanceof Materialization.Ephemeral
                        || model.materialization() instanceof Materialization.Function
                        || model.materialization() instanceof Materialization.TableFunction));
    }
}
