package dev.tarn.project;

import dev.tarn.jinja.Arguments;
import dev.tarn.jinja.Missing;
import dev.tarn.jinja.PyCallable;
import dev.tarn.jinja.PyObject;
import dev.tarn.model.TableName;
import dev.tarn.model.table.Field;
import dev.tarn.model.table.Schema;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code adapter}: dispatch between macros, and questions to the database. */
final class AdapterValue implements PyObject {
    /** What Tarn calls itself to packages, so that they pick their SQL for this dialect. */
    static final String TYPE = "duckdb";

    private static final List<String> METHODS =
            List.of(
                    "dispatch",
                    "type",
                    "quote",
                    "quote_as_configured",
                    "get_relation",
                    "load_relation",
                    "get_columns_in_relation",
                    "get_column_names");

    private final NodeContext context;

    AdapterValue(NodeContext context) {
        this.context = context;
    }

    @Override
    public @Nullable Object attribute(String name) {
        context.trace().adapter(name);
        return switch (name) {
            case "dispatch" -> (PyCallable) this::dispatch;
            case "type" -> (PyCallable) a -> TYPE;
            case "quote", "quote_as_configured" ->
                    (PyCallable) a -> SqlNames.always(a.requireText(0, "identifier"));
            case "get_relation" -> (PyCallable) this::relation;
            case "load_relation" -> (PyCallable) a -> existing(a.require(0, "relation"));
            case "get_columns_in_relation" -> (PyCallable) this::columns;
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

    private Object dispatch(Arguments a) {
        String name = a.requireText(0, "macro_name");
        String namespace = a.text(1, "macro_namespace", null);
        if (name.indexOf('.') > 0) {
            namespace = name.substring(0, name.indexOf('.'));
            name = name.substring(name.indexOf('.') + 1);
        }
        List<String> tried = new ArrayList<>();
        for (String place : searchOrder(namespace)) {
            for (String prefix : List.of(TYPE + "__", "default__")) {
                String full = prefix + name;
                tried.add(place.isEmpty() ? full : place + "." + full);
                Optional<MacroLibrary.Macro> found =
                        place.isEmpty()
                                ? context.scope().macros().find(full, context.packageName())
                                : context.scope().macros().in(place, full);
                if (found.isPresent()) {
                    return context.bind(found.get());
                }
            }
        }
        throw TemplateErrors.noDispatch(name, namespace == null ? "(any)" : namespace, tried);
    }

    private List<String> searchOrder(@Nullable String namespace) {
        if (namespace == null || !context.scope().macros().hasPackage(namespace)) {
            return List.of("");
        }
        List<String> declared = context.scope().root().dispatch().get(namespace);
        if (declared != null && !declared.isEmpty()) {
            return declared;
        }
        String root = context.scope().root().name();
        if (namespace.equals(root)) {
            return List.of(root);
        }
        return List.of(root, namespace);
    }

    private @Nullable Object relation(Arguments a) {
        return existing(
                RelationValue.of(
                        a.text(1, "schema", null), a.text(2, "identifier", null), "table"));
    }

    /** The relation if it is there, else None. */
    private @Nullable Object existing(@Nullable Object wanted) {
        if (!context.executes()) {
            return null;
        }
        Optional<TableName> name =
                wanted instanceof RelationValue r ? r.tableName() : Optional.empty();
        return name.isPresent() && schema(name.get(), "adapter.get_relation").isPresent()
                ? wanted
                : null;
    }

    private Object columns(Arguments a) {
        List<Object> columns = new ArrayList<>();
        if (!context.executes() || !(a.require(0, "relation") instanceof RelationValue relation)) {
            return columns;
        }
        Optional<TableName> name = relation.tableName();
        if (name.isEmpty()) {
            throw TemplateErrors.badArguments(
                    "adapter.get_columns_in_relation()", "a relation with schema and identifier");
        }
        Optional<Schema> schema = schema(name.get(), "adapter.get_columns_in_relation");
        schema.ifPresent(s -> s.fields().forEach(f -> columns.add(new ColumnValue(f))));
        return columns;
    }

    private Optional<Schema> schema(TableName name, String what) {
        CompileDatabase database =
                context.scope()
                        .request()
                        .database()
                        .orElseThrow(() -> TemplateErrors.needsDatabase(what));
        return database.columns(name);
    }

    @Override
    public String typeName() {
        return "adapter";
    }

    /** A column as templates hold it. */
    private record ColumnValue(Field field) implements PyObject {
        @Override
        public @Nullable Object attribute(String name) {
            String type = field.type().sql();
            return switch (name) {
                case "name", "column" -> field.name();
                case "quoted" -> SqlNames.always(field.name());
                case "dtype", "data_type" -> type;
                case "is_string" -> (PyCallable) a -> type.equals("VARCHAR");
                case "is_number", "is_numeric" ->
                        (PyCallable)
                                a ->
                                        type.startsWith("DECIMAL")
                                                || List.of("INTEGER", "BIGINT", "FLOAT", "DOUBLE")
                                                        .contains(type);
                case "is_integer" -> (PyCallable) a -> List.of("INTEGER", "BIGINT").contains(type);
                case "is_float" -> (PyCallable) a -> List.of("FLOAT", "DOUBLE").contains(type);
                default -> Missing.VALUE;
            };
        }

        @Override
        public String text() {
            return "<Column " + field.name() + " (" + field.type().sql() + ")>";
        }

        @Override
        public String representation() {
            return text();
        }

        @Override
        public String typeName() {
            return "Column";
        }
    }
}
