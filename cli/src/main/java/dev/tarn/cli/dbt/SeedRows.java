package dev.tarn.cli.dbt;

import dev.tarn.app.Answer;
import dev.tarn.app.At;
import dev.tarn.model.TableName;
import dev.tarn.model.TarnException;
import dev.tarn.model.graph.Node;
import dev.tarn.model.graph.NodeId;
import dev.tarn.model.graph.SqlText;
import dev.tarn.model.run.RunStatus;
import dev.tarn.model.table.Schema;
import dev.tarn.run.Cancellation;
import dev.tarn.run.RunListener;
import dev.tarn.run.RunReport;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Rows of seeds, for people who look at them. */
final class SeedRows {
    private static final int SAMPLE = 10;

    private SeedRows() {}

    /** The query for all rows of a seed. */
    static String query(Session session, Node.Seed seed) {
        return session.tarn()
                .operations()
                .inline(
                        "select * from {{ ref('%s', '%s') }}"
                                .formatted(seed.common().packageName(), seed.name()));
    }

    /** Shows some rows of a seed that was loaded. */
    static void sample(Session session, Result result) {
        if (!(result.node() instanceof Node.Seed seed) || result.failed()) {
            return;
        }
        Log log = session.log();
        String header = "Random sample of table: " + seed.relation();
        log.info("");
        log.info(header);
        log.info("-".repeat(header.length()));
        List<List<@Nullable Object>> rows = new ArrayList<>();
        String query =
                "select * from (\n%s\n) using sample reservoir(%d rows)"
                        .formatted(query(session, seed), SAMPLE);
        Schema schema;
        try (Answer answer =
                session.tarn().preview(Optional.empty(), SqlText.of(query), new Cancellation())) {
            schema = answer.schema();
            while (answer.next()) {
                rows.add(answer.row());
            }
        }
        log.plain(new Preview(schema, rows).text());
    }

    /** Loads seeds that are to be shown and are not there yet. */
    static void load(Session session, Nodes nodes, Collection<Node> shown) {
        List<TableName> known = session.tarn().tableNames(At.MAIN);
        Set<NodeId> seeds = new LinkedHashSet<>();
        for (Node node : shown) {
            if (node instanceof Node.Seed seed && !known.contains(seed.relation())) {
                seeds.add(seed.id());
            }
        }
        if (seeds.isEmpty()) {
            return;
        }
        Cancellation cancellation = new Cancellation();
        RunReport report =
                session.stopping()
                        .during(
                                cancellation::cancel,
                                () ->
                                        session.tarn()
                                                .build(
                                                        CodeVerb.request(
                                                                "show",
                                                                false,
                                                                session.buildOptions(nodes)
                                                                        .withOnly(seeds)),
                                                        RunListener.SILENT,
                                                        cancellation));
        if (report.run().status() == RunStatus.FAILED) {
            throw new TarnException(report.problems());
        }
    }
}
