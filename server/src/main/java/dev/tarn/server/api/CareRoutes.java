package dev.tarn.server.api;

import static dev.tarn.server.api.JobRoutes.get;
import static dev.tarn.server.api.JobRoutes.post;

import dev.tarn.app.AdoptedTable;
import dev.tarn.app.At;
import dev.tarn.app.AttachedTable;
import dev.tarn.app.Housekeeping;
import dev.tarn.app.MaintainRequest;
import dev.tarn.app.OnDemand;
import dev.tarn.app.Quarantine;
import dev.tarn.app.Rewind;
import dev.tarn.app.Sources;
import dev.tarn.app.Tarn;
import dev.tarn.model.Place;
import dev.tarn.model.RefName;
import dev.tarn.model.TableName;
import dev.tarn.model.graph.ExternalSpec;
import dev.tarn.refs.ChangeFeed;
import dev.tarn.run.Cancellation;
import dev.tarn.spi.HttpProtocol.Answer;
import dev.tarn.spi.QueryResult;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What keeps a warehouse in order: upkeep, tables of others, quarantine, positions of sources. */
final class CareRoutes {
    private static final int ROWS_MAX = 10_000;

    private final Tarn tarn;
    private final boolean anyLocation;

    /**
     * @param anyLocation whether tables may be named that lie outside of the warehouse
     */
    CareRoutes(Tarn tarn, boolean anyLocation) {
        this.tarn = tarn;
        this.anyLocation = anyLocation;
    }

    List<Route> all() {
        List<Route> all = new ArrayList<>(care());
        all.addAll(sources());
        return all;
    }

    private List<Route> care() {
        return List.of(
                post(
                        "/maintain",
                        "Look after tables, or after all and the warehouse itself, as a run of a job.",
                        List.of("tables", "ref", "budget", "maxBytes"),
                        this::maintain),
                post(
                        "/clean",
                        "Remove files of tables that nothing can reach, as a run of a job; or tell what would be.",
                        List.of("dryRun"),
                        this::clean),
                post(
                        "/attach",
                        "Show a table that somebody else writes.",
                        List.of("location", "name", "format", "timeZone", "ref"),
                        a -> {
                            AttachedTable done = tarn.attach(ref(a), name(a), spec(a));
                            Map<String, @Nullable Object> all = new LinkedHashMap<>();
                            all.put("format", done.format());
                            all.put("version", done.version());
                            all.put("location", done.location());
                            all.put("publication", done.publication().map(TableFacts::publication));
                            return Api.json(200, all);
                        }),
                post(
                        "/adopt",
                        "Make a table of others one of the warehouse's own, in place.",
                        List.of("location", "name", "format", "timeZone", "ref"),
                        a -> {
                            AdoptedTable done = tarn.adopt(ref(a), name(a), spec(a));
                            Map<String, @Nullable Object> all = new LinkedHashMap<>();
                            all.put("format", done.format());
                            all.put("version", done.version());
                            all.put("location", done.location());
                            all.put("rows", done.rows());
                            all.put("files", done.files());
                            all.put("publication", TableFacts.publication(done.publication()));
                            return Api.json(201, all);
                        }),
                get(
                        "/tables/{table}/changes",
                        "Which rows of a table changed between two states.",
                        List.of("after", "upTo", "key", "limit"),
                        this::changes));
    }

    private List<Route> sources() {
        return List.of(
                get(
                        "/lag",
                        "How far tables are behind sources that can say so.",
                        List.of("select"),
                        a -> {
                            try (Tarn now = tarn.again()) {
                                return Api.json(
                                        200,
                                        now
                                                .sources()
                                                .behind(
                                                        words(a.query("select")),
                                                        List.of(),
                                                        At.MAIN)
                                                .stream()
                                                .map(CareRoutes::behind)
                                                .toList());
                            }
                        }),
                get(
                        "/quarantine",
                        "What did not fit, by table and column.",
                        List.of("select", "at"),
                        a -> {
                            try (Tarn now = tarn.again()) {
                                return Api.json(
                                        200,
                                        now
                                                .sources()
                                                .quarantine()
                                                .list(
                                                        words(a.query("select")),
                                                        List.of(),
                                                        WarehouseRoutes.at(a))
                                                .stream()
                                                .map(CareRoutes::misfits)
                                                .toList());
                            }
                        }),
                post(
                        "/quarantine/fix",
                        "Correct records of one source where they are. With 'seen', what stood there, only those that are still that.",
                        List.of("select", "value", "where", "seen", "ref"),
                        a -> {
                            try (Tarn now = tarn.again()) {
                                return Api.json(
                                        200,
                                        Map.of(
                                                "rows",
                                                now.sources()
                                                        .quarantine()
                                                        .fix(
                                                                a.list("select"),
                                                                ref(a),
                                                                WarehouseRoutes.required(
                                                                        a, "value"),
                                                                a.text("where").orElse("true"),
                                                                a.text("seen"),
                                                                new Cancellation())
                                                        .rows()));
                            }
                        }),
                post(
                        "/quarantine/replay",
                        "Land rows of quarantine again, all that fit in one publication, as a run of a job.",
                        List.of("select", "where", "ref"),
                        this::replay),
                post(
                        "/rewind",
                        "Read sources again from where they once stood, as a run of a job; or tell what would move.",
                        List.of("select", "to", "position", "parts", "keepRows", "dryRun", "ref"),
                        this::rewind));
    }

