package dev.tarn.project;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.Problem;
import dev.tarn.model.TableName;
import dev.tarn.model.TarnException;
import dev.tarn.model.graph.Materialization;
import dev.tarn.model.graph.Node;
import dev.tarn.model.graph.NodeId;
import dev.tarn.model.graph.Project;
import dev.tarn.model.graph.SqlText;
import dev.tarn.model.graph.UnitCase;
import dev.tarn.model.table.Schema;
import dev.tarn.spi.EngineSession;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Binds every query of a project against the columns of its inputs before anything runs, so that an
 * unknown column or a wrong type is found at once, in whichever model it is.
 */
public final class ProjectBinder {
    private static final int CHECKS_AT_ONCE = 50;
    private static final Schema NO_COLUMNS = new Schema(List.of());

    private final Project project;
    private final BindSessions sessions;
    private final BindCache remembered;
    private final Function<NodeId, Optional<Schema>> known;
    private final Consumer<Problem> notes;
    private final RawColumns raw;
    private final QueryInputs reading;
    private final Unbound unbound;
    private final OpenRelations opened = new OpenRelations();
    private final Set<NodeId> late;
    private final Map<NodeId, Schema> columns = new HashMap<>();
    private final Map<NodeId, Node> bound = new HashMap<>();

    private ProjectBinder(
            Project project,
            BindSessions sessions,
            BindCache remembered,
            Function<NodeId, Optional<Schema>> known,
            Set<NodeId> late,
            Consumer<Problem> notes) {
        this.project = project;
        this.late = late;
        this.sessions = sessions;
        this.remembered = remembered;
        this.known = known;
        this.notes = notes;
        this.reading = new QueryInputs(project);
        this.unbound = new Unbound(project);
        this.raw = new RawColumns(project, sessions, remembered, this::describe);
    }

    /**
     * What to bind with.
     *
     * @param sessions opens a session without relations; called when one is needed, if at all
     * @param sessionsMax how many sessions may work at the same time
     * @param cache what earlier compiles remembered, and where the results go
     * @param known the columns of tables that are there already; asked for sources, and for models
     *     that read their own table
     * @param late nodes whose code is not final, so that they and what reads them are passed over
     * @param lenient bind what is right; what is wrong is only noted, and will fail when it runs
     * @param notes is told which nodes could not be looked at, because the columns of a source are
     *     neither known nor declared
     */
    public record Request(
            Supplier<EngineSession> sessions,
            int sessionsMax,
            Optional<CompileCache> cache,
            Function<NodeId, Optional<Schema>> known,
            Set<NodeId> late,
            boolean lenient,
            Consumer<Problem> notes) {}

    /**
     * A project with the columns of its models.
     *
     * @param shapes the columns of everything queries can read, sources and seeds too; of what is
     *     not known, those that queries ask for
     */
    public record Bound(Project project, Map<TableName, Schema> shapes) {}

    /**
     * Binds a project.
     *
     * @throws TarnException with everything that is wrong; what reads a wrong model is not blamed
     */
    public static Bound bind(Project project, Request request) {
        try (BindSessions sessions = BindSessions.upTo(request.sessionsMax(), request.sessions())) {
            BindCache cache = new BindCache(request.cache());
            return new ProjectBinder(
                            project,
                            sessions,
                            cache,
                            request.known(),
                            request.late(),
                            request.notes())
                    .bind(request.lenient());
        }
    }

    /**
     * Binds a project in one session, from nothing.
     *
     * @param session a session of its own, without relations; its relations are shapes afterwards
     */
    public static Project bind(
            Project project,
            EngineSession session,
            Function<NodeId, Optional<Schema>> known,
            Consumer<Problem> notes) {
        return bind(project, session, known, Set.of(), notes);
    }

    /**
     * Binds a project in one session, from nothing.
     *
     * @param late nodes whose code is not final, so that they and what reads them are passed over
     */
    public static Project bind(
            Project project,
            EngineSession session,
            Function<NodeId, Optional<Schema>> known,
            Set<NodeId> late,
            Consumer<Problem> notes) {
        try (BindSessions sessions = BindSessions.in(session)) {
            BindCache cache = new BindCache(Optional.empty());
            return new ProjectBinder(project, sessions, cache, known, late, notes)
                    .bind(false)
                    .project();
        }
    }

