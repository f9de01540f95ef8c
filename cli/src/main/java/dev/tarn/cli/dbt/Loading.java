package dev.tarn.cli.dbt;

import dev.tarn.model.graph.Node;
import dev.tarn.model.graph.Project;

/**
 * What dbt calls the loading of seeds: one that begins anew creates its table.
 *
 * @param fullRefresh whether everything was to begin anew
 */
record Loading(Project project, boolean fullRefresh) {
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
