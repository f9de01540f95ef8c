package dev.tarn.server.api;

import static dev.tarn.server.api.JobRoutes.get;
import static dev.tarn.server.api.JobRoutes.post;

import dev.tarn.app.Answer;
import dev.tarn.app.At;
import dev.tarn.app.OnDemand;
import dev.tarn.app.Tarn;
import dev.tarn.model.PublicationId;
import dev.tarn.model.RefName;
import dev.tarn.model.RunId;
import dev.tarn.model.TableName;
import dev.tarn.refs.MergeRequest;
import dev.tarn.run.Cancellation;
import dev.tarn.spi.HttpProtocol;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** What can be asked of tables, refs and the engine. */
final class WarehouseRoutes {
    private static final List<String> NONE = List.of();
    private static final int ROWS = 1_000;
    private static final int ROWS_MAX = 10_000;
    private static final long QUERY_SECONDS_MAX = 300;

    private final Tarn tarn;

    WarehouseRoutes(Tarn tarn) {
        this.tarn = tarn;
    }

    List<Route> all() {
        List<Route> all = new ArrayList<>(tables());
        all.addAll(refs());
        all.addAll(work());
        return all;
    }

    private List<Route> tables() {
        return List.of(
                get(
                        "/tables",
                        "The tables and views of a state of the warehouse.",
                        List.of("at"),
                        a ->
                                Api.json(
                                        200,
                                        tarn.tables(at(a)).stream()
                                                .map(TableFacts::listing)
                                                .toList())),
                get(
                        "/tables/{table}",
                        "A table with its columns and what checks say of it.",
                        List.of("at"),
                        a -> {
                            At at = at(a);
                            return Api.json(
                                    200,
                                    TableFacts.table(
                                            tarn.table(tarn.named(a.name("table"), at), at)));
                        }),
                get(
                        "/tables/{table}/history",
                        "The versions of a table on a ref, newest first.",
                        List.of("ref", "limit"),
                        a ->
                                Api.json(
                                        200,
                                        tarn
                                                .history(table(a), ref(a.query("ref")), a.limit())
                                                .stream()
                                                .map(TableFacts::version)
                                                .toList())),
                post(
                        "/tables/{table}/restore",
                        "Make a table as it was at another state. With 'seen', a publication, only if it is still of that.",
                        List.of("at", "ref", "seen"),
                        a -> {
                            RefName ref = ref(a.text("ref"));
                            return Api.json(
                                    200,
                                    tarn.states()
                                            .restore(ref, table(a), wantedAt(a, ref), seen(a))
                                            .map(TableFacts::publication));
                        }),
                post(
                        "/tables/{table}/drop",
                        "Take a table away; it can be brought back. 'seen' as with restore.",
                        List.of("ref", "seen"),
                        a ->
                                Api.json(
                                        200,
                                        TableFacts.publication(
                                                tarn.states()
                                                        .drop(
                                                                ref(a.text("ref")),
                                                                table(a),
                                                                seen(a))))),
                post(
                        "/tables/{table}/undrop",
                        "Bring a table back.",
                        List.of("ref"),
                        a ->
                                Api.json(
                                        200,
                                        TableFacts.publication(
                                                tarn.states()
                                                        .undrop(ref(a.text("ref")), table(a))))),
                post(
                        "/tables/{table}/copy",
                        "Make another table of a state of this one, without copying files.",
                        List.of("to", "at", "ref"),
                        a -> {
                            RefName ref = ref(a.text("ref"));
                            return Api.json(
                                    201,
                                    TableFacts.publication(
                                            tarn.states()
                                                    .copy(
                                                            ref,
                                                            table(a),
                                                            a.text("at")
                                                                    .map(t -> At.parse(t, ref))
                                                                    .orElse(At.parse(ref.value())),
                                                            TableName.parse(required(a, "to")))));
                        }),
                get(
                        "/publications",
                        "What was published to a ref, newest first.",
                        List.of("ref", "limit"),
                        a ->
                                Api.json(
                                        200,
                                        tarn.publications(ref(a.query("ref")), a.limit()).stream()
                                                .map(TableFacts::publication)
                                                .toList())));
    }

    /** The state of a table that somebody looked at. */
    private static Optional<PublicationId> seen(Asked a) {
        return a.text("seen")
                .map(t -> {
                    if (!t.matches("\\d{1,18}")) {
                        throw ApiErrors.wrongField("seen", "the number of a publication");
                    }
                    return new PublicationId(Long.parseLong(t));
                });
    }

