package dev.tarn.project;

import dev.tarn.jinja.Arguments;
import dev.tarn.jinja.Missing;
import dev.tarn.jinja.PyCallable;
import dev.tarn.jinja.PyObject;
import dev.tarn.jinja.Tuple;
import dev.tarn.jinja.Undefined;
import dev.tarn.jinja.Values;
import dev.tarn.model.TableName;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/** A table or view as templates hold it; as text, the name a query writes. */
final class RelationValue implements PyObject {
    /** What templates are told the database is called; it is never part of a name in SQL. */
    static final String DATABASE = "tarn";

    /** What it is made of, in the order of Python. */
    private static final List<String> FACTS =
            List.of(
                    "path",
                    "type",
                    "quote_character",
                    "include_policy",
                    "quote_policy",
                    "dbt_created");

    private final String database;
    private final @Nullable String schema;
    private final @Nullable String identifier;
    private final @Nullable String type;
    private final boolean schemaShown;
    private final boolean identifierShown;
    private final Runnable whenRendered;

    private RelationValue(
            String database,
            @Nullable String schema,
            @Nullable String identifier,
            @Nullable String type,
            boolean schemaShown,
            boolean identifierShown) {
        this(database, schema, identifier, type, schemaShown, identifierShown, () -> {});
    }

    private RelationValue(
            String database,
            @Nullable String schema,
            @Nullable String identifier,
            @Nullable String type,
            boolean schemaShown,
            boolean identifierShown,
            Runnable whenRendered) {
        this.database = database;
        this.schema = schema;
        this.identifier = identifier;
        this.type = type;
        this.schemaShown = schemaShown;
        this.identifierShown = identifierShown;
        this.whenRendered = whenRendered;
    }

    static RelationValue of(
            @Nullable String schema, @Nullable String identifier, @Nullable String type) {
        return new RelationValue(DATABASE, schema, identifier, type, true, true);
    }

    /** A common table expression that stands for an ephemeral model. */
    static RelationValue cte(String name) {
        return new RelationValue(DATABASE, null, name, "cte", false, true);
    }

    /** The table in the warehouse; empty when it is not one. */
    Optional<TableName> tableName() {
        return schema == null || identifier == null
                ? Optional.empty()
                : Optional.of(new TableName(schema, identifier));
    }

    @Nullable String identifier() {
        return identifier;
    }

    @Nullable String schema() {
        return schema;
    }

    /** The same name, known to be a table, a view or something else. */
    RelationValue ofType(@Nullable String newType) {
        return new RelationValue(
                database, schema, identifier, newType, schemaShown, identifierShown);
    }

    /** The same name, with what templates are told its database is called. */
    RelationValue in(String newDatabase) {
        return new RelationValue(
                newDatabase, schema, identifier, type, schemaShown, identifierShown);
    }

    /** The same, telling when a template asks for its name by {@code render()}. */
    RelationValue watched(Runnable rendered) {
        return new RelationValue(
                database, schema, identifier, type, schemaShown, identifierShown, rendered);
    }

    @Override
    public String text() {
        StringJoiner parts = new StringJoiner(".");
        if (schemaShown && schema != null) {
            parts.add(SqlNames.quoted(schema));
        }
        if (identifierShown && identifier != null) {
            parts.add(SqlNames.quoted(identifier));
        }
        return parts.toString();
    }

    @Override
    public String representation() {
        return "<Relation " + text() + ">";
    }

    @Override
    public String typeName() {
        return "Relation";
    }

    @Override
    public boolean mapping() {
        return true;
    }

    @Override
    public @Nullable Object item(@Nullable Object key) {
        return key instanceof String name ? attribute(name) : Missing.VALUE;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof RelationValue r && text().equals(r.text());
    }

    @Override
    public int hashCode() {
        return Objects.hash(text());
    }

    @Override
    public @Nullable Object attribute(String name) {
        return switch (name) {
            case "database" -> database;
            case "schema" -> schema;
            case "identifier", "name", "table" -> identifier;
            case "type" -> type;
            case "is_table" -> "table".equals(type);
            case "is_view" -> "view".equals(type);
            case "is_cte" -> "cte".equals(type);
            case "is_materialized_view" -> "materialized_view".equals(type);
            case "is_external" -> "external".equals(type);
            case "is_function" -> "function".equals(type);
            case "is_pointer", "is_dynamic_table", "is_iceberg_format" -> false;
            case "can_be_renamed", "can_be_replaced" -> "table".equals(type) || "view".equals(type);
            case "renameable_relations", "replaceable_relations" -> Tuple.of("table", "view");
            case "limit", "event_time_filter", "external", "catalog" -> null;
            case "dbt_created" -> false;
            case "require_alias" -> false;
            case "PointerTable" -> "pointer_table";
            case "include_policy" -> policy(false, schemaShown, identifierShown);
            case "quote_policy" -> policy(true, true, true);
            case "Function" -> "function";
            case "metadata" -> new LinkedHashMap<Object, Object>(Map.of("type", "DuckDBRelation"));
            case "information_schema_view" -> null;
            case "quote_character" -> "\"";
            case "Table" -> "table";
            case "View" -> "view";
            case "CTE" -> "cte";
            case "External" -> "external";
            case "MaterializedView" -> "materialized_view";
            case "path" -> path();
            default -> method(name);
        };
    }

