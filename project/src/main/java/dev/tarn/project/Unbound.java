package dev.tarn.project;

import dev.tarn.model.Problem;
import dev.tarn.model.TarnException;
import dev.tarn.model.graph.Node;
import dev.tarn.model.graph.NodeId;
import dev.tarn.model.graph.Project;
import dev.tarn.model.graph.SqlText;
import dev.tarn.model.graph.UnitCase;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The nodes of a project that could not be bound: those that are wrong, with what is wrong, and
 * those of which nobody knows the columns before they are built. Safe for use by many threads.
 */
final class Unbound {
    private final Project project;
    private final Problems problems = new Problems();
    private final Set<NodeId> failed = ConcurrentHashMap.newKeySet();
    private final Set<NodeId> unknown = ConcurrentHashMap.newKeySet();
    private final Map<NodeId, Problem> reasons = new ConcurrentHashMap<>();
    private @Nullable Pattern words;

    Unbound(Project project) {
        this.project = project;
    }

    void fail(Node node, Problem problem) {
        failed.add(node.id());
        reasons.putIfAbsent(node.id(), problem);
        problems.add(problem);
    }

    void fail(Node node, TarnException e) {
        failed.add(node.id());
        e.at(node.common().place()).problems().stream()
                .map(BindErrors::withWayOut)
                .forEach(p -> {
                    reasons.putIfAbsent(node.id(), p);
                    problems.add(p);
                });
    }

    /** The same, except that what may be made while the project runs is not missing before. */
    void fail(Node node, SqlText sql, TarnException e) {
        if (words().matcher(sql.sql()).find()) {
            unknown.add(node.id());
        } else {
            fail(node, e);
        }
    }

    private synchronized Pattern words() {
        Pattern found = words;
        if (found == null) {
            found = MadeWords.anyOf(project.hooks().vocabulary());
            words = found;
        }
        return found;
    }

    private Optional<Problem> reason(NodeId id) {
        return Optional.ofNullable(reasons.get(id));
    }

    /** What is wrong with the model of a unit test, or with what that reads. */
    String why(UnitCase unit) {
        return Stream.concat(
                        Stream.of(unit.model()),
                        unit.given().stream().flatMap(f -> f.input().stream()))
                .flatMap(id -> reason(id).stream())
                .findFirst()
                .map(p -> p.place().map(at -> at + ": ").orElse("") + p.message())
                .orElse("its model, or what it reads, is wrong");
    }

    /** What reads a failed node has failed, too, without a word. */
    void passOver(Node node) {
        failed.add(node.id());
    }

    void unknown(NodeId id) {
        unknown.add(id);
    }

    void known(NodeId id) {
        unknown.remove(id);
    }

    boolean isUnknown(NodeId id) {
        return unknown.contains(id);
    }

    boolean hasFailed(NodeId id) {
        return failed.contains(id);
    }

    boolean readsFailed(Node node) {
        return node.dependsOn().stream().anyMatch(failed::contains);
    }

    boolean readsUnknown(Node node) {
        return node.dependsOn().stream().anyMatch(unknown::contains);
    }

    List<Problem> problems() {
        return problems.sorted();
    }

    void throwIfAny() {
        problems.throwIfAny();
    }
}
