package dev.tarn.cli.dbt;

import dev.tarn.model.graph.Manifest;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/** Warns of models that are to go, and of those that read them. */
final class Deprecations {
    private final Manifest manifest;
    private final Instant now;

    Deprecations(Manifest manifest, Instant now) {
        this.manifest = manifest;
        this.now = now;
    }

    /**
     * @param notes is told dbt's name of a warning, and its text
     */
    void tell(BiConsumer<String, String> notes) {
        manifest.section("nodes")
                .forEach((id, facts) -> {
                    if (id.startsWith("model.") && facts.get("deprecation_date") != null) {
                        tell(id, String.valueOf(facts.get("deprecation_date")), notes);
                    }
                });
    }

    private void tell(String id, String date, BiConsumer<String, String> notes) {
        boolean over;
        try {
            over = OffsetDateTime.parse(date).toInstant().isBefore(now);
        } catch (DateTimeException e) {
            return;
        }
        String model = name(id);
        if (over) {
            notes.accept(
                    WarnErrors.DEPRECATED_MODEL,
                    "Model %s has passed its deprecation date of %s. Disable or remove it."
                            .formatted(model, date));
        }
        manifest.section("nodes")
                .forEach((reader, facts) -> {
                    if (reader.startsWith("model.") && reads(facts, id)) {
                        notes.accept(
                                over
                                        ? WarnErrors.DEPRECATED_REFERENCE
                                        : WarnErrors.UPCOMING_REFERENCE,
                                "Model %s reads model %s, whose deprecation date %s %s."
                                        .formatted(
                                                name(reader),
                                                model,
                                                over ? "was" : "will be",
                                                date));
                    }
                });
    }

    private static boolean reads(Map<?, ?> facts, String id) {
        return facts.get("depends_on") instanceof Map<?, ?> on
                && on.get("nodes") instanceof List<?> nodes
                && nodes.contains(id);
    }

    /** Without {@code model.} and the package. */
    private static String name(String id) {
        return id.split("\\.", 3)[2];
    }
}
