package dev.tarn.pages;

import dev.tarn.app.At;
import dev.tarn.app.Trouble;
import dev.tarn.model.TableName;
import dev.tarn.model.graph.Node;
import dev.tarn.model.graph.NodeId;
import dev.tarn.model.run.Verdict;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** How nodes stand: by their own last result, and by the checks about them. */
final class NodeMarks {
    private final Set<TableName> built = new HashSet<>();
    private final Map<String, Mark> troubled = new HashMap<>();
    private final Map<String, Mark> judged = new HashMap<>();
    private final ProjectMap map;

    NodeMarks(Ground ground, ProjectMap map) {
        this.map = map;
        ground.tarn()
                .overview()
                .relations(At.MAIN)
                .forEach(v -> built.add(TableName.parse(v.key().name())));
        for (Trouble trouble : ground.tarn().overview().troubles()) {
            troubled.put(trouble.latest().node(), Mark.of(trouble.latest().status()));
        }
        for (Verdict verdict : ground.tarn().overview().verdicts(At.MAIN)) {
            judged.put(verdict.check(), Mark.of(verdict.outcome()));
        }
    }

    /** Of a table or view: the worst of itself and of what is checked about it. */
    Mark of(Node node) {
        Mark own = troubled.get(node.id().value());
        if (own == Mark.FAILED) {
            return own;
        }
        Mark worst = own == null ? Mark.OK : own;
        for (Node.Check check : map.checksOf(node.id())) {
            Mark mark = check(check.id());
            if (mark == Mark.FAILED) {
                return mark;
            }
            worst = mark == Mark.WARNED ? mark : worst;
        }
        boolean there = ProjectMap.relation(node).map(built::contains).orElse(true);
        return there || worst != Mark.OK ? worst : Mark.NONE;
    }

    /** Of a check: what it said last, even if that was never published. */
    Mark check(NodeId id) {
        Mark trouble = troubled.get(id.value());
        return trouble != null ? trouble : judged.getOrDefault(id.value(), Mark.NONE);
    }

    /** A box of a drawing. */
    GraphDrawing.Box box(Node node, boolean self) {
        return box(node, self, node.dependsOn().stream().map(NodeId::value).toList());
    }

    GraphDrawing.Box box(Node node, boolean self, List<String> inputs) {
        return new GraphDrawing.Box(
                node.id().value(),
                ProjectMap.title(node),
                ProjectMap.kind(node),
                Optional.of(of(node)),
                Ground.page(node),
                inputs,
                self,
                false);
    }
}
