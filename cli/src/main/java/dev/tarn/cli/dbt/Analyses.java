package dev.tarn.cli.dbt;

import dev.tarn.model.TarnException;
import dev.tarn.model.graph.NodeId;
import dev.tarn.model.graph.Project;
import dev.tarn.run.FailureText;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Queries of a project of which nothing is made: those that a verb is about. */
final class Analyses {
    private static final String TYPE = "analysis";

    private final List<Analysis> selected;

    /**
     * An analysis.
     *
     * @param path where its code is written
     */
    record Analysis(NodeId id, String name, String path) {
        FailureText failure(String reason) {
            return FailureText.of(TYPE, name, path.substring(path.indexOf('/') + 1), reason);
        }
    }

    /** The code of one, or what is wrong with it. */
    record Code(Optional<String> sql, Optional<TarnException> error) {
        String orThrow() {
            return sql.orElseThrow(() -> Objects.requireNonNull(error.orElse(null)));
        }
    }

    private Analyses(List<Analysis> selected) {
        this.selected = selected;
    }

    /** Those among what was chosen of a project, if the verb is about analyses. */
    static Analyses of(Project project, List<NodeId> chosen, Nodes nodes) {
        if (!nodes.wants(TYPE, true)) {
            return new Analyses(List.of());
        }
        return new Analyses(
                chosen.stream()
                        .map(id -> project.manifest().node(id))
                        .filter(facts -> TYPE.equals(facts.get("resource_type")))
                        .map(Analyses::analysis)
                        .toList());
    }

    private static Analysis analysis(Map<Object, @Nullable Object> facts) {
        return new Analysis(
                new NodeId(String.valueOf(facts.get("unique_id"))),
                String.valueOf(facts.get("name")),
                facts.get("package_name") + "/" + facts.get("original_file_path"));
    }

    boolean isEmpty() {
        return selected.isEmpty();
    }

    /** Renders them. */
    Map<Analysis, Code> compile(Session session) {
        Map<Analysis, Code> compiled = new LinkedHashMap<>();
        for (Analysis analysis : selected) {
            try {
                String sql = session.tarn().operations().analysis(analysis.id());
                compiled.put(analysis, new Code(Optional.of(sql), Optional.empty()));
            } catch (TarnException e) {
                compiled.put(analysis, new Code(Optional.empty(), Optional.of(e)));
            }
        }
        return compiled;
    }
}
