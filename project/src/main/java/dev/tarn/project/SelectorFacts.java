package dev.tarn.project;

import dev.tarn.model.TarnException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Selections with names as the manifest tells them: what was written in short is written out. */
final class SelectorFacts {
    private static final Pattern SHORT =
            Pattern.compile(
                    "(?<all>@)?(?<parents>(?<up>\\d*)\\+)?(?:(?<method>[\\w.]+):)?"
                            + "(?<value>.*?)(?<children>\\+(?<down>\\d*))?",
                    Pattern.DOTALL);

    private final Map<String, Map<Object, @Nullable Object>> selectors = new LinkedHashMap<>();

    private SelectorFacts() {}

    /** All of a project. A file that cannot be read is told of where one of them is asked for. */
    static Map<String, Map<Object, @Nullable Object>> of(ProjectRequest request) {
        SelectorFacts facts = new SelectorFacts();
        try {
            SelectorsFile.read(request).written().forEach(facts::add);
        } catch (TarnException e) {
            return Map.of();
        }
        return facts.selectors;
    }

    private void add(String name, Map<?, ?> written) {
        Map<Object, @Nullable Object> selector = new LinkedHashMap<>();
        written.forEach(selector::put);
        selector.put("definition", whole(written.get("definition")));
        selectors.put(name, selector);
    }

    private @Nullable Object whole(@Nullable Object definition) {
        if (definition instanceof String text) {
            return fromText(text);
        }
        if (!(definition instanceof Map<?, ?> map) || map.isEmpty()) {
            return definition;
        }
        for (String set : List.of("union", "intersection")) {
            if (map.get(set) instanceof List<?> parts) {
                return single(set, all(parts));
            }
        }
        Object key = map.keySet().iterator().next();
        if (map.size() == 1) {
            Object value = map.get(key) instanceof List<?> parts ? all(parts) : map.get(key);
            if ("exclude".equals(key)) {
                return single("exclude", value);
            }
            Map<Object, @Nullable Object> method = single("method", key);
            method.put("value", value);
            return method;
        }
        Map<Object, @Nullable Object> other = selectors.get(String.valueOf(map.get("value")));
        return "selector".equals(map.get("method")) && other != null
                ? other.get("definition")
                : map;
    }

    private List<@Nullable Object> all(List<?> parts) {
        List<@Nullable Object> all = new ArrayList<>();
        parts.forEach(part -> all.add(whole(part)));
        return all;
    }

    private static Map<Object, @Nullable Object> single(String key, @Nullable Object value) {
        Map<Object, @Nullable Object> map = new LinkedHashMap<>();
        map.put(key, value);
        return map;
    }

    private static Map<Object, @Nullable Object> fromText(String text) {
        Matcher parts = SHORT.matcher(text);
        Map<Object, @Nullable Object> written = new LinkedHashMap<>();
        if (!parts.matches()) {
            return written;
        }
        flag(written, "childrens_parents", parts.group("all"));
        flag(written, "parents", parts.group("parents"));
        depth(written, "parents_depth", parts.group("up"));
        String value = parts.group("value");
        String method = parts.group("method");
        written.put("method", method == null ? usual(value) : method);
        written.put("value", value);
        flag(written, "children", parts.group("children"));
        depth(written, "children_depth", parts.group("down"));
        return written;
    }

    /** What a value means that says nothing of it: a path, a file, or a name. */
    private static String usual(String value) {
        if (value.contains("/")) {
            return "path";
        }
        return value.toLowerCase(Locale.ROOT).matches("(?s).*\\.(sql|py|csv)") ? "file" : "fqn";
    }

    private static void flag(Map<Object, @Nullable Object> to, String key, @Nullable String part) {
        if (part != null) {
            to.put(key, true);
        }
    }

    private static void depth(Map<Object, @Nullable Object> to, String key, @Nullable String part) {
        if (part != null && !part.isEmpty()) {
            to.put(key, part);
        }
    }
}
