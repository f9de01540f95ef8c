package dev.tarn.project;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.graph.UnitCase;
import dev.tarn.model.Place;
import dev.tarn.model.Problem;
import dev.tarn.model.TableName;
import dev.tarn.model.TarnException;
import dev.tarn.model.graph.Materialization;
import dev.tarn.model.graph.Node;
import dev.tarn.model.graph.Node.ColumnDoc;
import dev.tarn.model.graph.NodeId;
import dev.tarn.model.graph.Project;
import dev.tarn.model.graph.SqlText;
import dev.tarn.model.table.Schema;
import dev.tarn.spi.EngineSession;
import dev.tarn.spi.Relation;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Binds every query of a project against the columns of its inputs before anything runs, so that an
 * unknown column or a wrong type is found at once, in whichever model it is.
 */
public final class ProjectBinder {
    private static final int CHECKS_AT_ONCE = 50;

    private final Project project;
    private final EngineSession session;
    private final Function<NodeId, Optional<Schema>> known;
    private final Consumer<Problem> notes;
    private final Problems problems = new Problems();
    private final Map<TableName, Node> owners = new HashMap<>();
    private final List<Node.Check> checks = new ArrayList<>();
    private final List<Node.Check> unitTests = new ArrayList<>();
    private final Map<NodeId, Schema> schemas = new HashMap<>();
    private final Set<NodeId> failed = new HashSet<>();
    private final Set<NodeId> unknown = new HashSet<>();
    private final Set<NodeId> late;

    private ProjectBinder(
            Project project,
            EngineSession session,
            Function<NodeId, Optional<Schema>> known,
            Set<NodeId> late,
            Consumer<Problem> notes) {
        this.late = late;
        this.project = project;
        this.session = session;
        this.known = known;
        this.notes = notes;
    }

    /**
     * Binds a project.
     *
     * @param session a session of its own, without relations; its relations are shapes afterwards
     * @param known the columns of tables that are there already; asked for sources and seeds
     * @param notes is told which nodes could not be looked at, because the columns of a source are
     *     neither known nor declared
     * @return the project with the columns of its models
     * @throws TarnException with everything that is wrong; what reads a wrong model is not blamed
     */
    public static Project bind(
            Project project,
            EngineSession session,
            Function<NodeId, Optional<Schema>> known,
            Consumer<Problem> notes) {
        return bind(project, session, known, Set.of(), notes);
    }

    /**
     * Binds a project.
     *
     * @param late nodes whose code is not final, so that they and what reads them are passed over
     */
    public static Project bind(
            Project project,
            EngineSession session,
            Function<NodeId, Optional<Schema>> known,
            Set<NodeId> late,
            Consumer<Problem> notes) {
        return new ProjectBinder(project, session, known, late, notes).bind(false);
    }

    /**
     * Binds what is right in a project; what is wrong is only noted, and will fail when it runs.
     */
    public static Project bindWhatIsRight(
            Project project,
            EngineSession session,
            Function<NodeId, Optional<Schema>> known,
            Set<NodeId> late,
            Consumer<Problem> notes) {
        return new ProjectBinder(project, session, known, late, notes).bind(true);
    }

    private Project bind(boolean lenient) {
        for (Node node : project.nodes().values()) {
            relation(node).ifPresent(r -> owners.put(r, node));
        }
        List<Node> bound = new ArrayList<>();
        for (Node node : project.nodes().values()) {
            switch (node) {
                case Node.Source source -> source(source);
                case Node.Seed seed -> seed(seed);
                case Node.Model model -> model(model).ifPresent(bound::add);
                case Node.Check check -> (check.isUnit() ? unitTests : checks).add(check);
            }
        }
        bound.addAll(unitTests());
        checks();
        if (lenient) {
            problems.sorted().forEach(notes);
        } else {
            problems.throwIfAny();
        }
        return project.with(bound);
    }

    private static Optional<TableName> relation(Node node) {
        return switch (node) {
            case Node.Source source -> Optional.of(source.relation());
            case Node.Seed seed -> Optional.of(seed.relation());
            case Node.Model model ->
                    model.materialization() instanceof Materialization.Ephemeral
                            ? Optional.empty()
                            : Optional.of(model.relation());
            case Node.Check check -> Optional.empty();
        };
    }

