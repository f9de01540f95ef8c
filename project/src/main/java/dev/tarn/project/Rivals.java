package dev.tarn.project;

import dev.tarn.model.Place;
import dev.tarn.model.graph.NodeId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Nodes of the same kind and name in one package. That is fine as long as no more than one of them
 * is switched on, such as one for each engine.
 */
final class Rivals {
    private final CompileScope scope;
    private final Problems problems;

    Rivals(CompileScope scope, Problems problems) {
        this.scope = scope;
        this.problems = problems;
    }

    /** Leaves one of each name; the others are disabled, or refused. */
    void settle(DraftRenderer renderer) {
        NodeIndex nodes = scope.nodes();
        for (Map.Entry<NodeId, List<Draft>> same : nodes.rivals().entrySet()) {
            Draft first = nodes.find(same.getKey()).orElseThrow();
            List<Draft> all = new ArrayList<>(List.of(first));
            all.addAll(same.getValue());
            List<Draft> enabled = all.stream().filter(d -> isEnabled(d, renderer)).toList();
            Draft chosen = enabled.isEmpty() ? first : enabled.getFirst();
            for (Draft other : enabled) {
                if (other != chosen) {
                    problems.add(
                            ProjectErrors.duplicate(
                                    Place.of(other.file),
                                    DraftBuilder.word(other.kind),
                                    other.name,
                                    Place.of(chosen.file)));
                }
            }
            if (chosen != first) {
                nodes.replace(first, chosen);
            }
            all.stream().filter(d -> d != chosen).forEach(nodes::addDisabled);
        }
    }

    /** Reads a node to see what it says, and forgets the rest: the one that stays is read again. */
    private boolean isEnabled(Draft draft, DraftRenderer renderer) {
        Settings before = new Settings(draft.settings);
        renderer.read(draft);
        boolean enabled = draft.settings.flag("enabled", true, problems);
        draft.settings = before;
        draft.refs.clear();
        draft.sources.clear();
        draft.macros.clear();
        return enabled;
    }
}
