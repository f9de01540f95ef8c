package dev.tarn.cli.dbt;

import dev.tarn.cli.output.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.YAMLException;

/**
 * What an earlier invocation was asked for and what came of it, as its {@code run_results.json}
 * says.
 *
 * @param args what it was asked for
 * @param statuses how nodes ended, by id
 * @param idle exposures and saved queries that were skipped
 */
record EarlierRun(
        Map<String, @Nullable Object> args, Map<String, String> statuses, List<String> idle) {
    /** The statuses of what a retry does again. */
    private static final Set<String> UNDONE =
            Set.of("error", "fail", "skipped", "runtime error", "partial success");

    /** What was said with a value and is said again. */
    private static final List<String> VALUES =
            List.of(
                    "target",
                    "threads",
                    "sample",
                    "event_time_start",
                    "event_time_end",
                    "indirect_selection");

    /** What was switched on and is switched on again. */
    private static final List<String> SWITCHES =
            List.of("full_refresh", "fail_fast", "empty", "store_failures", "defer", "favor_state");

    /** Reads a folder of artifacts; empty when it has no results. */
    static Optional<EarlierRun> read(Path folder) {
        Path file = folder.resolve("run_results.json");
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        LoaderOptions options = new LoaderOptions();
        options.setCodePointLimit(Integer.MAX_VALUE);
        try {
            Object read = new Yaml(new SafeConstructor(options)).load(Files.readString(file));
            return read instanceof Map<?, ?> map ? Optional.of(of(map)) : Optional.empty();
        } catch (YAMLException e) {
            throw DbtErrors.unreadable(file, String.valueOf(e.getMessage()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static EarlierRun of(Map<?, ?> file) {
        Map<String, @Nullable Object> args = new LinkedHashMap<>();
        if (file.get("args") instanceof Map<?, ?> said) {
            said.forEach((name, value) -> args.put(String.valueOf(name), value));
        }
        Map<String, String> statuses = new LinkedHashMap<>();
        List<String> idle = new ArrayList<>();
        if (file.get("results") instanceof List<?> results) {
            for (Object result : results) {
                if (result instanceof Map<?, ?> map) {
                    String id = String.valueOf(map.get("unique_id"));
                    String status = String.valueOf(map.get("status"));
                    if (!NoOp.is(id)) {
                        statuses.put(id, status);
                    } else if (UNDONE.contains(status)) {
                        idle.add(id);
                    }
                }
            }
        }
        return new EarlierRun(args, statuses, idle);
    }

    /** The verb, such as {@code build}. */
    String which() {
        return String.valueOf(args.getOrDefault("which", "build"));
    }

    /**
     * What is to be done again.
     *
     * @param warnings whether warnings are failures
     */
    List<String> undone(boolean warnings) {
        return statuses.entrySet().stream()
                .filter(e ->
                        UNDONE.contains(e.getValue()) || (warnings && e.getValue().equals("warn")))
                .map(Map.Entry::getKey)
                .toList();
    }

    /** The same options, as somebody types them; without variables if others are typed. */
    List<String> options(boolean variables) {
        List<String> options = new ArrayList<>();
        for (String name : VALUES) {
            Object value = args.get(name);
            if (value != null) {
                options.add("--" + name.replace('_', '-'));
                options.add(String.valueOf(value));
            }
        }
        for (String name : SWITCHES) {
            if (Boolean.TRUE.equals(args.get(name))) {
                options.add("--" + name.replace('_', '-'));
            }
        }
        if (variables && args.get("vars") instanceof Map<?, ?> vars && !vars.isEmpty()) {
            options.add("--vars");
            options.add(json(vars));
        }
        return options;
    }

    /** The macro and its arguments, where the verb was {@code run-operation}. */
    String macro() {
        return String.valueOf(args.get("macro"));
    }

    Map<String, @Nullable Object> arguments() {
        Map<String, @Nullable Object> arguments = new LinkedHashMap<>();
        if (args.get("args") instanceof Map<?, ?> said) {
            said.forEach((name, value) -> arguments.put(String.valueOf(name), value));
        }
        return arguments;
    }

    private static String json(Object value) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8)) {
            Json.printLine(value, out);
        }
        return bytes.toString(StandardCharsets.UTF_8).strip();
    }
}