    private void source(Node.Source source) {
        Optional<Schema> schema = known.apply(source.id());
        if (schema.isEmpty()) {
            schema = declared(source).or(() -> seeded(source));
        }
        if (schema.isPresent()) {
            schemas.put(source.id(), schema.get());
            session.define(source.relation(), new Relation.Shape(schema.get()));
        } else {
            unknown.add(source.id());
            notes.accept(BindErrors.columnsUnknown(source.common().place(), source.name()));
        }
    }

    /** The columns a property file gives types to; empty unless it does so for all. */
    private Optional<Schema> declared(Node.Source source) {
        Collection<ColumnDoc> columns = source.columns().values();
        if (columns.isEmpty() || columns.stream().anyMatch(c -> c.dataType().isEmpty())) {
            return Optional.empty();
        }
        List<String> casts =
                columns.stream()
                        .map(c ->
                                "cast(null as %s) as %s"
                                        .formatted(
                                                c.dataType().orElseThrow(),
                                                SqlNames.always(c.name())))
                        .toList();
        Place place = source.common().place();
        String sql = "select " + String.join(", ", casts);
        return describe(source, new SqlText(sql, offset -> Optional.of(place)));
    }

    /** The columns of the seed that fills it, where a project brings its own raw data. */
    private Optional<Schema> seeded(Node.Source source) {
        return project.nodes().values().stream()
                .filter(Node.Seed.class::isInstance)
                .map(Node.Seed.class::cast)
                .filter(s -> s.relation().equals(source.relation()))
                .findFirst()
                .flatMap(s -> describe(s, rows(s)));
    }

    private SqlText rows(Node.Seed seed) {
        Path file = project.root().resolve(seed.file());
        StringBuilder types = new StringBuilder();
        seed.columnTypes()
                .forEach((column, type) ->
                        types.append(types.isEmpty() ? ", types = {" : ", ")
                                .append(literal(column))
                                .append(": ")
                                .append(literal(type)));
        String sql =
                "select * from read_csv(%s, header = true, delim = %s%s)"
                        .formatted(
                                literal(file.toString()),
                                literal(String.valueOf(seed.delimiter())),
                                types.isEmpty() ? "" : types.append('}'));
        return new SqlText(sql, offset -> Optional.of(Place.of(seed.file())));
    }

    private void seed(Node.Seed seed) {
        describe(seed, rows(seed))
                .ifPresent(s -> {
                    schemas.put(seed.id(), s);
                    session.define(seed.relation(), new Relation.Shape(s));
                });
    }

    private static String literal(String text) {
        return "'" + text.replace("'", "''") + "'";
    }

