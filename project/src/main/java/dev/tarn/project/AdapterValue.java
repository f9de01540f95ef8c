package dev.tarn.project;

import dev.tarn.jinja.Arguments;
import dev.tarn.jinja.Missing;
import dev.tarn.jinja.PyCallable;
import dev.tarn.jinja.PyObject;
import dev.tarn.jinja.Tuple;
import dev.tarn.jinja.Values;
import dev.tarn.model.TableName;
import dev.tarn.model.table.Field;
import dev.tarn.model.table.Schema;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code adapter}: dispatch between macros, and questions to the database. */
final class AdapterValue implements PyObject {
    /** What Tarn calls itself to packages, so that they pick their SQL for this dialect. */
    static final String TYPE = "duckdb";

    private static final List<String> METHODS =
            List.of(
                    ("dispatch type quote quote_as_configured quote_seed_column get_relation"
                                    + " load_relation list_relations list_relations_without_caching"
                                    + " get_columns_in_relation get_missing_columns"
                                    + " get_column_schema_from_query expand_target_column_types"
                                    + " check_schema_exists list_schemas create_schema drop_schema"
                                    + " drop_relation truncate_relation rename_relation execute"
                                    + " convert_type standardize_grants_dict"
                                    + " get_incremental_strategy_macro external_root"
                                    + " render_raw_columns_constraints"
                                    + " render_raw_model_constraints location_exists"
                                    + " external_write_options external_read_location"
                                    + " get_seed_file_path get_temp_relation_path parse_index"
                                    + " valid_incremental_strategies get_columns_in_table"
                                    + " convert_datetimes_to_strs")
                            .split(" "));

    /** Those of dbt on DuckDB. */
    private static final List<String> STRATEGIES =
            List.of("append", "delete+insert", "merge", "microbatch");

    /** Those that a macro of the same name stands behind, which a project may write anew. */
    private static final Set<String> MACROS =
            Set.of(
                    "get_columns_in_relation",
                    "create_schema",
                    "drop_schema",
                    "drop_relation",
                    "truncate_relation",
                    "rename_relation");

    private static final List<String> HARD_DELETES = List.of("ignore", "invalidate", "new_record");

    private final NodeContext context;
    private final MacroDispatch dispatch;

    /** What a project's own macro may mean when it asks for the same. */
    private final Set<String> overriding = new HashSet<>();

    AdapterValue(NodeContext context) {
        this.context = context;
        this.dispatch = new MacroDispatch(context);
    }

    @Override
    public @Nullable Object attribute(String name) {
        context.trace().adapter(name);
        if (MACROS.contains(name) && context.executes() && !overriding.contains(name)) {
            Optional<MacroLibrary.Macro> own = dispatch.override(name);
            if (own.isPresent()) {
                return (PyCallable) a -> overridden(name, own.get(), a);
            }
        }
        return method(name);
    }

    private @Nullable Object overridden(String name, MacroLibrary.Macro macro, Arguments a) {
        overriding.add(name);
        try {
            return ((PyCallable) context.bind(macro)).call(a);
        } finally {
            overriding.remove(name);
        }
    }

