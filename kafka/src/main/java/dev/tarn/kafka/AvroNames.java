package dev.tarn.kafka;

import java.util.regex.Pattern;
import org.apache.avro.Schema;

/** What columns are called in Avro, which allows letters, digits and underscores only. */
final class AvroNames {
    /** What a field says of its column, where Avro does not allow the column's name. */
    private static final String COLUMN = "tarn.name";

    private static final Pattern ALLOWED = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

    private AvroNames() {}

    static boolean isAllowed(String name) {
        return ALLOWED.matcher(name).matches();
    }

    /** The name itself if Avro allows it; else with underscores for what it does not allow. */
    static String of(String name) {
        if (isAllowed(name)) {
            return name;
        }
        String plain = name.replaceAll("[^A-Za-z0-9_]", "_");
        return plain.isEmpty() || Character.isDigit(plain.charAt(0)) ? "_" + plain : plain;
    }

    /** Lets a field say which column it is. */
    static void note(Schema.Field field, String column) {
        if (!field.name().equals(column)) {
            field.addProp(COLUMN, column);
        }
    }

    /** The column of a field. */
    static String column(Schema.Field field) {
        return field.getObjectProp(COLUMN) instanceof String name ? name : field.name();
    }
}