    private Optional<Node> model(Node.Model model) {
        if (!canBind(model)) {
            return Optional.empty();
        }
        Optional<Schema> schema = query(model, model.sql(), Optional.empty());
        if (schema.isEmpty()) {
            return Optional.empty();
        }
        Node.Model checked;
        try {
            QueryRules.requireDistinctColumns(model, schema.get());
            checked = new ContractCheck(session).check(model, schema.get());
        } catch (TarnException e) {
            fail(model, e);
            return Optional.empty();
        }
        schema = Optional.of(shape(checked).orElse(schema.get()));
        schemas.put(model.id(), schema.get());
        if (relation(model).isPresent()) {
            session.define(model.relation(), new Relation.Shape(schema.get()));
        }
        if (model.incrementalSql().isPresent()
                && query(model, model.incrementalSql().get(), Optional.of(model.relation()))
                        .isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(checked);
    }

    /** The columns of the table it becomes: a snapshot has some of its own. */
    private static Optional<Schema> shape(Node.Model model) {
        return model.materialization() instanceof Materialization.Snapshot snapshot
                ? model.schema().map(s -> SnapshotColumns.of(s, snapshot.rules()))
                : model.schema();
    }

    /**
     * Unit tests with their queries complete. What cannot be made, because columns are not known or
     * the model is wrong, fails with its reason when it runs.
     */
    private List<Node> unitTests() {
        UnitTestQuery query =
                new UnitTestQuery(session, id -> Optional.ofNullable(schemas.get(id)));
        List<Node> complete = new ArrayList<>();
        for (Node.Check check : unitTests) {
            UnitCase unit = check.unit().orElseThrow();
            boolean wrong =
                    failed.contains(unit.model())
                            || unit.given().stream()
                                    .flatMap(f -> f.input().stream())
                                    .anyMatch(failed::contains);
            if (wrong) {
                complete.add(failing(check, "its model, or what it reads, is wrong"));
                continue;
            }
            try {
                complete.add(query.complete(check));
            } catch (TarnException e) {
                if (e.code() != ErrorCode.TABLE_NOT_FOUND) {
                    fail(check, e);
                }
                complete.add(failing(check, e.problems().getFirst().message()));
            }
        }
        return complete;
    }

    private static Node.Check failing(Node.Check check, String reason) {
        return check.withSql(
                SqlText.of("select error(" + literal("It could not be prepared: " + reason) + ")"));
    }

    /** Singular checks one by one, since they may name any table; the others many at once. */
    private void checks() {
        List<Node.Check> generic = new ArrayList<>();
        for (Node.Check check : checks) {
            if (!canBind(check)) {
                continue;
            }
            if (check.attachedTo().isPresent()) {
                generic.add(check);
            } else {
                query(check, check.sql(), Optional.empty());
            }
        }
        for (int i = 0; i < generic.size(); i += CHECKS_AT_ONCE) {
            List<Node.Check> some =
                    generic.subList(i, Math.min(generic.size(), i + CHECKS_AT_ONCE));
            if (!allBind(some)) {
                some.forEach(c -> describe(c, c.sql()));
            }
        }
    }

    private boolean allBind(List<Node.Check> some) {
        List<String> parts = some.stream().map(c -> "exists (\n" + c.sql().sql() + "\n)").toList();
        try {
            session.describe(SqlText.of("select " + String.join(", ", parts)));
            return true;
        } catch (TarnException e) {
            return false;
        }
    }

    /** Whether all inputs have columns; what reads a failed or unknown one is passed over. */
    private boolean canBind(Node node) {
        if (node.dependsOn().stream().anyMatch(failed::contains)) {
            failed.add(node.id());
            return false;
        }
        if (late.contains(node.id()) || node.dependsOn().stream().anyMatch(unknown::contains)) {
            unknown.add(node.id());
            return false;
        }
        return true;
    }

    private Optional<Schema> query(Node node, SqlText sql, Optional<TableName> itself) {
        return declaresWhatItReads(node, sql, itself) ? describe(node, sql) : Optional.empty();
    }

    private Optional<Schema> describe(Node node, SqlText sql) {
        try {
            return Optional.of(session.describe(sql));
        } catch (TarnException e) {
            fail(node, e);
            return Optional.empty();
        }
    }

    private void fail(Node node, TarnException e) {
        failed.add(node.id());
        e.at(node.common().place()).problems().stream()
                .map(BindErrors::withWayOut)
                .forEach(problems::add);
    }

    private boolean declaresWhatItReads(Node node, SqlText sql, Optional<TableName> itself) {
        Set<TableName> read;
        try {
            QueryRules.requireQuery(node, sql);
            read = session.reads(sql);
        } catch (TarnException e) {
            fail(node, e);
            return false;
        }
        Set<TableName> declared = new HashSet<>();
        itself.ifPresent(declared::add);
        declare(node, declared, new HashSet<>());
        boolean all = true;
        for (TableName name : read) {
            if (!declared.contains(name)) {
                failed.add(node.id());
                problems.add(undeclared(node, sql, name));
                all = false;
            }
        }
        return all;
    }

    /** The inputs of a node, and those of the ephemeral models it contains. */
    private void declare(Node node, Set<TableName> declared, Set<NodeId> seen) {
        for (NodeId id : node.dependsOn()) {
            Node input = project.nodes().get(id);
            if (input == null || !seen.add(id)) {
                continue;
            }
            Optional<TableName> relation = relation(input);
            if (relation.isPresent()) {
                declared.add(relation.get());
            } else {
                declare(input, declared, seen);
            }
        }
    }

    private Problem undeclared(Node node, SqlText sql, TableName name) {
        Place place =
                TableMention.find(sql.sql(), name)
                        .flatMap(sql::locate)
                        .orElse(node.common().place());
        Node owner = owners.get(name);
        return owner == null
                ? BindErrors.tableNotFound(place, node.name(), name, owners.keySet())
                : BindErrors.tableNotDeclared(place, node.name(), name, owner);
    }
}
