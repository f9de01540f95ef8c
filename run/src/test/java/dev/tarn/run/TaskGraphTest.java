package dev.tarn.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.model.Place;
import dev.tarn.model.TableName;
import dev.tarn.model.graph.Materialization;
import dev.tarn.model.graph.Node;
import dev.tarn.model.graph.NodeId;
import dev.tarn.model.graph.Project;
import dev.tarn.model.graph.SqlText;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

final class TaskGraphTest {
    private static final Node A = model("a");
    private static final Node CHECK_A = check("check_a", "a");
    private static final Node B = model("b", "a");
    private static final Node C = model("c", "b");
    private static final Node D = model("d");
    private static final Node CHECK_AD = check("check_ad", "a", "d");
    private static final Node E = model("e", "c", "d");
    private static final Project PROJECT = project(A, CHECK_A, B, C, D, CHECK_AD, E);

    @Test
    void nodesWaitForWhatTheyReadAndForItsChecks() {
        TaskGraph graph = new TaskGraph(PROJECT, ids("a", "check_a", "b", "c"));

        assertThat(waitsFor(graph, "a")).isEmpty();
        assertThat(waitsFor(graph, "check_a")).containsExactly("a");
        assertThat(waitsFor(graph, "b")).containsExactlyInAnyOrder("a", "check_a");
        assertThat(waitsFor(graph, "c")).containsExactlyInAnyOrder("b", "check_a");
    }

    @Test
    void nodesWaitThroughThoseThatAreNotSelected() {
        TaskGraph graph = new TaskGraph(PROJECT, ids("a", "c"));

        assertThat(waitsFor(graph, "c")).containsExactly("a");
        assertThat(graph.nodes()).containsExactly(A, C);
    }

    @Test
    void aCheckOnSeveralHoldsUpOnlyWhoReadsThemAll() {
        TaskGraph graph = new TaskGraph(PROJECT, ids("a", "b", "c", "d", "check_ad", "e"));

        assertThat(waitsFor(graph, "b")).containsExactly("a");
        assertThat(waitsFor(graph, "e")).containsExactlyInAnyOrder("c", "d", "check_ad");
    }

    @Test
    void nodesAreInTheOrderOfTheProject() {
        TaskGraph graph = new TaskGraph(PROJECT, ids("e", "a", "check_a"));

        assertThat(graph.nodes()).containsExactly(A, CHECK_A, E);
    }

    private static Set<String> waitsFor(TaskGraph graph, String name) {
        return graph.waitsFor(new NodeId(name)).stream()
                .map(NodeId::value)
                .collect(Collectors.toSet());
    }

    private static Set<NodeId> ids(String... names) {
        return Stream.of(names).map(NodeId::new).collect(Collectors.toSet());
    }

    private static Project project(Node... nodes) {
        LinkedHashMap<NodeId, Node> all = new LinkedHashMap<>();
        Stream.of(nodes).forEach(n -> all.put(n.id(), n));
        return new Project("p", Path.of("p"), "main", all);
    }

    private static Node model(String name, String... reads) {
        return new Node.Model(
                common(name, reads),
                new TableName("main", name),
                new Materialization.Table(),
                SqlText.of("select 1"),
                Optional.empty(),
                List.of(),
                List.of(),
                Map.of(),
                Map.of(),
                Optional.empty());
    }

    private static Node check(String name, String... reads) {
        return new Node.Check(
                common(name, reads),
                SqlText.of("select 1"),
                "singular",
                Optional.empty(),
                Optional.empty(),
                Node.CheckRules.DEFAULT);
    }

    private static Node.Common common(String name, String... reads) {
        return new Node.Common(
                new NodeId(name),
                name,
                "p",
                List.of("p", name),
                Place.of(name + ".sql"),
                Stream.of(reads).map(NodeId::new).toList(),
                List.of(),
                "",
                Optional.empty(),
                "f");
    }
}