    private Bound bind(boolean lenient) {
        List<Node.Check> checks = new ArrayList<>();
        List<Node.Check> unitTests = new ArrayList<>();
        List<List<Node.Model>> layers = new ArrayList<>();
        Map<NodeId, Integer> depths = new HashMap<>();
        for (Node node : project.nodes().values()) {
            switch (node) {
                case Node.Source source -> source(source);
                case Node.Seed seed -> seed(seed);
                case Node.Model model -> layer(model, depths, layers);
                case Node.Check check -> (check.isUnit() ? unitTests : checks).add(check);
            }
        }
        layers.forEach(this::models);
        unitTests(unitTests);
        checks(checks);
        if (lenient) {
            unbound.problems().forEach(notes);
        } else {
            unbound.throwIfAny();
        }
        Map<TableName, Schema> shapes = new HashMap<>(opened.shapes());
        shapes.putAll(sessions.shapes());
        return new Bound(project.with(bound.values()), Map.copyOf(shapes));
    }

    /** Puts a model into the layer above all that it reads. */
    private static void layer(
            Node.Model model, Map<NodeId, Integer> depths, List<List<Node.Model>> layers) {
        int depth = 0;
        for (NodeId input : model.dependsOn()) {
            depth = Math.max(depth, depths.getOrDefault(input, -1) + 1);
        }
        depths.put(model.id(), depth);
        while (layers.size() <= depth) {
            layers.add(new ArrayList<>());
        }
        layers.get(depth).add(model);
    }

    private void define(NodeId id, TableName name, Schema schema) {
        columns.put(id, schema);
        sessions.define(name, schema);
        remembered.define(name, schema);
    }

    private void source(Node.Source source) {
        Optional<Schema> schema = known.apply(source.id()).or(() -> raw.of(source));
        if (schema.isPresent()) {
            define(source.id(), source.relation(), schema.get());
        } else {
            unbound.unknown(source.id());
            notes.accept(BindErrors.columnsUnknown(source.common().place(), source.name()));
        }
    }

    private void seed(Node.Seed seed) {
        raw.of(seed).ifPresent(s -> define(seed.id(), seed.relation(), s));
    }

    /** Binds models that do not read each other: first all of them, then what adds to them. */
    private void models(List<Node.Model> layer) {
        List<Query> queries = new ArrayList<>();
        List<Node.Model> open = new ArrayList<>();
        for (Node.Model model : layer) {
            if (QueryInputs.takesArguments(model)) {
                continue;
            }
            if (canBind(model)) {
                queries.add(new Query(model, model.sql(), inputs(model)));
            } else if (opened.reads(model, reading.inputs(model), sessions.shapes().keySet())) {
                open.add(model);
            }
        }
        open.forEach(this::open);
        Map<NodeId, Schema> schemas = all(queries);
        List<Query> additions = new ArrayList<>();
        for (Query query : queries) {
            Node.Model model = (Node.Model) query.node();
            Schema schema = schemas.get(model.id());
            if (schema == null) {
                beginOpen(model);
                continue;
            }
            Optional<Schema> shape = kept(model, schema);
            if (shape.isEmpty()) {
                continue;
            }
            columns.put(model.id(), shape.get());
            QueryInputs.relation(model).ifPresent(r -> define(model.id(), r, shape.get()));
            if (model.incrementalSql().isPresent()) {
                Set<TableName> inputs = reading.inputs(model);
                inputs.add(model.relation());
                additions.add(new Query(model, model.incrementalSql().get(), inputs));
            }
        }
        Map<NodeId, Schema> added = all(additions);
        additions.stream()
                .map(q -> q.node().id())
                .filter(id -> !added.containsKey(id))
                .forEach(bound::remove);
    }

    /** What a model may read: also its own table, where that is there from before. */
    private Set<TableName> inputs(Node.Model model) {
        Set<TableName> inputs = reading.inputs(model);
        if (QueryInputs.mayReadItself(model)) {
            known.apply(model.id())
                    .ifPresent(there -> {
                        define(model.id(), model.relation(), there);
                        inputs.add(model.relation());
                    });
        }
        return inputs;
    }

