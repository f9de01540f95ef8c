package dev.tarn.iceberg.rest;

import dev.tarn.model.RefName;
import dev.tarn.model.TableName;
import java.util.Arrays;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;

/**
 * Names in both languages. The levels of a namespace are joined with dots to a schema; a dot within
 * a name is written {@code %2e}.
 */
final class Names {
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9._-]");

    private Names() {}

    static String schema(Namespace namespace) {
        return TableName.folded(
                Arrays.stream(namespace.levels())
                        .map(Names::escaped)
                        .collect(Collectors.joining(".")));
    }

    static Namespace namespace(String schema) {
        return schema.isEmpty()
                ? Namespace.empty()
                : Namespace.of(
                        Arrays.stream(schema.split("\\.", -1))
                                .map(Names::plain)
                                .toArray(String[]::new));
    }

    static TableName table(TableIdentifier identifier) {
        return new TableName(schema(identifier.namespace()), escaped(identifier.name()));
    }

    static TableIdentifier identifier(TableName name) {
        return TableIdentifier.of(namespace(name.schema()), plain(name.table()));
    }

    private static String escaped(String part) {
        return part.replace("%", "%25").replace(".", "%2e");
    }

    private static String plain(String part) {
        return part.replace("%2e", ".").replace("%25", "%");
    }

    /** A ref as one segment of a path that needs no further encoding. */
    static String segment(RefName ref) {
        return ref.value()
                .chars()
                .mapToObj(c -> {
                    String letter = Character.toString(c);
                    return PLAIN.matcher(letter).matches() ? letter : "~%02x".formatted(c);
                })
                .collect(Collectors.joining());
    }

    static RefName ref(String segment) {
        return new RefName(
                Pattern.compile("~([0-9a-f]{2})")
                        .matcher(segment)
                        .replaceAll(
                                found -> Character.toString(Integer.parseInt(found.group(1), 16))));
    }
}
