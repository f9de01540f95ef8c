package dev.tarn.cli.progress;

import dev.tarn.model.Place;
import dev.tarn.model.PublicationId;
import dev.tarn.model.RefName;
import dev.tarn.model.RunId;
import dev.tarn.model.TableName;
import dev.tarn.model.graph.Materialization;
import dev.tarn.model.graph.Node;
import dev.tarn.model.graph.NodeId;
import dev.tarn.model.graph.SqlText;
import dev.tarn.model.run.Run;
import dev.tarn.model.run.RunStatus;
import dev.tarn.model.run.Task;
import dev.tarn.model.run.TaskStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Runs and tasks to show. */
final class RunsOf {
    static final Instant BEGIN = Instant.parse("2026-11-01T10:00:00Z");
    static final RunId ID = new RunId("261101-100000-k3xq");

    private RunsOf() {}

    static Run run(RunStatus status, Optional<Long> publication) {
        return new Run(
                ID,
                "shop",
                "build",
                RefName.MAIN,
                new PublicationId(7),
                status,
                BEGIN,
                BEGIN,
                Optional.of(BEGIN.plusMillis(12_345)),
                publication.map(PublicationId::new),
                Optional.empty(),
                Optional.empty());
    }

    static Task task(String node, TaskStatus status, long rows, Duration took) {
        return new Task(
                ID,
                node,
                1,
                status,
                Optional.of(BEGIN),
                status.isFinal() ? Optional.of(BEGIN.plus(took)) : Optional.empty(),
                rows,
                rows * 10,
                Optional.empty());
    }

    static Node node(String id) {
        String name = id.substring(id.lastIndexOf('.') + 1);
        return new Node.Model(
                new Node.Common(
                        new NodeId(id),
                        name,
                        "shop",
                        List.of("shop", name),
                        Place.of("models/" + name + ".sql"),
                        List.of(),
                        List.of(),
                        "",
                        Optional.empty(),
                        ""),
                new TableName("gold", name),
                new Materialization.Table(),
                SqlText.of("select 1"),
                Optional.empty(),
                List.of(),
                List.of(),
                Map.of(),
                Map.of(),
                Optional.empty());
    }
}
