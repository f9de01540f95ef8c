package dev.tarn.project;

import dev.tarn.model.Place;
import dev.tarn.project.Declarations.Declared;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Whether names of the semantic layer are such as queries of metrics understand. */
final class SemanticNames {
    private static final Pattern VALID = Pattern.compile("[a-z](?:(?!__)[a-z0-9_])*[a-z0-9]");

    /** How time is cut for all; what a project adds has other names. */
    static final Set<String> TIMES =
            Set.of(
                    "nanosecond",
                    "microsecond",
                    "millisecond",
                    "second",
                    "minute",
                    "hour",
                    "day",
                    "week",
                    "month",
                    "quarter",
                    "year");

    private static final Set<String> RESERVED = Set.of("metric_time", "mf_internal_uuid");

    /** Parts of a semantic model, of which no two have the same name. */
    private static final Map<String, String> PARTS =
            Map.of("measures", "measure", "entities", "entity", "dimensions", "dimension");

    private final Problems problems;

    SemanticNames(Problems problems) {
        this.problems = problems;
    }

    /** Refuses what no metric may be called, even where nothing else of the layer is there. */
    void metric(Declared metric) {
        String name = metric.thing().name();
        List<String> wrong = new ArrayList<>();
        if (name.contains(" ")) {
            wrong.add("cannot contain spaces");
        }
        if (name.length() > 250) {
            wrong.add("cannot contain more than 250 characters");
        }
        if (!name.matches("[A-Za-z](?s:.*)")) {
            wrong.add("must begin with a letter");
        }
        if (!name.matches("[\\p{L}\\p{N}_-]+")) {
            wrong.add("must contain only letters, numbers and underscores");
        }
        if (!wrong.isEmpty()) {
            problems.add(
                    SemanticErrors.metricName(
                            metric.thing().place(), name, String.join(", ", wrong)));
        }
    }

    /** Looks at what stands by itself. */
    void top(String kind, Declared declared) {
        String name = declared.thing().name();
        name(declared.thing().place(), "%s '%s'".formatted(kind, name), name);
    }

    /** Looks at the parts of a semantic model. */
    void parts(Declared model) {
        Place place = model.thing().place();
        Map<Object, @Nullable Object> said = model.thing().mapping().plain();
        Map<String, String> taken = new HashMap<>();
        for (String key : List.of("measures", "entities", "dimensions")) {
            String kind = PARTS.getOrDefault(key, key);
            for (Object part : said.get(key) instanceof List<?> list ? list : List.of()) {
                if (part instanceof Map<?, ?> map && map.get("name") != null) {
                    String name = String.valueOf(map.get("name"));
                    name(
                            place,
                            "%s '%s' in semantic model '%s'"
                                    .formatted(kind, name, model.thing().name()),
                            name);
                    String first = taken.putIfAbsent(name, kind);
                    if (first != null) {
                        problems.add(
                                SemanticErrors.nameTwice(
                                        place, model.thing().name(), name, first, kind));
                    }
                }
            }
        }
    }

    private void name(Place place, String what, String name) {
        if (!VALID.matcher(name).matches()) {
            problems.add(SemanticErrors.name(place, what));
        }
        String lower = name.toLowerCase(Locale.ROOT);
        if (TIMES.contains(lower) || RESERVED.contains(lower)) {
            problems.add(SemanticErrors.reservedName(place, what));
        }
    }
}
