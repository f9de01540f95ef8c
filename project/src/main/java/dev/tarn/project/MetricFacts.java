package dev.tarn.project;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a metric is computed from, in the shape of dbt's manifest: short forms are written out. */
final class MetricFacts {
    private static final List<String> METRICS = List.of("numerator", "denominator");

    /** The measures of a conversion. */
    static final List<String> CONVERTED = List.of("base_measure", "conversion_measure");

    private static final List<String> OTHERS =
            List.of(
                    "expr",
                    "window",
                    "grain_to_date",
                    "conversion_type_params",
                    "cumulative_type_params");

    private MetricFacts() {}

    static Map<Object, @Nullable Object> typeParameters(@Nullable Object said, boolean cumulates) {
        Map<Object, @Nullable Object> facts = new LinkedHashMap<>();
        if (said instanceof Map<?, ?> map) {
            map.forEach((k, v) -> facts.put(String.valueOf(k), v));
        }
        facts.put("measure", measure(facts.get("measure")));
        List<Object> measures = new ArrayList<>();
        if (facts.get("measure") != null) {
            measures.add(facts.get("measure"));
        }
        if (facts.get("conversion_type_params") instanceof Map<?, ?> parts) {
            Map<Object, @Nullable Object> conversion = conversion(parts);
            facts.put("conversion_type_params", conversion);
            for (String key : CONVERTED) {
                if (conversion.get(key) != null) {
                    measures.add(conversion.get(key));
                }
            }
        }
        facts.putIfAbsent("input_measures", measures);
        for (String key : METRICS) {
            facts.put(key, metric(facts.get(key)));
        }
        List<Object> metrics = new ArrayList<>();
        if (facts.get("metrics") instanceof List<?> list) {
            list.forEach(m -> metrics.add(metric(m)));
        }
        facts.put("metrics", metrics);
        facts.put("window", window(facts.get("window")));
        if (cumulates) {
            facts.putIfAbsent("cumulative_type_params", new LinkedHashMap<>());
        }
        if (facts.get("cumulative_type_params") instanceof Map<?, ?> cumulative) {
            Map<Object, @Nullable Object> all = named(cumulative);
            Object window = window(all.get("window"));
            all.put("window", window == null ? facts.get("window") : window);
            all.putIfAbsent("grain_to_date", facts.get("grain_to_date"));
            all.putIfAbsent("period_agg", "first");
            facts.put("cumulative_type_params", all);
        }
        OTHERS.forEach(key -> facts.putIfAbsent(key, null));
        return facts;
    }

    private static Map<Object, @Nullable Object> conversion(Map<?, ?> said) {
        Map<Object, @Nullable Object> facts = named(said);
        CONVERTED.forEach(key -> facts.put(key, measure(facts.get(key))));
        facts.put("window", window(facts.get("window")));
        facts.putIfAbsent("calculation", "conversion_rate");
        facts.putIfAbsent("constant_properties", null);
        return facts;
    }

    private static @Nullable Object measure(@Nullable Object said) {
        if (said == null) {
            return null;
        }
        Map<Object, @Nullable Object> facts = named(said);
        facts.put("filter", filter(facts.get("filter")));
        facts.putIfAbsent("alias", null);
        facts.putIfAbsent("join_to_timespine", false);
        facts.putIfAbsent("fill_nulls_with", null);
        return facts;
    }

    private static @Nullable Object metric(@Nullable Object said) {
        if (said == null) {
            return null;
        }
        Map<Object, @Nullable Object> facts = named(said);
        for (String key : List.of("filter", "alias", "offset_window", "offset_to_grain")) {
            facts.putIfAbsent(key, null);
        }
        facts.put("filter", filter(facts.get("filter")));
        facts.put("offset_window", window(facts.get("offset_window")));
        return facts;
    }

    /** Conditions, each the text of a template. */
    static @Nullable Object filter(@Nullable Object said) {
        if (said == null || said instanceof Map<?, ?>) {
            return said;
        }
        List<Object> filters = new ArrayList<>();
        for (Object one : said instanceof List<?> list ? list : List.of(said)) {
            Map<Object, @Nullable Object> filter = new LinkedHashMap<>();
            filter.put("where_sql_template", String.valueOf(one));
            filters.add(filter);
        }
        Map<Object, @Nullable Object> facts = new LinkedHashMap<>();
        facts.put("where_filters", filters);
        return facts;
    }

    private static Map<Object, @Nullable Object> named(Object said) {
        Map<Object, @Nullable Object> facts = new LinkedHashMap<>();
        if (said instanceof Map<?, ?> map) {
            map.forEach((k, v) -> facts.put(String.valueOf(k), v));
        } else {
            facts.put("name", String.valueOf(said));
        }
        return facts;
    }

    /** {@code 7 days} as a count and a granularity. */
    private static @Nullable Object window(@Nullable Object said) {
        if (!(said instanceof String text) || !text.strip().matches("\\d{1,9}\\s+\\w+")) {
            return said;
        }
        String[] parts = text.strip().split("\\s+");
        Map<Object, @Nullable Object> facts = new LinkedHashMap<>();
        facts.put("count", Long.valueOf(parts[0]));
        String grain = parts[1].toLowerCase(Locale.ROOT);
        String single = grain.replaceAll("s$", "");
        facts.put("granularity", SemanticNames.TIMES.contains(single) ? single : grain);
        return facts;
    }
}
