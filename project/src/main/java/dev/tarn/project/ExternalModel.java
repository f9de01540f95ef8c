package dev.tarn.project;

import dev.tarn.model.TableName;
import dev.tarn.model.graph.FileCopy;
import dev.tarn.project.YamlValue.Mapping;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** What a model of the materialisation {@code external}, of dbt on DuckDB, says about its file. */
final class ExternalModel {
    static final String WORD = "external";

    private static final List<String> FORMATS = List.of("csv", "json", "parquet");
    private static final List<String> OF_CSV =
            List.of(
                    "delimiter",
                    "delim",
                    "sep",
                    "header",
                    "quote",
                    "escape",
                    "null",
                    "nullstr",
                    "dateformat",
                    "timestampformat",
                    "compression");
    private static final List<String> OF_JSON =
            List.of("array", "dateformat", "timestampformat", "compression");
    private static final List<String> OF_PARQUET =
            List.of("compression", "codec", "compression_level", "row_group_size");

    /** What they ask for is so, or is said elsewhere. */
    private static final List<String> PASSED_OVER =
            List.of(
                    "format",
                    "partition_by",
                    "overwrite",
                    "overwrite_or_ignore",
                    "per_thread_output");

    private final Settings settings;
    private final Draft draft;
    private final Problems problems;

    ExternalModel(Draft draft, Problems problems) {
        this.settings = draft.settings;
        this.draft = draft;
        this.problems = problems;
    }

    /**
     * @param folder where files go that do not say it
     */
    FileCopy read(TableName relation, String folder) {
        Map<String, YamlValue> given = options();
        Optional<String> location =
                settings.text("location", problems).filter(text -> !text.isBlank());
        List<String> partitions = partitions(given);
        String format = format(location, given);
        String place =
                location.orElse(
                        folder
                                + "/"
                                + relation.table()
                                + (partitions.isEmpty() ? "." + format : ""));
        return new FileCopy(place, format, written(given, format), partitions);
    }

    private Map<String, YamlValue> options() {
        Map<String, YamlValue> options = new LinkedHashMap<>();
        settings.find("options")
                .ifPresent(v -> {
                    if (v instanceof Mapping mapping) {
                        mapping.entries()
                                .forEach(e ->
                                        options.put(e.key().toLowerCase(Locale.ROOT), e.value()));
                    } else {
                        problems.add(
                                YamlErrors.wrongKind(
                                        v.place(), "Setting 'options'", "a mapping", v));
                    }
                });
        settings.find("delimiter").ifPresent(v -> options.put("delimiter", v));
        return options;
    }

    private List<String> partitions(Map<String, YamlValue> given) {
        YamlValue said = given.get("partition_by");
        if (said == null) {
            return List.of();
        }
        return YamlSection.texts("option 'partition_by'", said, problems).stream()
                .flatMap(text -> Stream.of(text.replaceAll("^\\s*\\(|\\)\\s*$", "").split(",")))
                .map(name -> name.strip().replaceAll("^\"|\"$", ""))
                .filter(name -> !name.isEmpty())
                .toList();
    }

    private String format(Optional<String> location, Map<String, YamlValue> given) {
        Optional<String> said =
                settings.text("format", problems)
                        .or(() -> Optional.ofNullable(given.get("format")).map(this::text))
                        .map(f -> f.toLowerCase(Locale.ROOT));
        if (said.isPresent() && !FORMATS.contains(said.get())) {
            problems.add(
                    YamlErrors.notOneOf(
                            settings.place("format", draft.place),
                            "Setting 'format'",
                            said.get(),
                            FORMATS));
        }
        return said.filter(FORMATS::contains)
                .or(() ->
                        location.map(l -> l.substring(l.lastIndexOf('.') + 1))
                                .map(end -> end.toLowerCase(Locale.ROOT))
                                .filter(FORMATS::contains))
                .orElse("parquet");
    }

    private String text(YamlValue value) {
        return String.valueOf(value.plain());
    }

    private Map<String, String> written(Map<String, YamlValue> given, String format) {
        List<String> known =
                switch (format) {
                    case "csv" -> OF_CSV;
                    case "json" -> OF_JSON;
                    default -> OF_PARQUET;
                };
        Map<String, String> written = new LinkedHashMap<>();
        given.forEach((name, value) -> {
            if (known.contains(name)) {
                written.put(name, literal(value));
            } else if (!PASSED_OVER.contains(name)) {
                problems.add(
                        YamlErrors.notOneOf(value.place(), "An option of " + format, name, known));
            }
        });
        if (format.equals("csv")) {
            written.putIfAbsent("header", "true");
        }
        return written;
    }

    private String literal(YamlValue value) {
        return value.plain() instanceof Number || value.plain() instanceof Boolean
                ? text(value).toLowerCase(Locale.ROOT)
                : RawColumns.literal(text(value).replaceAll("^'(.*)'$", "$1"));
    }
}
