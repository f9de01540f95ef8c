package dev.tarn.cli.dbt;

import dev.tarn.model.graph.Node;
import dev.tarn.model.graph.Project;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What dbt calls the loading of seeds: one that begins anew creates its table.
 *
 * @param fullRefresh whether everything was to begin anew
 * @param storeFailures whether tests were to keep the rows that fail
 */
record Loading(Project project, boolean fullRefresh, boolean storeFailures) {
    /** The table that is told of in a result; seeds have one, and tell of none. */
    @Nullable Object relation(Node node) {
        Map<Object, @Nullable Object> facts = project.manifest().node(node.id());
        if (storeFailures && node instanceof Node.Check check && !check.isUnit()) {
            return "\"%s\".\"%s\".\"%s\""
                    .formatted(facts.get("database"), facts.get("schema"), facts.get("alias"));
        }
        return node instanceof Node.Seed ? null : facts.get("relation_name");
    }

    /** {@code CREATE} or {@code INSERT}: a seed's own setting counts more than what was asked. */
    String code(Node seed) {
        boolean anew =
                project.manifest().config(seed.id()).get("full_refresh") instanceof Boolean own
                        ? own
                        : fullRefresh;
        return anew ? "CREATE" : "INSERT";
    }

    /** The same, with how many rows it was. */
    String told(Result result) {
        return code(result.node()) + " " + result.task().rows();
    }
}
