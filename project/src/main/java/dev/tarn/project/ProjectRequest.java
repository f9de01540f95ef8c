package dev.tarn.project;

import dev.tarn.model.Problem;
import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What to compile, and the surroundings that templates may ask about.
 *
 * @param root the folder with {@code dbt_project.yml}
 * @param vars variables that win over those of the project: null, Boolean, Long, Double, String,
 *     List or Map
 * @param schema where models go that do not say; empty: what {@code profiles.yml} says, else {@code
 *     main}
 * @param targetName what {@code target.name} is; empty: the profile's, else {@code dev}
 * @param environment looks up a variable of the environment; null when there is none
 * @param invocationId what {@code invocation_id} is
 * @param database answers templates that look at data while they compile; empty: they are refused
 * @param cache what earlier compiles remembered, and where this one's results go; empty: everything
 *     is worked out
 * @param notes is told what was left out or is odd without being wrong; called by many threads
 * @param flags what {@code flags} has beyond its defaults, such as {@code FULL_REFRESH}
 * @param failLate whether a node whose code cannot be compiled fails when it runs rather than now
 * @param log is told what templates {@code log} for people; called by many threads
 */
public record ProjectRequest(
        Path root,
        Map<String, @Nullable Object> vars,
        Optional<String> schema,
        Optional<String> targetName,
        Environment environment,
        Clock clock,
        String invocationId,
        Optional<CompileDatabase> database,
        Optional<CompileCache> cache,
        Consumer<Problem> notes,
        Consumer<String> log,
        Map<String, Object> flags,
        boolean failLate) {
    private static final String TOLD = "DBT_ENV_CUSTOM_ENV_";

    public ProjectRequest {
        flags = Map.copyOf(flags);
        vars = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(vars));
    }

    /** A request with nothing but the folder; the environment is empty. */
    public static ProjectRequest of(Path root, Clock clock) {
        return new ProjectRequest(
                root,
                Map.of(),
                Optional.empty(),
                Optional.empty(),
                name -> null,
                clock,
                "00000000-0000-0000-0000-000000000000",
                Optional.empty(),
                Optional.empty(),
                note -> {},
                line -> {},
                Map.of(),
                false);
    }

    public ProjectRequest withVars(Map<String, @Nullable Object> newVars) {
        return new ProjectRequest(
                root,
                newVars,
                schema,
                targetName,
                environment,
                clock,
                invocationId,
                database,
                cache,
                notes,
                log,
                flags,
                failLate);
    }

    public ProjectRequest withSchema(String newSchema) {
        return new ProjectRequest(
                root,
                vars,
                Optional.of(newSchema),
                targetName,
                environment,
                clock,
                invocationId,
                database,
                cache,
                notes,
                log,
                flags,
                failLate);
    }

    public ProjectRequest withTargetName(String newName) {
        return new ProjectRequest(
                root,
                vars,
                schema,
                Optional.of(newName),
                environment,
                clock,
                invocationId,
                database,
                cache,
                notes,
                log,
                flags,
                failLate);
    }

    public ProjectRequest withEnvironment(Environment newEnvironment) {
        return new ProjectRequest(
                root,
                vars,
                schema,
                targetName,
                newEnvironment,
                clock,
                invocationId,
                database,
                cache,
                notes,
                log,
                flags,
                failLate);
    }

    public ProjectRequest withInvocationId(String newId) {
        return new ProjectRequest(
                root,
                vars,
                schema,
                targetName,
                environment,
                clock,
                newId,
                database,
                cache,
                notes,
                log,
                flags,
                failLate);
    }

    public ProjectRequest withDatabase(CompileDatabase newDatabase) {
        return new ProjectRequest(
                root,
                vars,
                schema,
                targetName,
                environment,
                clock,
                invocationId,
                Optional.of(newDatabase),
                cache,
                notes,
                log,
                flags,
                failLate);
    }

    public ProjectRequest withCache(CompileCache newCache) {
        return new ProjectRequest(
                root,
                vars,
                schema,
                targetName,
                environment,
                clock,
                invocationId,
                database,
                Optional.of(newCache),
                notes,
                log,
                flags,
                failLate);
    }

    public ProjectRequest withNotes(Consumer<Problem> newNotes) {
        return new ProjectRequest(
                root,
                vars,
                schema,
                targetName,
                environment,
                clock,
                invocationId,
                database,
                cache,
                newNotes,
                log,
                flags,
                failLate);
    }

    public ProjectRequest withLog(Consumer<String> newLog) {
        return new ProjectRequest(
                root,
                vars,
                schema,
                targetName,
                environment,
                clock,
                invocationId,
                database,
                cache,
                notes,
                newLog,
                flags,
                failLate);
    }

    public ProjectRequest withFlags(Map<String, Object> newFlags) {
        return new ProjectRequest(
                root,
                vars,
                schema,
                targetName,
                environment,
                clock,
                invocationId,
                database,
                cache,
                notes,
                log,
                newFlags,
                failLate);
    }

    public ProjectRequest withFailLate(boolean late) {
        return new ProjectRequest(
                root,
                vars,
                schema,
                targetName,
                environment,
                clock,
                invocationId,
                database,
                cache,
                notes,
                log,
                flags,
                late);
    }

    /** Variables of the process's environment. */
    @FunctionalInterface
    public interface Environment {
        @Nullable String find(String name);

        /** What artifacts and templates are told of the surroundings. */
        default Map<String, String> metadata() {
            return Map.of();
        }

        /** The variables of a process. */
        static Environment of(Map<String, String> variables) {
            return new Environment() {
                @Override
                public @Nullable String find(String name) {
                    return variables.get(name);
                }

                @Override
                public Map<String, String> metadata() {
                    return told(variables);
                }
            };
        }
    }

    /**
     * The variables {@code DBT_ENV_CUSTOM_ENV_NAME}, by their names without the beginning: somebody
     * wants artifacts to tell them.
     */
    public static Map<String, String> told(Map<String, String> variables) {
        Map<String, String> told = new TreeMap<>();
        variables.forEach((name, value) -> {
            if (name.startsWith(TOLD)) {
                told.put(name.substring(TOLD.length()), value);
            }
        });
        return told;
    }
}