    /** Binds a model that reads what nobody knows the columns of, as far as that goes. */
    private void open(Node.Model model) {
        Query query = new Query(model, model.sql(), reading.inputs(model));
        EngineSession session = sessions.one();
        if (!declaresWhatItReads(session, query)) {
            return;
        }
        OpenColumns.Outcome outcome = opened.bind(session, model, query.sql(), query.inputs());
        outcome.wrong().ifPresent(p -> unbound.fail(model, query.sql(), new TarnException(p)));
        outcome.columns()
                .flatMap(OpenColumns.Known::schema)
                .flatMap(schema -> kept(model, schema))
                .ifPresent(shape -> {
                    unbound.known(model.id());
                    columns.put(model.id(), shape);
                    QueryInputs.relation(model).ifPresent(r -> define(model.id(), r, shape));
                });
    }

    /** Keeps a model with its columns; gives those of the table it becomes. */
    private Optional<Schema> kept(Node.Model model, Schema schema) {
        try {
            QueryRules.requireDistinctColumns(model, schema);
            Node.Model checked = new ContractCheck(this::alone).check(model, schema);
            new KeyCheck(this::alone).check(checked, schema);
            DescribedColumns.missing(project, checked, schema).ifPresent(notes);
            bound.put(model.id(), checked);
            return Optional.of(shape(checked).orElse(schema));
        } catch (TarnException e) {
            unbound.fail(model, e);
            return Optional.empty();
        }
    }

    /** The columns of the table it becomes: a snapshot has some of its own. */
    private static Optional<Schema> shape(Node.Model model) {
        return model.materialization() instanceof Materialization.Snapshot snapshot
                ? model.schema().map(s -> SnapshotColumns.of(s, snapshot.rules()))
                : model.schema();
    }

    /**
     * Completes the queries of unit tests, for inputs that are wrong with the columns of the tables
     * that are there. What cannot be made, because columns are not known or the model is wrong,
     * fails with its reason when it runs.
     */
    private void unitTests(List<Node.Check> tests) {
        UnitTestQuery query =
                new UnitTestQuery(
                        this::alone,
                        id -> Optional.ofNullable(columns.get(id)).or(() -> known.apply(id)));
        for (Node.Check check : tests) {
            UnitCase unit = check.unit().orElseThrow();
            Node model = project.find(unit.model()).orElseThrow();
            boolean wrong =
                    (unbound.hasFailed(model.id()) && !unbound.readsFailed(model))
                            || unit.given().stream()
                                    .flatMap(f -> f.input().stream())
                                    .anyMatch(
                                            i -> unbound.hasFailed(i) && known.apply(i).isEmpty());
            if (wrong) {
                bound.put(check.id(), failing(check, unbound.why(unit)));
                continue;
            }
            try {
                bound.put(check.id(), query.complete(check));
            } catch (TarnException e) {
                bound.put(check.id(), failing(check, e.problems().getFirst().message()));
                if (e.code() == ErrorCode.TABLE_NOT_FOUND) {
                    e.problems().forEach(notes);
                } else {
                    unbound.fail(check, e);
                }
            }
        }
    }

    /** A test that cannot be made yet does not keep others from running, and does not pass. */
    private static Node.Check failing(Node.Check check, String reason) {
        return check.withSql(
                SqlText.of(
                        "select error("
                                + RawColumns.literal("It could not be prepared: " + reason)
                                + ")"));
    }

    /** The columns of a query that reads no relation. */
    private Schema alone(SqlText sql) {
        Optional<CacheKey> key = remembered.key(sql.sql(), Set.of(), "");
        Optional<Schema> known = key.flatMap(remembered::find);
        if (known.isPresent()) {
            return known.get();
        }
        EngineSession session = sessions.one();
        Schema schema = session.describe(sql);
        if (key.isPresent() && session.isClosed(sql) && session.reads(sql).isEmpty()) {
            remembered.put(key.get(), schema);
        }
        return schema;
    }

    /** A query of a node, with all relations it may read. */
    private record Query(Node node, SqlText sql, Set<TableName> inputs) {}

