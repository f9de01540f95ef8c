package dev.tarn.project.imports;

import dev.tarn.model.Problem;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Takes over what other schedulers were told, without running any of it. */
public final class JobImport {
    private JobImport() {}

    /**
     * What came of a file.
     *
     * @param jobs their names
     * @param yaml a file for {@code jobs/}; empty if there are no jobs
     * @param left what could not be taken over, or means something else, each with its place
     */
    public record Taken(List<String> jobs, String yaml, List<Problem> left) {
        public Taken {
            jobs = List.copyOf(jobs);
            left = List.copyOf(left);
        }
    }

    /** Reads a file by what it looks like: Python, or else a crontab. */
    public static Taken read(String file, String text) {
        if (file.endsWith(".py")) {
            return DagFile.read(file, text);
        }
        boolean users =
                file.matches("(.*/)?etc/(crontab|cron\\.d/[^/]+)")
                        || file.endsWith("/crontab.system");
        return Crontab.read(file, text, users);
    }

    static Taken taken(Collection<ImportedJob> jobs, List<Problem> left) {
        Map<String, Object> root = new LinkedHashMap<>();
        root.put("jobs", jobs.stream().map(ImportedJob::plain).toList());
        return new Taken(
                jobs.stream().map(j -> j.name).toList(),
                jobs.isEmpty() ? "" : YamlText.of(root),
                left);
    }

    /** A text that means itself where templates are read. */
    static String literal(String text) {
        return text.contains("{{") || text.contains("{%") || text.contains("{#")
                ? "{% raw %}" + text + "{% endraw %}"
                : text;
    }
}
