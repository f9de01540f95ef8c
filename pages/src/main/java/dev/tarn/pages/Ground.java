package dev.tarn.pages;

import dev.tarn.app.At;
import dev.tarn.app.Tarn;
import dev.tarn.model.TableName;
import dev.tarn.model.graph.Node;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What every page stands on.
 *
 * @param root the project's folder
 * @param started when this server began
 */
record Ground(Tarn tarn, ProjectWatch watch, Path root, Clock clock, Instant started) {
    /** How long a page that is about the project waits for a first compile. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** How long pages wait that have more to tell. */
    private static final Duration IMPATIENCE = Duration.ofMillis(400);

    Instant now() {
        return clock.instant();
    }

    /** The project for a page that cannot do without. */
    ProjectWatch.State project() {
        return watch.state(PATIENCE);
    }

    /** The project if it is there already. */
    ProjectWatch.State projectSoon() {
        return watch.state(IMPATIENCE);
    }

    /** Which state of the warehouse a page is asked for. */
    static At at(Ask ask) {
        return ask.asked("at").map(At::parse).orElse(At.MAIN);
    }

    /** Keeps asking for the same state on the next page. */
    static Link keeping(Ask ask, Link link) {
        return link.with("at", ask.asked("at").orElse(""));
    }

    static Link asset(TableName name) {
        return Link.to("assets", name.toString());
    }

    /** The page of a node: of its table, or of the check. */
    static Link page(Node node) {
        Optional<TableName> relation = ProjectMap.relation(node);
        return relation.map(Ground::asset).orElseGet(() -> Link.to("checks", node.id().value()));
    }

    /** The page of a node that the project may no longer have. */
    static Optional<Link> page(Optional<ProjectMap> map, String id) {
        return map.flatMap(m -> m.node(id)).map(Ground::page);
    }
}