    private List<Route> refs() {
        return List.of(
                get(
                        "/refs",
                        "Branches and tags.",
                        NONE,
                        a -> Api.json(200, tarn.refs().stream().map(TableFacts::ref).toList())),
                post(
                        "/branches",
                        "Make a branch.",
                        List.of("name", "from"),
                        a ->
                                Api.json(
                                        201,
                                        TableFacts.ref(
                                                tarn.states()
                                                        .createBranch(
                                                                new RefName(required(a, "name")),
                                                                from(a))))),
                post(
                        "/tags",
                        "Make a tag: a state that stays.",
                        List.of("name", "from"),
                        a ->
                                Api.json(
                                        201,
                                        TableFacts.ref(
                                                tarn.states()
                                                        .createTag(
                                                                new RefName(required(a, "name")),
                                                                from(a))))),
                new Route(
                        "DELETE",
                        "/refs/{ref}",
                        "Delete a branch or a tag.",
                        NONE,
                        NONE,
                        a -> {
                            tarn.states().deleteRef(new RefName(a.name("ref")));
                            return Api.json(200, Map.of("done", true));
                        }),
                post(
                        "/branches/{branch}/merge",
                        "Bring what changed on a branch to another ref.",
                        List.of("into", "prefer", "dryRun"),
                        a ->
                                Api.json(
                                        200,
                                        TableFacts.merged(
                                                tarn.states()
                                                        .merge(
                                                                new MergeRequest(
                                                                        new RefName(
                                                                                a.name("branch")),
                                                                        ref(a.text("into")),
                                                                        a.text("prefer")
                                                                                .map(RefName::new),
                                                                        a.flag("dryRun")))))),
                get(
                        "/diff",
                        "Which tables differ between two states.",
                        List.of("before", "after"),
                        a ->
                                Api.json(
                                        200,
                                        tarn
                                                .states()
                                                .differences(
                                                        a.query("before")
                                                                .map(At::parse)
                                                                .orElse(At.MAIN),
                                                        a.query("after")
                                                                .map(At::parse)
                                                                .orElse(At.MAIN))
                                                .stream()
                                                .map(TableFacts::difference)
                                                .toList())));
    }

    private List<Route> work() {
        return List.of(
                post(
                        "/query",
                        "Ask a state of the warehouse. What is cut says 'more'.",
                        List.of("sql", "at", "limit"),
                        this::query),
                post(
                        "/explain",
                        "How a query is done.",
                        List.of("sql", "at", "analyze"),
                        a ->
                                Api.json(
                                        200,
                                        Map.of(
                                                "plan",
                                                tarn.explain(
                                                        required(a, "sql"),
                                                        a.text("at").map(At::parse).orElse(At.MAIN),
                                                        a.flag("analyze"))))),
                post(
                        "/statements",
                        "Execute statements as one run, which is followed as a run of a job.",
                        List.of("sql", "ref"),
                        a ->
                                ordered(
                                        a,
                                        new OnDemand.Order.Sql(
                                                required(a, "sql"), ref(a.text("ref"))))),
                post(
                        "/builds",
                        "Build nodes as one run, which is followed as a run of a job.",
                        List.of("verb", "select", "exclude", "ref", "vars", "full"),
                        a ->
                                ordered(
                                        a,
                                        new OnDemand.Order.Build(
                                                a.text("verb").orElse("build"),
                                                a.list("select"),
                                                a.list("exclude"),
                                                ref(a.text("ref")),
                                                a.texts("vars"),
                                                a.flag("full")))),
                post(
                        "/runs/{run}/again",
                        "Go on from a run that published nothing.",
                        NONE,
                        a -> ordered(a, new OnDemand.Order.Again(new RunId(a.name("run"))))));
    }

    private HttpProtocol.Answer ordered(Asked a, OnDemand.Order order) {
        return Api.json(202, Facts.run(tarn.jobs().order(order, a.key(), a.by())));
    }

    private HttpProtocol.Answer query(Asked a) {
        int most = a.text("limit").map(n -> Asked.number("limit", n, ROWS_MAX)).orElse(ROWS);
        Cancellation cancellation = new Cancellation();
        CompletableFuture<Void> clock =
                CompletableFuture.runAsync(
                        cancellation::cancel,
                        CompletableFuture.delayedExecutor(QUERY_SECONDS_MAX, TimeUnit.SECONDS));
        try (Answer answer =
                tarn.query(
                        required(a, "sql"),
                        a.text("at").map(At::parse).orElse(At.MAIN),
                        cancellation)) {
            return Api.json(200, ApiRows.of(answer, most));
        } finally {
            clock.cancel(false);
        }
    }

    static At at(Asked a) {
        return a.query("at").map(At::parse).orElse(At.MAIN);
    }

    private static At from(Asked a) {
        return a.text("from").map(At::parse).orElse(At.MAIN);
    }

    private static At wantedAt(Asked a, RefName ref) {
        return At.parse(required(a, "at"), ref);
    }

    private static RefName ref(Optional<String> name) {
        return name.map(RefName::new).orElse(RefName.MAIN);
    }

    private static TableName table(Asked a) {
        return TableName.parse(a.name("table"));
    }

    static String required(Asked a, String field) {
        return a.text(field)
                .filter(t -> !t.isBlank())
                .orElseThrow(() -> ApiErrors.wrongField(field, "there"));
    }
}
