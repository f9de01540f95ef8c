package dev.tarn.project;

import dev.tarn.jinja.Arguments;
import dev.tarn.jinja.Missing;
import dev.tarn.jinja.PyCallable;
import dev.tarn.jinja.PyObject;
import dev.tarn.jinja.Values;
import dev.tarn.model.table.Field;
import dev.tarn.model.table.TypeText;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A column as templates hold it: {@code adapter.get_columns_in_relation(...)[0].name}.
 *
 * @param bits of a number in a table, as the catalog tells them; none for columns of one's own
 */
record ColumnValue(String name, String type, @Nullable Long bits) implements PyObject {
    private static final Set<String> TEXT =
            Set.of("text", "character varying", "character", "varchar", "char", "bpchar", "string");
    private static final Set<String> FLOATS =
            Set.of("real", "float", "float4", "float8", "double", "double precision");
    private static final Set<String> INTEGERS =
            Set.of(
                    ("tinyint smallint integer bigint hugeint utinyint usmallint uinteger ubigint"
                                    + " int1 int2 int4 int8 int smallserial serial bigserial")
                            .split(" "));
    private static final Pattern SIZES =
            Pattern.compile("[^(]*\\(\\s*(\\d+)\\s*(?:,\\s*(\\d+)\\s*)?\\)");

    /** What a string column without a size is said to hold. */
    private static final long TEXT_SIZE = 256;

    ColumnValue(String name, String type) {
        this(name, type, null);
    }

    static ColumnValue of(Field field) {
        return new ColumnValue(field.name(), TypeText.of(field.type()));
    }

    /** A column of a table or view that is there. */
    static ColumnValue kept(Field field) {
        Long bits =
                field.type() instanceof dev.tarn.model.table.Type.Primitive p
                        ? switch (p) {
                            case INTEGER -> 32L;
                            case BIGINT -> 64L;
                            case FLOAT -> 24L;
                            case DOUBLE -> 53L;
                            default -> null;
                        }
                        : null;
        return new ColumnValue(field.name(), TypeText.of(field.type()), bits);
    }

    /** {@code api.Column}: makes columns, and knows about types. */
    static final class Type implements PyObject, PyCallable {
        @Override
        public Object call(Arguments a) {
            return sized(
                    a.requireText(0, "column"),
                    a.requireText(1, "dtype"),
                    a.get(2, "char_size", null),
                    a.get(3, "numeric_precision", null),
                    a.get(4, "numeric_scale", null));
        }

        @Override
        public @Nullable Object attribute(String name) {
            return general(name);
        }

        @Override
        public String typeName() {
            return "Column";
        }
    }

    /** A column of one's own, the size of its type said beside it. */
    private static ColumnValue sized(
            String name,
            String type,
            @Nullable Object length,
            @Nullable Object precision,
            @Nullable Object scale) {
        ColumnValue column = new ColumnValue(name, type);
        if (type.contains("(")) {
            return column;
        }
        if (column.isText() && length != null) {
            return new ColumnValue(name, "%s(%s)".formatted(type, Values.text(length)));
        }
        if (column.isNumeric() && precision != null && scale != null) {
            return new ColumnValue(
                    name, "%s(%s,%s)".formatted(type, Values.text(precision), Values.text(scale)));
        }
        return column;
    }

    private static Object general(String name) {
        return switch (name) {
            case "translate_type" -> (PyCallable) a -> translated(a.requireText(0, "dtype"));
            case "create" ->
                    (PyCallable)
                            a ->
                                    new ColumnValue(
                                            a.requireText(0, "name"),
                                            translated(a.requireText(1, "label_or_dtype")));
            case "from_description" ->
                    (PyCallable)
                            a ->
                                    new ColumnValue(
                                            a.requireText(0, "name"),
                                            a.requireText(1, "raw_data_type"));
            case "string_type" ->
                    (PyCallable) a -> "character varying(" + a.requireText(0, "size") + ")";
            case "numeric_type" -> (PyCallable) ColumnValue::numeric;
            default -> Missing.VALUE;
        };
    }

    private static String translated(String type) {
        return switch (type.toUpperCase(Locale.ROOT)) {
            case "STRING" -> "TEXT";
            default -> type;
        };
    }

    private static String numeric(Arguments a) {
        String type = a.requireText(0, "dtype");
        Object precision = a.get(1, "precision", null);
        Object scale = a.get(2, "scale", null);
        return precision == null || scale == null
                ? type
                : "%s(%s,%s)".formatted(type, Values.text(precision), Values.text(scale));
    }

    private String bare() {
        String lower = type.toLowerCase(Locale.ROOT);
        int bracket = lower.indexOf('(');
        return bracket < 0 ? lower : lower.substring(0, bracket).strip();
    }

    private boolean isText() {
        return TEXT.contains(bare());
    }

    private boolean isNumeric() {
        return bare().equals("numeric") || bare().equals("decimal");
    }

    private boolean isFloat() {
        return FLOATS.contains(bare());
    }

    private boolean isInteger() {
        return INTEGERS.contains(bare());
    }

    private @Nullable Long size(int group) {
        Matcher sizes = SIZES.matcher(type);
        return sizes.matches() && sizes.group(group) != null
                ? Long.valueOf(sizes.group(group))
                : null;
    }

    /** The type as statements write it. */
    private String dataType() {
        return isText() ? "character varying(" + textSize() + ")" : type;
    }

    private boolean canExpandTo(Arguments a) {
        return isText()
                && a.require(0, "other_column") instanceof ColumnValue other
                && other.isText()
                && other.textSize() > textSize();
    }

    private long askedSize() {
        if (!isText()) {
            throw TemplateErrors.failed(
                    "string_size() of column '%s' is asked for, which is no text: its type is %s."
                            .formatted(name, type));
        }
        return textSize();
    }

    private long textSize() {
        Long size = size(1);
        return size == null ? TEXT_SIZE : size;
    }

    @Override
    public @Nullable Object attribute(String attribute) {
        return switch (attribute) {
            case "name", "column" -> name;
            case "quoted" -> SqlNames.always(name);
            case "dtype" -> type;
            case "data_type", "expanded_data_type" -> dataType();
            case "char_size" -> isText() ? size(1) : null;
            case "numeric_precision" -> isNumeric() ? size(1) : bits;
            case "numeric_scale" -> isNumeric() ? size(2) : bits == null ? null : (Long) 0L;
            case "mode" -> "NULLABLE";
            case "fields" -> new ArrayList<>();
            case "is_string" -> (PyCallable) a -> isText();
            case "is_number" -> (PyCallable) a -> isNumeric() || isFloat() || isInteger();
            case "is_numeric" -> (PyCallable) a -> isNumeric();
            case "is_float" -> (PyCallable) a -> isFloat();
            case "is_integer" -> (PyCallable) a -> isInteger();
            case "is_struct" -> (PyCallable) a -> bare().startsWith("struct");
            case "string_size" -> (PyCallable) a -> askedSize();
            case "can_expand_to" -> (PyCallable) this::canExpandTo;
            case "literal" ->
                    (PyCallable) a -> Values.text(a.require(0, "value")) + "::" + dataType();
            case "flatten" -> (PyCallable) a -> new ArrayList<>(List.of(this));
            default -> general(attribute);
        };
    }

    @Override
    public String text() {
        return "<Column " + name + " (" + dataType() + ")>";
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
