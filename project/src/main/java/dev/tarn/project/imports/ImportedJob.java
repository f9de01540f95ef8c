package dev.tarn.project.imports;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A job as it will stand in a file, while it is put together. */
final class ImportedJob {
    final String name;
    final Map<String, Object> keys = new LinkedHashMap<>();
    final Map<String, Task> tasks = new LinkedHashMap<>();

    /** One task; what it comes after is found later than the task itself. */
    static final class Task {
        final Map<String, Object> keys = new LinkedHashMap<>();
        final List<String> after = new ArrayList<>();
    }

    ImportedJob(String name) {
        this.name = name;
    }

    Map<String, Object> plain() {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("name", name);
        all.putAll(keys);
        List<Object> list = new ArrayList<>();
        tasks.forEach((id, task) -> {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("name", id);
            if (!task.after.isEmpty()) {
                one.put("after", List.copyOf(task.after));
            }
            one.putAll(task.keys);
            list.add(one);
        });
        all.put("tasks", list);
        return all;
    }

    /** A name that jobs and tasks can have, as close as can be. */
    static String name(String text, String otherwise) {
        String name =
                text.toLowerCase(java.util.Locale.ROOT)
                        .replaceAll("[^a-z0-9_]+", "_")
                        .replaceAll("^[^a-z]+|_+$", "");
        String bounded = name.length() > 60 ? name.substring(0, 60) : name;
        return bounded.isEmpty() ? otherwise : bounded;
    }

    static Optional<String> line(String text) {
        return text.lines().map(String::strip).filter(l -> !l.isEmpty()).findFirst();
    }
}
