package dev.tarn.project;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.TarnException;
import dev.tarn.model.graph.Manifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What an earlier invocation left in its folder of artifacts: the project as it was, and what came
 * of it.
 *
 * @param manifest empty when the folder has none
 * @param statuses how nodes ended, by id
 * @param loadedAt when the newest rows of sources were loaded, by id
 * @param loadedNow the same as the newest invocation found it
 */
public record PreviousState(
        Manifest manifest,
        Map<String, String> statuses,
        Map<String, String> loadedAt,
        Map<String, String> loadedNow,
        Instant now) {
    private static final List<String> SECTIONS =
            List.of(
                    "nodes",
                    "sources",
                    "macros",
                    "exposures",
                    "metrics",
                    "groups",
                    "semantic_models",
                    "saved_queries",
                    "unit_tests");

    /**
     * Reads {@code manifest.json}, {@code run_results.json} and {@code sources.json}, as far as
     * they are there.
     *
     * @throws TarnException when none is there, or one cannot be read
     */
    public static PreviousState read(Path folder, Instant now) {
        Optional<Map<?, ?>> manifest = json(folder.resolve("manifest.json"));
        Optional<Map<?, ?>> results = json(folder.resolve("run_results.json"));
        Optional<Map<?, ?>> sources = json(folder.resolve("sources.json"));
        if (manifest.isEmpty() && results.isEmpty() && sources.isEmpty()) {
            throw new TarnException(
                    ErrorCode.FILE_MISSING,
                    "There is no manifest.json, run_results.json or sources.json in %s. --state names the folder of artifacts of an earlier invocation."
                            .formatted(folder));
        }
        Map<String, String> statuses = new HashMap<>();
        Map<String, String> loaded = new HashMap<>();
        results.ifPresent(r -> collect(r, "status", statuses));
        sources.ifPresent(r -> collect(r, "max_loaded_at", loaded));
        return new PreviousState(
                manifest.map(PreviousState::manifest).orElse(Manifest.EMPTY),
                statuses,
                loaded,
                Map.of(),
                now);
    }

    /** The same, to be compared with the {@code sources.json} of another folder. */
    public PreviousState comparedWith(Path folder) {
        Map<String, String> loaded = new HashMap<>();
        json(folder.resolve("sources.json")).ifPresent(r -> collect(r, "max_loaded_at", loaded));
        return new PreviousState(manifest, statuses, loadedAt, loaded, now);
    }

    /** Whether a source has newer rows than it had. */
    boolean isFresher(String source) {
        Optional<Instant> now = TimeText.parse(loadedNow.getOrDefault(source, ""));
        Optional<Instant> before = TimeText.parse(loadedAt.getOrDefault(source, ""));
        return now.isPresent() && before.map(b -> b.isBefore(now.get())).orElse(true);
    }

    private static void collect(Map<?, ?> file, String key, Map<String, String> into) {
        if (file.get("results") instanceof List<?> list) {
            for (Object item : list) {
                if (item instanceof Map<?, ?> result && result.get(key) != null) {
                    into.put(
                            String.valueOf(result.get("unique_id")),
                            String.valueOf(result.get(key)));
                }
            }
        }
    }

    private static Manifest manifest(Map<?, ?> file) {
        Map<String, Map<String, Map<Object, @Nullable Object>>> sections = new LinkedHashMap<>();
        for (String section : SECTIONS) {
            Map<String, Map<Object, @Nullable Object>> things = new LinkedHashMap<>();
            if (file.get(section) instanceof Map<?, ?> all) {
                all.forEach((id, facts) -> {
                    if (facts instanceof Map<?, ?> map) {
                        Map<Object, @Nullable Object> copy = new LinkedHashMap<>();
                        map.forEach(copy::put);
                        things.put(String.valueOf(id), copy);
                    }
                });
            }
            sections.put(section, things);
        }
        return new Manifest(sections);
    }

    private static Optional<Map<?, ?>> json(Path file) {
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        try {
            return JsonReader.read(Files.readString(file)) instanceof Map<?, ?> map
                    ? Optional.of(map)
                    : Optional.empty();
        } catch (IOException | IllegalArgumentException e) {
            throw new TarnException(
                    ErrorCode.FILE_CORRUPT,
                    "%s cannot be read: %s. Make it again.".formatted(file, e.getMessage()),
                    e);
        }
    }
}
