package dev.tarn.app;

import java.nio.file.Path;
import java.time.Clock;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Where to work, and what the command line says about it.
 *
 * @param projectDirectory the folder with {@code dbt_project.yml}; commands that only look at a
 *     warehouse do without the file
 * @param warehouse overrides the setting of the same name
 * @param vars variables given for this invocation
 * @param threads overrides how many nodes run at a time
 * @param environment the process's environment variables
 * @param compileCache whether compiles use and leave behind what they worked out
 * @param notes hears what is worth a remark but no refusal
 * @param log hears what templates tell people
 */
public record OpenRequest(
        Path projectDirectory,
        Optional<String> warehouse,
        Map<String, @Nullable Object> vars,
        Optional<Integer> threads,
        Map<String, String> environment,
        Clock clock,
        boolean compileCache,
        Consumer<String> notes,
        Consumer<String> log) {
    /** In the environment, the target of the profile, where the command line says one. */
    public static final String TARGET = "DBT_TARGET";

    /** In the environment, the folder of {@code profiles.yml}. */
    public static final String PROFILES_DIR = "DBT_PROFILES_DIR";

    /** The variable that names the profile instead of the project. */
    public static final String PROFILE = "DBT_PROFILE";

    public OpenRequest {
        vars = Collections.unmodifiableMap(new LinkedHashMap<>(vars));
        environment = Map.copyOf(environment);
    }

    /** With the compile cache; what templates tell is a note like others. */
    public OpenRequest(
            Path projectDirectory,
            Optional<String> warehouse,
            Map<String, @Nullable Object> vars,
            Optional<Integer> threads,
            Map<String, String> environment,
            Clock clock,
            Consumer<String> notes) {
        this(projectDirectory, warehouse, vars, threads, environment, clock, true, notes, notes);
    }

    public OpenRequest withoutCompileCache() {
        return new OpenRequest(
                projectDirectory, warehouse, vars, threads, environment, clock, false, notes, log);
    }

    public OpenRequest withVars(Map<String, @Nullable Object> other) {
        return new OpenRequest(
                projectDirectory,
                warehouse,
                other,
                threads,
                environment,
                clock,
                compileCache,
                notes,
                log);
    }

    public static OpenRequest of(Path projectDirectory) {
        return new OpenRequest(
                projectDirectory,
                Optional.empty(),
                Map.of(),
                Optional.empty(),
                System.getenv(),
                Clock.systemUTC(),
                note -> {});
    }

    /** What templates are told of an invocation: what it is about, and what was asked for here. */
    Map<String, Object> flags(Map<String, Object> told) {
        Map<String, Object> all = new HashMap<>(told);
        threads.ifPresent(count -> all.put("THREADS", count));
        return all;
    }
}
