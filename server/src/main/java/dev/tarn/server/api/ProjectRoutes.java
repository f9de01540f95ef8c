package dev.tarn.server.api;

import static dev.tarn.server.api.JobRoutes.get;

import dev.tarn.app.At;
import dev.tarn.app.LineageReport;
import dev.tarn.app.NodeKind;
import dev.tarn.app.Tarn;
import dev.tarn.model.RunId;
import dev.tarn.model.catalog.Entry;
import dev.tarn.model.catalog.Versioned;
import dev.tarn.model.graph.Node;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What can be asked of the project: its runs, nodes, checks, lineage and sources. */
final class ProjectRoutes {
    private static final int DEPTH_MAX = 100;

    private final Tarn tarn;

    ProjectRoutes(Tarn tarn) {
        this.tarn = tarn;
    }

    List<Route> all() {
        return List.of(
                get(
                        "/runs",
                        "Runs of the project, newest first.",
                        List.of("limit"),
                        a ->
                                Api.json(
                                        200,
                                        tarn.runs(a.limit()).stream()
                                                .map(Facts::projectRun)
                                                .toList())),
                get(
                        "/runs/{run}",
                        "A run of the project with its tasks.",
                        List.of(),
                        a -> Api.json(200, Facts.projectRun(tarn.run(new RunId(a.name("run")))))),
                get(
                        "/runs/{run}/report",
                        "What a run found that is not written down: rows that failed checks, and problems with their places. Of the newest runs that this server did.",
                        List.of(),
                        a -> {
                            RunId id = tarn.run(new RunId(a.name("run"))).run().id();
                            return Api.json(200, Facts.report(tarn.jobs().report(id)));
                        }),
                get(
                        "/nodes",
                        "The nodes of the project, by selection.",
                        List.of("select", "exclude"),
                        a -> {
                            // As the files are now, not as they were when the server began.
                            try (Tarn now = tarn.again()) {
                                return Api.json(
                                        200,
                                        now
                                                .select(
                                                        words(a.query("select")),
                                                        words(a.query("exclude")),
                                                        EnumSet.allOf(NodeKind.class))
                                                .stream()
                                                .map(ProjectRoutes::node)
                                                .toList());
                            }
                        }),
                get(
                        "/checks",
                        "What checks say of a state of the warehouse.",
                        List.of("at"),
                        a ->
                                Api.json(
                                        200,
                                        tarn.overview().verdicts(WarehouseRoutes.at(a)).stream()
                                                .map(TableFacts::check)
                                                .toList())),
                get(
                        "/troubles",
                        "What is red or warns, and since when.",
                        List.of(),
                        a ->
                                Api.json(
                                        200,
                                        tarn.overview().troubles().stream()
                                                .map(TableFacts::trouble)
                                                .toList())),
                get(
                        "/lineage",
                        "Where the columns of a table, or one column, come from and go to.",
                        List.of("of", "depth"),
                        this::lineage),
                get(
                        "/sources",
                        "How far sources were read.",
                        List.of("at"),
                        a -> Api.json(200, sources(WarehouseRoutes.at(a)))),
                get(
                        "/freshness",
                        "Whether sources are as fresh as they should be.",
                        List.of("select", "exclude"),
                        a -> {
                            try (Tarn now = tarn.again()) {
                                return Api.json(
                                        200,
                                        now
                                                .freshness(
                                                        words(a.query("select")),
                                                        words(a.query("exclude")))
                                                .stream()
                                                .map(TableFacts::freshness)
                                                .toList());
                            }
                        }),
                get(
                        "/settings",
                        "The effective settings, each with where it was decided.",
                        List.of(),
                        a ->
                                Api.json(
                                        200,
                                        tarn.settings().origins().stream()
                                                .map(TableFacts::setting)
                                                .toList())));
    }

    private dev.tarn.spi.HttpProtocol.Answer lineage(Asked a) {
        String of =
                a.query("of")
                        .orElseThrow(() ->
                                ApiErrors.wrongParameter("of", "", "a table or table.column"));
        int depth = a.query("depth").map(d -> Asked.number("depth", d, DEPTH_MAX)).orElse(1);
        try (Tarn now = tarn.again()) {
            return Api.json(
                    200,
                    now
                            .lineage(of, EnumSet.allOf(LineageReport.Direction.class), depth)
                            .subjects()
                            .stream()
                            .map(TableFacts::subject)
                            .toList());
        }
    }

    private List<Map<String, @Nullable Object>> sources(At at) {
        Map<String, List<Map<String, @Nullable Object>>> parts = new TreeMap<>();
        for (Versioned versioned : tarn.overview().positions(at)) {
            String name = versioned.key().name();
            int slash = name.indexOf('/');
            if (slash > 0 && versioned.entry() instanceof Entry.Position position) {
                Map<String, @Nullable Object> part = new LinkedHashMap<>();
                part.put("name", name.substring(slash + 1));
                part.put("position", JsonText.any(position.value()));
                parts.computeIfAbsent(name.substring(0, slash), s -> new ArrayList<>()).add(part);
            }
        }
        List<Map<String, @Nullable Object>> all = new ArrayList<>();
        parts.forEach((name, own) -> {
            Map<String, @Nullable Object> source = new LinkedHashMap<>();
            source.put("name", name);
            source.put("parts", own);
            all.add(source);
        });
        return all;
    }

    private static Map<String, @Nullable Object> node(Node node) {
        Map<String, @Nullable Object> all = new LinkedHashMap<>();
        all.put("id", node.id().value());
        all.put("name", node.name());
        all.put("kind", NodeKind.of(node).word());
        all.put("file", Optional.of(node.common().place().file()).filter(f -> !f.isEmpty()));
        return all;
    }

    private static List<String> words(Optional<String> text) {
        return text.map(t -> List.of(t.strip().split("\\s+"))).orElse(List.of());
    }
}
