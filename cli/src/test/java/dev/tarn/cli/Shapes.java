package dev.tarn.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What dbt's artifacts are made of, as {@code artifact-shapes.txt} says: which keys objects have,
 * and what is in them.
 */
final class Shapes {
    private final Map<String, String> files = new HashMap<>();
    private final Map<String, Map<String, String>> objects = new HashMap<>();

    Shapes() {
        Map<String, String> object = new LinkedHashMap<>();
        for (String line : text().lines().toList()) {
            if (line.startsWith("file ")) {
                String[] words = line.split(" ");
                files.put(words[1], words[2]);
            } else if (line.startsWith("  ")) {
                int blank = line.indexOf(' ', 2);
                object.put(line.substring(2, blank), line.substring(blank + 1));
            } else if (!line.isBlank() && !line.startsWith("#")) {
                object = new LinkedHashMap<>();
                objects.put(line, object);
            }
        }
    }

    private static String text() {
        try (InputStream in = Shapes.class.getResourceAsStream("/artifact-shapes.txt")) {
            return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Everything that is not as it should be, a line each with where it is. */
    List<String> wrong(String file, Object content) {
        return check(Objects.requireNonNull(files.get(file)), content, file);
    }

    private List<String> check(String type, @Nullable Object value, String at) {
        List<String> alternatives = alternatives(type);
        List<String> best = null;
        for (String alternative : alternatives) {
            List<String> wrong = one(alternative, value, at);
            if (best == null || wrong.size() < best.size()) {
                best = wrong;
            }
        }
        return Objects.requireNonNull(best);
    }

    /** What stands between bars that are outside of brackets. */
    private static List<String> alternatives(String type) {
        List<String> parts = new ArrayList<>();
        int depth = 0;
        int from = 0;
        for (int i = 0; i < type.length(); i++) {
            char c = type.charAt(i);
            depth += c == '<' ? 1 : c == '>' ? -1 : 0;
            if (c == '|' && depth == 0) {
                parts.add(type.substring(from, i));
                from = i + 1;
            }
        }
        parts.add(type.substring(from));
        return parts;
    }

    private List<String> one(String type, @Nullable Object value, String at) {
        if (type.startsWith("map<") && value instanceof Map<?, ?> map) {
            List<String> wrong = new ArrayList<>();
            map.forEach((k, v) -> wrong.addAll(check(inner(type), v, at + "/" + k)));
            return wrong;
        }
        if (type.startsWith("list<") && value instanceof List<?> list) {
            List<String> wrong = new ArrayList<>();
            for (int i = 0; i < list.size(); i++) {
                wrong.addAll(check(inner(type), list.get(i), at + "/" + i));
            }
            return wrong;
        }
        if (objects.containsKey(type) && value instanceof Map<?, ?> map) {
            return object(Objects.requireNonNull(objects.get(type)), map, at);
        }
        return fits(type, value)
                ? List.of()
                : List.of("%s is no %s: %s".formatted(at, type, value));
    }

    private static String inner(String type) {
        return type.substring(type.indexOf('<') + 1, type.length() - 1);
    }

    private static boolean fits(String type, @Nullable Object value) {
        if (type.startsWith("=")) {
            return List.of(type.substring(1).split(",")).contains(String.valueOf(value));
        }
        return switch (type) {
            case "any" -> true;
            case "null" -> value == null;
            case "string" -> value instanceof String;
            case "boolean" -> value instanceof Boolean;
            case "integer" -> value instanceof Integer || value instanceof Long;
            case "number" -> value instanceof Number;
            case "object" -> value instanceof Map<?, ?>;
            case "array" -> value instanceof List<?>;
            default -> false;
        };
    }

    private List<String> object(Map<String, String> keys, Map<?, ?> value, String at) {
        List<String> wrong = new ArrayList<>();
        Map<String, String> types = new HashMap<>();
        keys.forEach((key, type) -> {
            String name = key.endsWith("!") ? key.substring(0, key.length() - 1) : key;
            types.put(name, type);
            if (key.endsWith("!") && !value.containsKey(name)) {
                wrong.add(at + " has no " + name);
            }
        });
        value.forEach((key, inside) -> {
            String type = types.getOrDefault(String.valueOf(key), types.get("*"));
            if (type == null) {
                wrong.add(at + " has " + key);
            } else {
                wrong.addAll(check(type, inside, at + "/" + key));
            }
        });
        return wrong;
    }
}