    /** What is misspelt is told at once; the rest is a run. */
    private Answer maintain(Asked a) {
        RefName ref = ref(a);
        List<TableName> tables =
                a.list("tables").stream().map(t -> tarn.named(t, At.parse(ref.value()))).toList();
        a.text("budget").ifPresent(t -> MaintainRequest.time("'budget'", t));
        a.text("maxBytes").ifPresent(t -> MaintainRequest.bytes("'maxBytes'", t));
        return ordered(
                a, new OnDemand.Order.Maintain(tables, ref, a.text("budget"), a.text("maxBytes")));
    }

    private Answer clean(Asked a) {
        return a.flag("dryRun")
                ? Api.json(200, cleaned(tarn.clean(true)))
                : ordered(a, new OnDemand.Order.Clean());
    }

    private Answer ordered(Asked a, OnDemand.Order order) {
        return Api.json(202, Facts.run(tarn.jobs().order(order, a.key(), a.by())));
    }

    private static Map<String, @Nullable Object> cleaned(Housekeeping.Report report) {
        Map<String, @Nullable Object> all = new LinkedHashMap<>();
        all.put("files", report.removed().size());
        all.put("bytes", report.bytes());
        all.put("kept", report.kept());
        return all;
    }

    /** Whoever may ask a server may not therefore read every file of its machine. */
    private ExternalSpec spec(Asked a) {
        String location = WarehouseRoutes.required(a, "location");
        if (!anyLocation) {
            throw ApiErrors.location();
        }
        return new ExternalSpec(location, a.text("format"), a.text("timeZone"), Place.of(location));
    }

    private Answer changes(Asked a) {
        int most = a.limit();
        List<String> key =
                a.query("key").map(k -> List.of(k.strip().split("\\s*,\\s*"))).orElse(List.of());
        At upTo = a.query("upTo").map(At::parse).orElse(At.MAIN);
        At after =
                a.query("after")
                        .map(t -> At.parse(t, upTo.ref()))
                        .orElseThrow(() ->
                                ApiErrors.wrongParameter("after", "", "a state such as main@12"));
        try (QueryResult rows =
                tarn.states()
                        .changes(
                                tarn.named(a.name("table"), upTo),
                                after,
                                upTo,
                                key,
                                ChangeFeed.Grain.VERSIONS,
                                new Cancellation())) {
            return Api.json(200, ApiRows.of(rows, Math.min(most, ROWS_MAX)));
        }
    }

    private Answer replay(Asked a) {
        return ordered(a, new OnDemand.Order.Replay(a.list("select"), a.text("where"), ref(a)));
    }

    /** What cannot be gone back to is told at once. */
    private Answer rewind(Asked a) {
        RefName ref = ref(a);
        boolean dryRun = a.flag("dryRun");
        try (Tarn now = tarn.again()) {
            Rewind.Result result =
                    now.sources()
                            .rewind(
                                    new Rewind(
                                            a.list("select"),
                                            List.of(),
                                            ref,
                                            target(a, ref),
                                            a.list("parts"),
                                            a.flag("keepRows") || a.text("position").isPresent(),
                                            true));
            if (dryRun) {
                Map<String, @Nullable Object> all = new LinkedHashMap<>();
                all.put("moved", result.moved().stream().map(CareRoutes::moved).toList());
                return Api.json(200, all);
            }
        }
        return ordered(
                a,
                new OnDemand.Order.Rewind(
                        a.list("select"),
                        a.text("to"),
                        a.text("position"),
                        a.list("parts"),
                        a.flag("keepRows"),
                        ref));
    }

    private static Rewind.Target target(Asked a, RefName ref) {
        if (a.text("position").isPresent()) {
            return new Rewind.Target.Value(a.text("position").get());
        }
        String to = WarehouseRoutes.required(a, "to");
        return to.equals("start")
                ? new Rewind.Target.Start()
                : new Rewind.Target.State(At.parse(to, ref));
    }

    private static Map<String, @Nullable Object> moved(Rewind.Moved moved) {
        Map<String, @Nullable Object> all = new LinkedHashMap<>();
        all.put("table", moved.table());
        all.put("part", moved.part());
        all.put("from", moved.from());
        all.put("to", moved.to());
        return all;
    }

    private static Map<String, @Nullable Object> behind(Sources.Behind behind) {
        Map<String, @Nullable Object> all = new LinkedHashMap<>();
        all.put("source", behind.source().value());
        all.put("table", behind.table());
        all.put(
                "rows",
                behind.lag().rows() < 0
                        ? Optional.empty()
                        : Optional.of((Object) behind.lag().rows()));
        return all;
    }

    private static Map<String, @Nullable Object> misfits(Quarantine.Misfits misfits) {
        Map<String, @Nullable Object> all = new LinkedHashMap<>();
        all.put("table", misfits.table());
        all.put("column", misfits.column());
        all.put("example", misfits.example());
        all.put("rows", misfits.rows());
        all.put("first", misfits.first());
        all.put("last", misfits.last());
        return all;
    }

    private static RefName ref(Asked a) {
        return a.text("ref").map(RefName::new).orElse(RefName.MAIN);
    }

    private static TableName name(Asked a) {
        return TableName.parse(WarehouseRoutes.required(a, "name"));
    }

    private static List<String> words(Optional<String> text) {
        return text.map(t -> List.of(t.strip().split("\\s+"))).orElse(List.of());
    }
}
