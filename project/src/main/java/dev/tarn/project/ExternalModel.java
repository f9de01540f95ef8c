package dev.tarn.project;

import dev.tarn.jinja.JinjaException;
import dev.tarn.model.Problem;
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

    /** The macro that says where files go whose models do not. */
    private static final String MACRO = "external_location";

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
    private final CompileScope scope;
    private final Problems problems;

    ExternalModel(Draft draft, CompileScope scope, Problems problems) {
        this.settings = draft.settings;
        this.draft = draft;
        this.scope = scope;
        this.problems = problems;
    }

    FileCopy read(TableName relation) {
        Map<String, YamlValue> given = options();
        Optional<String> location =
                settings.text("location", problems)
                        .filter(text -> !text.isBlank())
                        .map(this::rendered);
        List<String> partitions = partitions(given);
        String format = format(location, given);
        String place =
                location.or(this::placeOfMacro)
                        .orElseGet(() -> place(relation, format, partitions));
        return new FileCopy(place, format, written(given, format), partitions);
    }

    private String place(TableName relation, String format, List<String> partitions) {
        return "%s/%s%s"
                .formatted(
                        scope.target().get("external_root"),
                        relation.table(),
                        partitions.isEmpty() ? "." + format : "");
    }

    /** Where files go by a macro of the project. */
    private Optional<String> placeOfMacro() {
        return scope.macros()
                .find(MACRO, draft.packageName)
                .filter(m -> !m.packageName().equals(MacroLibrary.INTERNAL))
                .map(m -> rendered("{{ " + MACRO + "(this, config) }}").strip())
                .filter(text -> !text.isEmpty());
    }

    /** Settings may be templates, which see the node. */
    private String rendered(String text) {
        if (!text.contains("{{") && !text.contains("{%")) {
            return text;
        }
        try {
            return scope.jinja()
                    .parse(draft.file, text)
                    .render(new NodeContext(scope, draft, NodeContext.Mode.FULL))
                    .text();
        } catch (JinjaException e) {
            problems.add(
                    Problem.at(
                            TemplateErrors.problem(e, draft.place).code(),
                            draft.place,
                            TemplateErrors.reason(e)));
            return text;
        }
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
                .flatMap(text ->
                        Stream.of(rendered(text).replaceAll("^\\s*\\(|\\)\\s*$", "").split(",")))
                .map(name -> name.strip().replaceAll("^\"|\"$", ""))
                .filter(name -> !name.isEmpty())
                .toList();
    }

    private String format(Optional<String> location, Map<String, YamlValue> given) {
        Optional<String> said =
                settings.text("format", problems)
                        .map(this::rendered)
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
        Optional<String> ending = location.flatMap(ExternalModel::ending);
        if (said.isEmpty() && ending.isPresent() && !FORMATS.contains(ending.get())) {
            problems.add(
                    YamlErrors.notOneOf(
                            settings.place("location", draft.place),
                            "Without a setting 'format', the ending of 'location'",
                            ending.get(),
                            FORMATS));
        }
        return said.or(() -> ending).filter(FORMATS::contains).orElse("parquet");
    }

    private static Optional<String> ending(String location) {
        String file = location.substring(location.lastIndexOf('/') + 1);
        int dot = file.lastIndexOf('.');
        return dot > 0
                ? Optional.of(file.substring(dot + 1).toLowerCase(Locale.ROOT))
                : Optional.empty();
    }

    private String text(YamlValue value) {
        return rendered(String.valueOf(value.plain()));
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
