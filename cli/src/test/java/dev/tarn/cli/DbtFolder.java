package dev.tarn.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.Yaml;

/** A project in a folder, and the program called as dbt in it. */
final class DbtFolder {
    private final Path folder;
    private final TestConsole console;

    DbtFolder(Path folder) {
        this.folder = folder;
        this.console = new TestConsole(folder);
        put("dbt_project.yml", "name: shop\nversion: '1.0'\n");
    }

    Path path(String name) {
        return folder.resolve(name);
    }

    TestConsole console() {
        return console;
    }

    DbtFolder put(String name, String text) {
        try {
            Path file = path(name);
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String text(String name) {
        try {
            return Files.readString(path(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Runs one command line; what it wrote is in {@link #lines}. */
    int dbt(String... args) {
        String[] all = new String[args.length + 1];
        all[0] = "dbt";
        System.arraycopy(args, 0, all, 1, args.length);
        return console.run(all);
    }

    /** The lines without their times. */
    List<String> lines() {
        return console.out()
                .lines()
                .map(l -> l.replaceFirst("^\\d\\d:\\d\\d:\\d\\d  ", ""))
                .toList();
    }

    /** The names of the nodes that a selection lists, one a line. */
    List<String> listed(String... args) {
        String[] all = new String[args.length + 2];
        all[0] = "--quiet";
        all[1] = "list";
        System.arraycopy(args, 0, all, 2, args.length);
        if (dbt(all) != 0) {
            throw new AssertionError(console.out());
        }
        return lines();
    }

    /** Rows of a query as CSV, without the heading. */
    List<String> rows(String sql) {
        if (console.run("query", sql, "--format", "csv") != 0) {
            throw new AssertionError(console.err());
        }
        List<String> lines = console.out().lines().toList();
        return lines.subList(1, lines.size());
    }

    Map<String, Object> artifact(String name) {
        return map(new Yaml().load(text("target/" + name)));
    }

    /** How nodes ended, by id. */
    Map<String, String> statuses() {
        Map<String, String> statuses = new TreeMap<>();
        for (Object result : list(artifact("run_results.json").get("results"))) {
            statuses.put(
                    String.valueOf(map(result).get("unique_id")),
                    String.valueOf(map(result).get("status")));
        }
        return statuses;
    }

    @SuppressWarnings("unchecked")
    static Map<String, Object> map(@Nullable Object value) {
        return (Map<String, Object>) Objects.requireNonNull(value);
    }

    static List<?> list(@Nullable Object value) {
        return (List<?>) Objects.requireNonNull(value);
    }
}
