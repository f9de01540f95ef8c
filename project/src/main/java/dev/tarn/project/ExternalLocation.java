package dev.tarn.project;

import dev.tarn.model.Place;
import dev.tarn.model.graph.ExternalSpec;
import dev.tarn.project.YamlValue.Mapping;
import dev.tarn.project.YamlValue.Scalar;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * {@code external_location} of a source, in its config or under {@code meta}, as dbt on DuckDB has
 * it: a path with wildcards, or a call of a function that reads files. Names of the source and
 * whatever is under {@code meta} may stand in it.
 */
final class ExternalLocation {
    private static final String KEY = "external_location";
    private static final String PLUGIN = "plugin";
    private static final String FORMATTER = "formatter";
    private static final Map<String, Pattern> FORMATTERS =
            Map.of(
                    "newstyle", Pattern.compile("(\\{\\{|\\}\\})|\\{([A-Za-z_][A-Za-z0-9_]*)\\}"),
                    "oldstyle", Pattern.compile("(%%)|%\\(([A-Za-z_][A-Za-z0-9_]*)\\)s"),
                    "template", Pattern.compile("(\\$\\$)|\\$\\{?([A-Za-z_][A-Za-z0-9_]*)\\}?"));

    /** Which function reads a file, by how its name ends. */
    private static final List<Map.Entry<Pattern, String>> READERS =
            List.of(
                    Map.entry(Pattern.compile(".*\\.(?:csv|tsv|txt)(?:\\.gz|\\.zst)?"), "read_csv"),
                    Map.entry(Pattern.compile(".*\\.(?:parquet|pq)"), "read_parquet"),
                    Map.entry(
                            Pattern.compile(".*\\.(?:json|ndjson|jsonl)(?:\\.gz|\\.zst)?"),
                            "read_json"));

    private final SourceDraft source;
    private final Problems problems;

    ExternalLocation(SourceDraft source, Problems problems) {
        this.source = source;
        this.problems = problems;
    }

    /** Whether a source's settings say where its rows are. */
    static boolean isSaid(Settings settings) {
        return find(settings, KEY).or(() -> find(settings, PLUGIN)).isPresent();
    }

    /** Where the source's rows are; empty when nothing is said, or when it is wrong. */
    Optional<ExternalSpec> read() {
        Optional<Scalar> plugin = find(PLUGIN);
        if (plugin.isPresent()) {
            return Optional.of(byPlugin(plugin.get()));
        }
        Optional<Scalar> said = find(KEY);
        if (said.isEmpty()) {
            return Optional.empty();
        }
        Place place = said.get().place();
        String formatter = find(FORMATTER).map(Scalar::text).orElse("newstyle");
        Pattern pattern = FORMATTERS.get(formatter.toLowerCase(Locale.ROOT));
        if (pattern == null) {
            problems.add(
                    YamlErrors.notOneOf(
                            place, "Setting 'formatter'", formatter, FORMATTERS.keySet()));
            return Optional.empty();
        }
        String location = filled(said.get().text().strip(), pattern, place);
        if (location.startsWith("'") || !location.contains("(")) {
            return path(location, place);
        }
        return Optional.of(ExternalSpec.query(location, place));
    }

    /** Tables of Delta are read; what other plugins would read, nobody reads. */
    private ExternalSpec byPlugin(Scalar plugin) {
        Optional<Scalar> table = find("delta_table_path");
        return plugin.text().equals("delta") && table.isPresent()
                ? new ExternalSpec(
                        table.get().text(),
                        Optional.of("delta"),
                        Optional.empty(),
                        table.get().place())
                : ExternalSpec.attached(
                        source.identifier(), plugin.text(), ExternalSpec.PLUGIN, plugin.place());
    }

    private Optional<ExternalSpec> path(String location, Place place) {
        boolean quoted = location.length() > 1 && location.startsWith("'");
        String path =
                quoted ? location.substring(1, location.length() - 1).replace("''", "'") : location;
        String lower = path.toLowerCase(Locale.ROOT);
        Optional<String> reader =
                READERS.stream()
                        .filter(r -> r.getKey().matcher(lower).matches())
                        .map(Map.Entry::getValue)
                        .findFirst();
        if (reader.isEmpty()) {
            problems.add(ProjectErrors.externalLocation(place, path));
        }
        return reader.map(r -> ExternalSpec.query(r + "(" + RawColumns.literal(path) + ")", place));
    }

    private String filled(String text, Pattern pattern, Place place) {
        Map<String, String> names = names();
        return pattern.matcher(text)
                .replaceAll(found -> {
                    String name = found.group(2);
                    if (name == null) {
                        return java.util.regex.Matcher.quoteReplacement(found.group().substring(1));
                    }
                    String value = names.get(name);
                    if (value == null) {
                        problems.add(
                                YamlErrors.notOneOf(
                                        place,
                                        "A name in 'external_location'",
                                        name,
                                        names.keySet()));
                        return quoted(found);
                    }
                    return java.util.regex.Matcher.quoteReplacement(value);
                });
    }

    private static String quoted(MatchResult found) {
        return java.util.regex.Matcher.quoteReplacement(found.group());
    }

    /** What may stand in a location. */
    private Map<String, String> names() {
        Map<String, String> names = new LinkedHashMap<>();
        names.put("name", source.tableName());
        names.put("identifier", source.identifier());
        names.put("schema", source.schema());
        names.put("database", RelationValue.DATABASE);
        meta().ifPresent(m -> m.plain().forEach((key, value) -> put(names, key, value)));
        source.settings().plain().forEach((key, value) -> put(names, key, value));
        return names;
    }

    private static void put(
            Map<String, String> names, @Nullable Object key, @Nullable Object value) {
        if (value instanceof String || value instanceof Number || value instanceof Boolean) {
            names.put(String.valueOf(key), value.toString());
        }
    }

    private Optional<Mapping> meta() {
        return meta(source.settings());
    }

    private static Optional<Mapping> meta(Settings settings) {
        return settings.find("meta").filter(Mapping.class::isInstance).map(Mapping.class::cast);
    }

    private Optional<Scalar> find(String key) {
        return find(source.settings(), key);
    }

    /** What config says comes before what is under {@code meta}. */
    private static Optional<Scalar> find(Settings settings, String key) {
        return settings.find(key)
                .or(() -> meta(settings).flatMap(m -> m.find(key)).map(YamlValue.Entry::value))
                .filter(Scalar.class::isInstance)
                .map(Scalar.class::cast)
                .filter(s -> !s.isNull());
    }
}
