package dev.tarn.project;

import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Remembers which texts in YAML files were made of environment variables, so that SQL that may hold
 * a secret is not written down. Safe for use by many threads.
 */
final class FromEnvironment {
    private final Set<String> texts = ConcurrentHashMap.newKeySet();

    /** An environment that notices when it is asked. */
    private static final class Asked implements ProjectRequest.Environment {
        private final ProjectRequest.Environment environment;
        private boolean asked;

        Asked(ProjectRequest.Environment environment) {
            this.environment = environment;
        }

        @Override
        public @Nullable String find(String name) {
            asked = true;
            return environment.find(name);
        }

        @Override
        public Map<String, String> metadata() {
            asked = true;
            return environment.metadata();
        }
    }

    /** What a template gives that may only ask for the request's variables. */
    @Nullable Object early(
            ProjectRequest request,
            java.util.function.Function<ProjectRequest, @Nullable Object> evaluate) {
        Asked environment = new Asked(request.environment());
        Object value = evaluate.apply(request.withEnvironment(environment));
        if (environment.asked) {
            add(value);
        }
        return value;
    }

    /** What a template gives that is evaluated in a context of its own. */
    @Nullable Object late(NodeContext context, Supplier<@Nullable Object> evaluate) {
        int before = context.trace().environmentReads();
        Object value = evaluate.get();
        if (context.trace().environmentReads() != before) {
            add(value);
        }
        return value;
    }

    private void add(@Nullable Object value) {
        switch (value) {
            case null -> {}
            case Collection<?> list -> list.forEach(this::add);
            case Map<?, ?> map -> map.values().forEach(this::add);
            default -> texts.add(value.toString());
        }
    }

    /** Whether a value, or a part of it, came from the environment. */
    boolean has(@Nullable Object value) {
        if (texts.isEmpty()) {
            return false;
        }
        return switch (value) {
            case null -> false;
            case Collection<?> list -> list.stream().anyMatch(this::has);
            case Map<?, ?> map -> map.values().stream().anyMatch(this::has);
            default -> texts.contains(value.toString());
        };
    }
}