    private Object method(String name) {
        return switch (name) {
            case "render" ->
                    (PyCallable)
                            a -> {
                                whenRendered.run();
                                return text();
                            };
            case "__str__" -> (PyCallable) a -> text();
            case "quoted" -> (PyCallable) a -> SqlNames.always(a.requireText(0, "identifier"));
            case "include" -> (PyCallable) this::include;
            case "quote" -> (PyCallable) a -> this;
            case "without_identifier" ->
                    (PyCallable)
                            a ->
                                    new RelationValue(
                                            database, schema, null, type, schemaShown, false);
            case "incorporate", "replace_path" -> (PyCallable) this::incorporate;
            case "information_schema" -> (PyCallable) RelationValue::information;
            case "information_schema_only" -> (PyCallable) a -> information(Arguments.of());
            case "get_relation_type" -> type == null ? "table" : type;
            case "create_from" -> (PyCallable) RelationValue::from;
            case "create_from_source", "create_from_node", "create_from_relation" ->
                    (PyCallable) RelationValue::from;
            case "scd_args" ->
                    (PyCallable)
                            a -> {
                                List<@Nullable Object> all = new ArrayList<>();
                                Object key = a.require(0, "primary_key");
                                all.addAll(
                                        key instanceof List<?> l ? l : List.of(Values.text(key)));
                                all.add(a.require(1, "updated_at"));
                                return all;
                            };
            case "render_limited" -> (PyCallable) a -> text();
            case "get_default_quote_policy", "get_default_include_policy" ->
                    (PyCallable) a -> policy(true, true, true);
            case "to_dict" -> (PyCallable) a -> facts();
            case "values" -> (PyCallable) a -> new ArrayList<>(facts().values());
            case "items" ->
                    (PyCallable)
                            a ->
                                    new ArrayList<Object>(
                                            facts().entrySet().stream()
                                                    .map(e -> Tuple.of(e.getKey(), e.getValue()))
                                                    .toList());
            case "keys" -> (PyCallable) a -> Tuple.copyOf(FACTS);
            case "create" -> (PyCallable) RelationValue::create;
            case "matches" -> (PyCallable) this::matches;
            case "add_ephemeral_prefix" ->
                    (PyCallable) a -> "__dbt__cte__" + a.requireText(0, "name");
            case "get" ->
                    (PyCallable)
                            a -> {
                                Object found = item(a.require(0, "key"));
                                return found == Missing.VALUE ? a.get(1, "default", null) : found;
                            };
            default -> Missing.VALUE;
        };
    }

    private Map<Object, @Nullable Object> facts() {
        Map<Object, @Nullable Object> facts = new LinkedHashMap<>();
        for (String name : FACTS) {
            facts.put(name, attribute(name));
        }
        return facts;
    }

    private static Map<Object, Object> policy(boolean database, boolean schema, boolean id) {
        Map<Object, Object> policy = new LinkedHashMap<>();
        policy.put("database", database);
        policy.put("schema", schema);
        policy.put("identifier", id);
        return policy;
    }

    /** A view of the standard that lists what there is. */
    private static RelationValue information(Arguments a) {
        return new RelationValue(
                DATABASE, "information_schema", a.text(0, "view_name", null), "view", true, true);
    }

    /** A relation for a node as {@code graph} has it. */
    private static Object from(Arguments a) {
        Object node = a.get(a.count() > 1 ? 1 : 0, "node", null);
        if (node instanceof RelationValue relation) {
            return relation;
        }
        if (!(node instanceof Map<?, ?> map)) {
            throw TemplateErrors.badArguments("Relation.create_from()", "a node of the graph");
        }
        Object identifier = map.containsKey("alias") ? map.get("alias") : map.get("identifier");
        return of(string(map.get("schema")), string(identifier), "table");
    }

    private Map<Object, @Nullable Object> path() {
        Map<Object, @Nullable Object> path = new LinkedHashMap<>();
        path.put("database", database);
        path.put("schema", schema);
        path.put("identifier", identifier);
        return path;
    }

    private RelationValue include(Arguments a) {
        return new RelationValue(
                database,
                schema,
                identifier,
                type,
                a.flag(1, "schema", schemaShown),
                a.flag(2, "identifier", identifierShown));
    }

    private RelationValue incorporate(Arguments a) {
        Map<?, ?> path = a.get(-1, "path", null) instanceof Map<?, ?> m ? m : a.keywords();
        return new RelationValue(
                database,
                path.containsKey("schema") ? string(path.get("schema")) : schema,
                path.containsKey("identifier") ? string(path.get("identifier")) : identifier,
                a.keywords().containsKey("type") ? string(a.keywords().get("type")) : type,
                schemaShown,
                identifierShown);
    }

    /** {@code api.Relation.create(database, schema, identifier, type)}. */
    static RelationValue create(Arguments a) {
        return of(
                string(a.get(1, "schema", null)),
                string(a.get(2, "identifier", null)),
                string(a.get(3, "type", null)));
    }

    private boolean matches(Arguments a) {
        return same(schema, string(a.get(1, "schema", null)))
                && same(identifier, string(a.get(2, "identifier", null)));
    }

    private static boolean same(@Nullable String mine, @Nullable String wanted) {
        return wanted == null
                || (mine != null
                        && mine.toLowerCase(Locale.ROOT).equals(wanted.toLowerCase(Locale.ROOT)));
    }

    private static @Nullable String string(@Nullable Object value) {
        return value == null || value instanceof Undefined ? null : Values.text(value);
    }
}
