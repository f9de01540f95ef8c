package dev.tarn.kafka;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;

/** Says in people's words how the columns of two schemas differ. */
final class AvroDifferences {
    private final List<String> found = new ArrayList<>();

    private AvroDifferences() {}

    /** One text for each column that differs; one of the envelope's own parts never does. */
    static List<String> between(Schema before, Schema now) {
        AvroDifferences differences = new AvroDifferences();
        differences.compare("", row(before), row(now));
        return differences.found;
    }

    /** What an envelope is around. */
    private static Schema row(Schema schema) {
        if (schema.getType() == Schema.Type.RECORD
                && schema.getField("before") != null
                && schema.getField("after") != null
                && schema.getField("op") != null) {
            return present(schema.getField("after").schema());
        }
        return schema;
    }

    private static Schema present(Schema schema) {
        if (schema.getType() == Schema.Type.UNION && schema.getTypes().size() == 2) {
            return schema.getTypes().get(schema.getTypes().get(0).isNullable() ? 1 : 0);
        }
        return schema;
    }

    private void compare(String path, Schema before, Schema now) {
        Schema old = present(before);
        Schema made = present(now);
        if (old.getType() != made.getType() || !shown(old).equals(shown(made))) {
            found.add(
                    path.isEmpty()
                            ? "it was %s and is %s".formatted(shown(old), shown(made))
                            : "column '%s' was %s and is %s"
                                    .formatted(path, shown(old), shown(made)));
            return;
        }
        switch (made.getType()) {
            case RECORD -> fields(path, old, made);
            case ARRAY -> compare(path + "[]", old.getElementType(), made.getElementType());
            case MAP -> compare(path + "{}", old.getValueType(), made.getValueType());
            default -> {}
        }
    }

    private void fields(String path, Schema old, Schema made) {
        if (path.isEmpty() && !old.getFullName().equals(made.getFullName())) {
            found.add(
                    "it was the record %s and is %s"
                            .formatted(old.getFullName(), made.getFullName()));
        }
        String above = path.isEmpty() ? "" : path + ".";
        Map<String, Schema> before = columns(old);
        Map<String, Schema> now = columns(made);
        now.forEach((name, type) -> {
            Schema other = before.get(name);
            if (other == null) {
                found.add("column '%s' is new".formatted(above + name));
            } else {
                compare(above + name, other, type);
            }
        });
        before.keySet().stream()
                .filter(name -> !now.containsKey(name))
                .forEach(name -> found.add("column '%s' is gone".formatted(above + name)));
    }

    private static Map<String, Schema> columns(Schema record) {
        Map<String, Schema> columns = new LinkedHashMap<>();
        record.getFields().forEach(f -> columns.put(AvroNames.column(f), f.schema()));
        return columns;
    }

    private static String shown(Schema schema) {
        if (schema.getLogicalType() instanceof LogicalTypes.Decimal d) {
            return "decimal(%d,%d)".formatted(d.getPrecision(), d.getScale());
        }
        return schema.getLogicalType() == null
                ? schema.getType().name().toLowerCase(Locale.ROOT)
                : schema.getLogicalType().getName();
    }
}
