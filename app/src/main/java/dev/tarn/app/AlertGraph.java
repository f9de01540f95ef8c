package dev.tarn.app;

import dev.tarn.model.Place;
import dev.tarn.model.TableName;
import dev.tarn.model.TarnException;
import dev.tarn.model.graph.Node;
import dev.tarn.model.graph.NodeId;
import dev.tarn.model.graph.Project;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the project says of nodes that are red: who answers for them and what comes after them. It
 * is compiled when it is first asked, and again now and then; while it does not compile, what it
 * was holds, or nothing is known.
 */
final class AlertGraph {
    private static final Logger log = LoggerFactory.getLogger(AlertGraph.class);
    private static final Duration COMPILED_FOR = Duration.ofMinutes(10);
    private static final Duration TRIED_EVERY = Duration.ofMinutes(1);

    private final Building building;
    private final Wiring wiring;
    private @Nullable Project project;
    private Map<NodeId, List<NodeId>> readers = Map.of();
    private Instant compiledAt = Instant.MIN;

    AlertGraph(Building building, Wiring wiring) {
        this.building = building;
        this.wiring = wiring;
    }

    /** What is known of a node. */
    record Known(
            String title,
            Optional<String> owner,
            Optional<Place> place,
            List<String> blast,
            String path) {}

    synchronized Known known(String id) {
        Project now = project(id);
        Optional<Node> found = now == null ? Optional.empty() : now.find(new NodeId(id));
        if (now == null || found.isEmpty()) {
            return new Known(shortName(id), Optional.empty(), Optional.empty(), List.of(), "/");
        }
        Node node = found.get();
        return new Known(
                title(node),
                owner(now, node),
                Optional.of(node.common().place()),
                blast(now, node),
                relation(node)
                        .map(AlertLooking::page)
                        .orElse("/checks/" + encoded(node.id().value())));
    }

    /** The owner of a table's node. */
    synchronized Optional<String> owner(TableName table) {
        Project now = project("");
        return now == null ? Optional.empty() : node(now, table).flatMap(n -> owner(now, n));
    }

    /** The sources that the project lands. */
    synchronized List<Node.Source> sources() {
        Project now = project("");
        return now == null
                ? List.of()
                : now.nodes().values().stream()
                        .filter(Node.Source.class::isInstance)
                        .map(Node.Source.class::cast)
                        .filter(s -> s.ingest().isPresent())
                        .toList();
    }

    /** What comes after a table. */
    synchronized List<String> after(TableName table) {
        Project now = project("");
        return now == null ? List.of() : node(now, table).map(n -> blast(now, n)).orElse(List.of());
    }

    private static Optional<Node> node(Project project, TableName table) {
        return project.nodes().values().stream()
                .filter(n -> relation(n).filter(table::equals).isPresent())
                .findFirst();
    }

    private @Nullable Project project(String wanted) {
        Instant now = wiring.clock().instant();
        Project known = project;
        boolean strange =
                !wanted.isEmpty() && (known == null || known.find(new NodeId(wanted)).isEmpty());
        Duration holds = strange || known == null ? TRIED_EVERY : COMPILED_FOR;
        if (compiledAt.isAfter(now.minus(holds))) {
            return known;
        }
        compiledAt = now;
        try {
            Project fresh = building.again().compiled();
            Map<NodeId, List<NodeId>> reading = new HashMap<>();
            for (Node node : fresh.nodes().values()) {
                if (!(node instanceof Node.Check)) {
                    node.dependsOn()
                            .forEach(input ->
                                    reading.computeIfAbsent(input, i -> new ArrayList<>())
                                            .add(node.id()));
                }
            }
            readers = reading;
            project = fresh;
        } catch (TarnException e) {
            log.debug("Alerts do without the project: {}", e.getMessage());
        }
        return project;
    }

    private static Optional<TableName> relation(Node node) {
        return switch (node) {
            case Node.Source s -> Optional.of(s.relation());
            case Node.Seed s -> Optional.of(s.relation());
            case Node.Model m ->
                    m.materialization().isKept() ? Optional.of(m.relation()) : Optional.empty();
            case Node.Check c -> Optional.empty();
        };
    }

    private static String title(Node node) {
        return relation(node).map(TableName::toString).orElse(node.name());
    }

    /** What it says itself, what its group says, or who owns what it checks. */
    private static Optional<String> owner(Project project, Node node) {
        Optional<String> own = node.common().owner().filter(o -> !o.isBlank());
        if (own.isPresent()) {
            return own;
        }
        Object group = project.manifest().config(node.id()).get("group");
        for (Map<Object, @Nullable Object> said : project.manifest().section("groups").values()) {
            if (group != null && group.equals(said.get("name"))) {
                return Optional.of(ownerOf(said).orElse(group.toString()));
            }
        }
        if (!(node instanceof Node.Check check)) {
            return Optional.empty();
        }
        return check.attachedTo().map(List::of).orElseGet(check::dependsOn).stream()
                .flatMap(id -> project.find(id).stream())
                .flatMap(n -> owner(project, n).stream())
                .findFirst();
    }

    private static Optional<String> ownerOf(Map<Object, @Nullable Object> said) {
        if (!(said.get("owner") instanceof Map<?, ?> owner)) {
            return Optional.empty();
        }
        Object name = owner.get("name") == null ? owner.get("email") : owner.get("name");
        return name instanceof String text && !text.isBlank()
                ? Optional.of(text)
                : Optional.empty();
    }

    /** What is stale or held, nearest first; reports that people read come with their owners. */
    private List<String> blast(Project project, Node node) {
        Set<NodeId> seen = new LinkedHashSet<>();
        Deque<NodeId> next = new ArrayDeque<>();
        if (node instanceof Node.Check check) {
            next.addAll(check.dependsOn());
        } else {
            next.addAll(readers.getOrDefault(node.id(), List.of()));
        }
        while (!next.isEmpty()) {
            NodeId one = next.poll();
            if (seen.add(one)) {
                next.addAll(readers.getOrDefault(one, List.of()));
            }
        }
        Set<String> names = new LinkedHashSet<>();
        seen.forEach(id -> project.find(id).map(AlertGraph::title).ifPresent(names::add));
        seen.add(node.id());
        for (Map<Object, @Nullable Object> said :
                project.manifest().section("exposures").values()) {
            boolean touched =
                    said.get("depends_on") instanceof Map<?, ?> on
                            && on.get("nodes") instanceof List<?> nodes
                            && nodes.stream()
                                    .anyMatch(n -> seen.contains(new NodeId(String.valueOf(n))));
            if (touched) {
                names.add(
                        "exposure %s%s"
                                .formatted(
                                        said.get("name"),
                                        ownerOf(said).map(o -> " (" + o + ")").orElse("")));
            }
        }
        return List.copyOf(names);
    }

    /** {@code model.shop.orders} is {@code orders}. */
    private static String shortName(String id) {
        String[] parts = id.split("\\.", 3);
        return parts.length == 3 ? parts[2] : id;
    }

    static String encoded(String part) {
        return URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