    private @Nullable Object method(String name) {
        return switch (name) {
            case "dispatch" -> (PyCallable) dispatch;
            case "get_incremental_strategy_macro" -> (PyCallable) dispatch::strategy;
            case "type" -> (PyCallable) a -> TYPE;
            case "Relation" -> RelationValue.of(null, null, null);
            case "Column" -> new ColumnValue.Type();
            case "config" -> new RuntimeConfigValue(context.scope(), context.scope().root());
            case "quote", "quote_as_configured" ->
                    (PyCallable) a -> SqlNames.always(a.requireText(0, "identifier"));
            case "quote_seed_column" -> (PyCallable) AdapterValue::seedColumn;
            case "get_relation", "load_relation" -> (PyCallable) this::relation;
            case "list_relations", "list_relations_without_caching" -> (PyCallable) this::relations;
            case "check_schema_exists" ->
                    (PyCallable) a -> schemas().contains(a.requireText(1, "schema"));
            case "already_exists" ->
                    (PyCallable)
                            a ->
                                    context.executes()
                                            && context.database("adapter.already_exists")
                                                    .kind(
                                                            new TableName(
                                                                    a.requireText(0, "schema"),
                                                                    a.requireText(1, "name")))
                                                    .isPresent();
            case "list_schemas" -> (PyCallable) a -> schemas();
            case "get_columns_in_relation" -> (PyCallable) this::columns;
            case "get_columns_in_table" ->
                    (PyCallable)
                            a ->
                                    columns(
                                            RelationValue.of(
                                                    a.requireText(0, "schema"),
                                                    a.requireText(1, "identifier"),
                                                    null));
            case "get_pseudocolumns_for_relation" -> (PyCallable) a -> new ArrayList<>();
            case "get_temp_relation_path" -> (PyCallable) this::temporary;
            case "parse_index" -> (PyCallable) IndexValue::parse;
            case "valid_incremental_strategies" -> (PyCallable) a -> new ArrayList<>(STRATEGIES);
            case "convert_datetimes_to_strs" ->
                    (PyCallable)
                            a ->
                                    a.require(0, "table") instanceof ResultValue table
                                            ? table.withTimesAsTexts()
                                            : a.require(0, "table");
            case "get_missing_columns" -> (PyCallable) this::missingColumns;
            case "get_column_schema_from_query" -> (PyCallable) this::columnsOfQuery;
            case "execute", "add_query" -> (PyCallable) this::execute;
            case "is_motherduck",
                    "is_ducklake",
                    "use_ducklake_table_workarounds",
                    "disable_transactions" ->
                    (PyCallable) a -> false;
            case "behavior" -> (PyObject) flag -> false;
            case "get_hard_deletes_behavior" -> (PyCallable) this::hardDeletes;
            case "build_catalog_relation", "nice_connection_name" -> (PyCallable) a -> null;
            case "convert_type" -> (PyCallable) a -> "varchar";
            case "standardize_grants_dict" -> (PyCallable) AdapterValue::grants;
            case "render_raw_columns_constraints" ->
                    (PyCallable) a -> ConstraintText.columns(a.require(0, "raw_columns"));
            case "render_raw_model_constraints" ->
                    (PyCallable) a -> ConstraintText.model(a.require(0, "raw_constraints"));
            case "external_root" -> (PyCallable) a -> context.scope().target().get("external_root");
            case "get_binding_char" -> (PyCallable) a -> "?";
            case "cache_added",
                    "cache_dropped",
                    "cache_renamed",
                    "commit",
                    "commit_if_has_connection",
                    "verify_database",
                    "create_schema",
                    "warn_once",
                    "expand_target_column_types",
                    "valid_snapshot_target",
                    "assert_valid_snapshot_target_given_strategy" ->
                    (PyCallable) a -> "";
            default -> {
                Object ofFiles = FileFunctions.find(name, context);
                yield ofFiles == Missing.VALUE ? statement(name) : ofFiles;
            }
        };
    }

    /** What changes relations. */
    private Object statement(String name) {
        return switch (name) {
            case "drop_schema" -> change(a -> "drop schema if exists " + schemaOf(a) + " cascade");
            case "drop_relation" ->
                    change(a -> {
                        RelationValue relation = relationOf(a);
                        return "drop %s if exists %s".formatted(kindOf(relation), relation.text());
                    });
            case "truncate_relation" -> change(a -> "truncate table " + relationOf(a).text());
            case "rename_relation" ->
                    change(a ->
                            "alter %s %s rename to %s"
                                    .formatted(
                                            kindOf(relationOf(a)),
                                            relationOf(a).text(),
                                            a.require(1, "to_relation") instanceof RelationValue to
                                                            && to.identifier() != null
                                                    ? SqlNames.always(to.identifier())
                                                    : Values.text(a.require(1, "to_relation"))));
            default ->
                    (PyCallable)
                            a -> {
                                if (!context.executes()) {
                                    return null;
                                }
                                throw TemplateErrors.noAdapterMethod(name, METHODS);
                            };
        };
    }

    /** Makes the statement for some arguments. */
    private interface Change {
        String sql(Arguments arguments);
    }

    private PyCallable change(Change change) {
        return a -> {
            if (context.executes()) {
                context.database("adapter").execute(change.sql(a));
            }
            return "";
        };
    }

    private static RelationValue relationOf(Arguments a) {
        Object first =
                a.count() > 0
                        ? a.positional().getFirst()
                        : a.keywords().values().stream().findFirst().orElse(null);
        if (first instanceof RelationValue relation) {
            return relation;
        }
        throw TemplateErrors.badArguments("adapter", "a relation");
    }

    private String kindOf(RelationValue relation) {
        return relation.tableName()
                .flatMap(n -> context.database("adapter").kind(n))
                .map(k -> k == CompileDatabase.Kind.VIEW ? "view" : "table")
                .orElse("table");
    }

    private static String schemaOf(Arguments a) {
        return a.require(0, "relation") instanceof RelationValue r && r.schema() != null
                ? SqlNames.quoted(r.schema())
                : Values.text(a.require(0, "schema"));
    }

    /** {@code hard_deletes} of a snapshot, or what its former setting means. */
    private Object hardDeletes(Arguments a) {
        Object config = a.require(0, "config");
        Object chosen = Values.call(Values.attribute(config, "get"), Arguments.of("hard_deletes"));
        Object former =
                Values.call(
                        Values.attribute(config, "get"), Arguments.of("invalidate_hard_deletes"));
        if (chosen != null && former != null) {
            throw SnapshotErrors.hardDeletesTwice();
        }
        if (Values.truthy(former)) {
            return "invalidate";
        }
        String word = chosen == null ? "ignore" : Values.text(chosen);
        if (!HARD_DELETES.contains(word)) {
            throw SnapshotErrors.hardDeletes(word, HARD_DELETES);
        }
        return word;
    }

