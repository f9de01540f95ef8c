package dev.tarn.cli.dbt;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Leaves what is known of a node in the shape that its kind has in {@code manifest.json}. */
final class ManifestShape {
    /** Nothing is compiled for a seed, and it reads nothing. */
    private static final List<String> NOT_OF_SEEDS =
            List.of("compiled_path", "contract", "language", "metrics", "refs", "sources");

    private ManifestShape() {}

    static Map<Object, @Nullable Object> of(
            String id, Map<Object, @Nullable Object> facts, Path root) {
        Map<Object, @Nullable Object> told = new LinkedHashMap<>(facts);
        told.remove("raw_sql");
        if (!id.startsWith("model.") && !id.startsWith("unit_test.")) {
            told.remove("version");
        }
        if (id.startsWith("seed.")) {
            NOT_OF_SEEDS.forEach(told::remove);
            Map<String, @Nullable Object> depends = new LinkedHashMap<>();
            depends.put("macros", List.of());
            told.put("depends_on", depends);
            told.put("root_path", root.toString());
        }
        return told;
    }
}