    /** The columns of queries, those that are right; the others are told. */
    private Map<NodeId, Schema> all(List<Query> queries) {
        Map<NodeId, Schema> schemas = new ConcurrentHashMap<>();
        Map<NodeId, CacheKey> keys = new HashMap<>();
        List<Query> fresh = new ArrayList<>();
        for (Query query : queries) {
            Optional<CacheKey> key = remembered.key(query.sql().sql(), query.inputs(), "");
            key.ifPresent(k -> keys.put(query.node().id(), k));
            key.flatMap(remembered::find)
                    .ifPresentOrElse(
                            s -> schemas.put(query.node().id(), s), () -> fresh.add(query));
        }
        sessions.each(
                fresh,
                (session, query) -> {
                    if (!declaresWhatItReads(session, query)) {
                        return;
                    }
                    Optional<Schema> schema = describe(session, query.node(), query.sql());
                    schema.ifPresent(s -> schemas.put(query.node().id(), s));
                    CacheKey key = keys.get(query.node().id());
                    if (key != null && schema.isPresent() && session.isClosed(query.sql())) {
                        remembered.put(key, schema.get());
                    }
                });
        return schemas;
    }

    /** Singular checks one by one, since they may name any table; the others many at once. */
    private void checks(List<Node.Check> checks) {
        List<Query> singular = new ArrayList<>();
        List<Fresh> generic = new ArrayList<>();
        for (Node.Check check : checks) {
            if (!canBind(check)) {
                continue;
            }
            Query query = new Query(check, check.sql(), reading.inputs(check));
            if (check.attachedTo().isEmpty()) {
                singular.add(query);
                continue;
            }
            Optional<CacheKey> key = remembered.key(check.sql().sql(), query.inputs(), "check");
            if (key.flatMap(remembered::find).isEmpty()) {
                generic.add(new Fresh(query, key));
            }
        }
        all(singular);
        List<List<Fresh>> batches = new ArrayList<>();
        for (int i = 0; i < generic.size(); i += CHECKS_AT_ONCE) {
            batches.add(generic.subList(i, Math.min(generic.size(), i + CHECKS_AT_ONCE)));
        }
        sessions.each(batches, this::batch);
    }

    /** A check that is not remembered. */
    private record Fresh(Query query, Optional<CacheKey> key) {}

    private void batch(EngineSession session, List<Fresh> some) {
        List<String> parts =
                some.stream()
                        .map(c -> "select 1 from (\n" + c.query().sql().sql() + "\n)")
                        .toList();
        SqlText together = SqlText.of(String.join(" union all ", parts));
        try {
            session.describe(together);
        } catch (TarnException e) {
            some.forEach(c -> describe(session, c.query().node(), c.query().sql()));
            return;
        }
        if (session.isClosed(together)) {
            some.forEach(c -> c.key().ifPresent(k -> remembered.put(k, NO_COLUMNS)));
        }
    }

    /** Only its macro, its Python or its header knows what becomes of its code. */
    private static boolean isCustom(Node node) {
        return node instanceof Node.Model model
                && (model.isPython()
                        || model.rules().header().isPresent()
                        || model.materialization() instanceof Materialization.Custom);
    }

    /** Whether all inputs have columns; what reads a failed or unknown one is passed over. */
    private boolean canBind(Node node) {
        if (unbound.readsFailed(node)) {
            unbound.passOver(node);
            return false;
        }
        boolean custom = isCustom(node) || QueryInputs.isEmpty(node);
        if (late.contains(node.id()) || custom || unbound.readsUnknown(node)) {
            unbound.unknown(node.id());
            if (custom && !late.contains(node.id())) {
                beginOpen(node);
            }
            return false;
        }
        return true;
    }

    private Optional<Schema> describe(EngineSession session, Node node, SqlText sql) {
        try {
            return Optional.of(session.describe(sql));
        } catch (TarnException e) {
            unbound.fail(node, sql, e);
            return Optional.empty();
        }
    }

    /** From here on what reads it is bound as far as that goes. */
    private void beginOpen(Node node) {
        if (unbound.isUnknown(node.id())) {
            QueryInputs.relation(node).ifPresent(opened::begin);
        }
    }

    private boolean declaresWhatItReads(EngineSession session, Query query) {
        Node node = query.node();
        Set<TableName> read;
        try {
            QueryRules.requireQuery(node, query.sql());
            read = session.reads(query.sql());
        } catch (TarnException e) {
            unbound.fail(node, query.sql(), e);
            return false;
        }
        boolean all = true;
        for (TableName name : read) {
            if (!query.inputs().contains(name)) {
                unbound.fail(node, reading.undeclared(node, query.sql(), name));
                all = false;
            }
        }
        return all;
    }
}
