package dev.tarn.project;

import dev.tarn.model.Problem;
import dev.tarn.project.Declarations.Declared;
import dev.tarn.project.YamlValue.Mapping;
import dev.tarn.project.YamlValue.Scalar;
import dev.tarn.project.YamlValue.Sequence;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What saved queries are to be kept as, in the shape of dbt's manifest. */
final class ExportFacts {
    private static final Set<String> KINDS = Set.of("table", "view");

    private ExportFacts() {}

    /**
     * @param query the settings of the saved query, which count for each of its exports
     */
    static List<Object> of(
            CompileScope scope, Declared declared, Map<Object, @Nullable Object> query) {
        List<Object> exports = new ArrayList<>();
        for (Mapping export : exports(declared)) {
            Object name = export.find("name").map(e -> e.value().plain()).orElse(null);
            Map<Object, @Nullable Object> own = new LinkedHashMap<>();
            config(export).ifPresent(c -> own.putAll(c.plain()));
            Map<Object, @Nullable Object> config = new LinkedHashMap<>();
            Object kind = first(own.get("export_as"), query.get("export_as"));
            config.put("export_as", kind instanceof String s ? s.toLowerCase(Locale.ROOT) : kind);
            config.put(
                    "schema_name",
                    first(
                            own.get("schema"),
                            first(query.get("schema"), scope.target().get("schema"))));
            config.put("alias", first(own.get("alias"), name));
            config.put("database", RelationValue.DATABASE);
            Map<Object, @Nullable Object> facts = new LinkedHashMap<>();
            facts.put("name", name);
            facts.put("config", config);
            facts.put("unrendered_config", own);
            exports.add(facts);
        }
        return exports;
    }

    /** What somebody said, else what was said before. */
    static @Nullable Object first(@Nullable Object one, @Nullable Object other) {
        return one == null ? other : one;
    }

    private static List<Mapping> exports(Declared declared) {
        return declared.thing()
                .mapping()
                .find("exports")
                .map(YamlValue.Entry::value)
                .filter(Sequence.class::isInstance)
                .map(s ->
                        ((Sequence) s)
                                .items().stream()
                                        .filter(Mapping.class::isInstance)
                                        .map(Mapping.class::cast)
                                        .toList())
                .orElse(List.of());
    }

    private static Optional<Mapping> config(Mapping export) {
        return export.find("config")
                .map(YamlValue.Entry::value)
                .filter(Mapping.class::isInstance)
                .map(Mapping.class::cast);
    }

    /** What no export can be. */
    static void check(Declared declared, Problems problems) {
        for (Mapping export : exports(declared)) {
            Optional<YamlValue> said =
                    config(export)
                            .flatMap(c -> c.find("export_as"))
                            .map(YamlValue.Entry::value)
                            .or(() -> declared.settings().find("export_as"));
            String kind =
                    said.filter(Scalar.class::isInstance)
                            .map(s -> ((Scalar) s).text().toLowerCase(Locale.ROOT))
                            .orElse("");
            if (!KINDS.contains(kind)) {
                Problem problem =
                        SemanticErrors.exportKind(
                                said.map(YamlValue::place).orElse(export.place()),
                                declared.thing().name(),
                                export.find("name")
                                        .map(e -> String.valueOf(e.value().plain()))
                                        .orElse(""),
                                kind);
                problems.add(problem);
            }
        }
    }
}