    /** A name for rows on their way, the same for a relation throughout a run. */
    private Object temporary(Arguments a) {
        Object model = a.require(0, "model");
        String identifier = Values.text(Values.attribute(model, "identifier"));
        String batch = a.text(1, "batch_id", "");
        context.trace().spoil();
        String key = Functions.md5(context.scope().request().invocationId() + identifier);
        Map<Object, Object> path = new LinkedHashMap<>();
        path.put("database", Values.attribute(model, "database"));
        path.put("schema", "dbt_temp");
        path.put(
                "identifier",
                identifier
                        + "__"
                        + key.substring(0, 12)
                        + (batch == null || batch.isEmpty() ? "" : "__" + batch));
        return path;
    }

    private static Object seedColumn(Arguments a) {
        String column = a.requireText(0, "column");
        Object quote = a.get(1, "quote_config", null);
        return quote instanceof Boolean flag && !flag ? column : SqlNames.always(column);
    }

    private @Nullable Object relation(Arguments a) {
        Object first = a.get(0, "relation", null);
        RelationValue wanted = first instanceof RelationValue given ? given : named(a);
        if (!context.executes()) {
            return null;
        }
        return wanted.tableName()
                .flatMap(name -> context.database("adapter.get_relation").kind(name))
                .<Object>map(kind -> wanted.ofType(kind.name().toLowerCase(Locale.ROOT)))
                .orElse(null);
    }

    /** By its three names; those of a database that is attached have schemas of their own. */
    private RelationValue named(Arguments a) {
        Databases databases = Databases.of(context.scope().target());
        String database = a.text(0, "database", null);
        String schema = a.text(1, "schema", null);
        return RelationValue.of(
                        schema == null ? null : databases.schema(database, schema),
                        a.text(2, "identifier", null),
                        "table")
                .in(databases.name(database));
    }

    private Object relations(Arguments a) {
        List<Object> found = new ArrayList<>();
        if (!context.executes()) {
            return found;
        }
        String schema =
                a.get(0, "schema_relation", null) instanceof RelationValue r && r.schema() != null
                        ? r.schema()
                        : a.text(1, "schema", "");
        CompileDatabase database = context.database("adapter.list_relations");
        for (TableName name : database.relations()) {
            if (name.schema().equalsIgnoreCase(schema)) {
                String kind =
                        database.kind(name)
                                .map(k -> k.name().toLowerCase(Locale.ROOT))
                                .orElse("table");
                found.add(RelationValue.of(name.schema(), name.table(), kind));
            }
        }
        return found;
    }

    private List<Object> schemas() {
        if (!context.executes()) {
            return new ArrayList<>();
        }
        return new ArrayList<>(
                context.database("adapter.list_schemas").relations().stream()
                        .map(TableName::schema)
                        .distinct()
                        .sorted()
                        .toList());
    }

    private List<Object> columns(Arguments a) {
        return columns(a.require(0, "relation"));
    }

    private List<Object> columns(@Nullable Object of) {
        List<Object> columns = new ArrayList<>();
        if (!context.executes() || !(of instanceof RelationValue relation)) {
            return columns;
        }
        Optional<TableName> name = relation.tableName();
        if (name.isEmpty()) {
            return columns;
        }
        Optional<Schema> schema =
                context.database("adapter.get_columns_in_relation").columns(name.get());
        schema.ifPresent(s -> s.fields().forEach(f -> columns.add(ColumnValue.kept(f))));
        return columns;
    }

    private Object missingColumns(Arguments a) {
        List<String> known = new ArrayList<>();
        for (Object column : columns(a.require(1, "to_relation"))) {
            known.add(((ColumnValue) column).name().toLowerCase(Locale.ROOT));
        }
        List<Object> missing = columns(a.require(0, "from_relation"));
        missing.removeIf(c -> known.contains(((ColumnValue) c).name().toLowerCase(Locale.ROOT)));
        return missing;
    }

    private Object columnsOfQuery(Arguments a) {
        List<Object> columns = new ArrayList<>();
        if (context.executes()) {
            for (Field field :
                    context.database("adapter.get_column_schema_from_query")
                            .describe(a.requireText(0, "sql"))
                            .fields()) {
                columns.add(ColumnValue.of(field));
            }
        }
        return columns;
    }

    private Object execute(Arguments a) {
        Object table = QueryFunctions.query(a.requireText(0, "sql"), context);
        return Tuple.of("OK", table);
    }

    /** From rows of grantee and privilege, the grantees by privilege. */
    private static Object grants(Arguments a) {
        Map<Object, @Nullable Object> byPrivilege = new LinkedHashMap<>();
        for (Object row : Values.list(a.require(0, "grants_table"))) {
            String privilege = Values.text(Values.item(row, "privilege_type"));
            Object grantee = Values.item(row, "grantee");
            if (byPrivilege.computeIfAbsent(privilege, p -> new ArrayList<>())
                    instanceof List<?> l) {
                @SuppressWarnings("unchecked")
                List<@Nullable Object> grantees = (List<@Nullable Object>) l;
                grantees.add(grantee);
            }
        }
        return byPrivilege;
    }

    @Override
    public String typeName() {
        return "adapter";
    }
}
