package dev.tarn.project;

import dev.tarn.project.Declarations.Declared;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a metric is computed from: measures of semantic models, and other metrics. */
final class MetricInputs {
    private final Declarations declarations;

    MetricInputs(Declarations declarations) {
        this.declarations = declarations;
    }

    /** The ids of the semantic models and metrics it reads. */
    List<String> of(Declared metric) {
        Set<String> ids = new LinkedHashSet<>();
        Map<Object, @Nullable Object> parameters = parameters(metric);
        List<String> measures = new ArrayList<>(named(parameters, "measure").stream().toList());
        if (parameters.get("conversion_type_params") instanceof Map<?, ?> conversion) {
            for (String key : MetricFacts.CONVERTED) {
                named(conversion, key).ifPresent(measures::add);
            }
        }
        for (String measure : measures) {
            modelWith(measure)
                    .map(m -> "semantic_model." + m.packageName() + "." + m.thing().name())
                    .ifPresent(ids::add);
        }
        for (String name : metrics(parameters)) {
            metric(name)
                    .map(m -> "metric." + m.packageName() + "." + m.thing().name())
                    .ifPresent(ids::add);
        }
        return List.copyOf(ids);
    }

    /** The metrics that one is made of. */
    List<Declared> metricsOf(Declared metric) {
        return metrics(parameters(metric)).stream().flatMap(name -> metric(name).stream()).toList();
    }

    /** The ids of the metrics that a saved query asks for. */
    List<String> ofQuery(Declared query) {
        List<String> ids = new ArrayList<>();
        if (query.thing().mapping().plain().get("query_params") instanceof Map<?, ?> parameters
                && parameters.get("metrics") instanceof List<?> names) {
            for (Object name : names) {
                metric(String.valueOf(name))
                        .map(m -> "metric." + m.packageName() + "." + m.thing().name())
                        .ifPresent(ids::add);
            }
        }
        return ids;
    }

    /** The measures below a metric that is made of others. */
    List<Object> measures(Map<?, ?> parameters) {
        Map<Object, Object> found = new LinkedHashMap<>();
        collect(parameters, found, new LinkedHashSet<>());
        return new ArrayList<>(found.values());
    }

    private void collect(Map<?, ?> parameters, Map<Object, Object> found, Set<String> open) {
        for (String name : metrics(parameters)) {
            Optional<Declared> metric = metric(name);
            if (metric.isEmpty() || !open.add(name)) {
                continue;
            }
            Map<Object, @Nullable Object> inner =
                    MetricFacts.typeParameters(parameters(metric.get()), false);
            if (inner.get("input_measures") instanceof List<?> measures) {
                for (Object measure : measures) {
                    if (measure instanceof Map<?, ?> map) {
                        found.put(String.valueOf(map.get("name")), measure);
                    }
                }
            }
            collect(inner, found, open);
        }
    }

    private static Map<Object, @Nullable Object> parameters(Declared metric) {
        Map<Object, @Nullable Object> parameters = new LinkedHashMap<>();
        if (metric.thing().mapping().plain().get("type_params") instanceof Map<?, ?> said) {
            said.forEach(parameters::put);
        }
        return parameters;
    }

    private static List<String> metrics(Map<?, ?> parameters) {
        List<String> names = new ArrayList<>();
        for (String key : List.of("numerator", "denominator")) {
            named(parameters, key).ifPresent(names::add);
        }
        if (parameters.get("metrics") instanceof List<?> list) {
            for (Object one : list) {
                Object name = one instanceof Map<?, ?> m ? m.get("name") : one;
                names.add(String.valueOf(name));
            }
        }
        return names;
    }

    private static Optional<String> named(Map<?, ?> parameters, String key) {
        Object said = parameters.get(key);
        Object name = said instanceof Map<?, ?> m ? m.get("name") : said;
        return Optional.ofNullable(name).map(String::valueOf);
    }

    private Optional<Declared> metric(String name) {
        return declarations.of("metrics").stream()
                .filter(m -> m.thing().name().equals(name))
                .findFirst();
    }

    private Optional<Declared> modelWith(String measure) {
        return declarations.of("semantic_models").stream()
                .filter(m ->
                        m.thing().mapping().plain().get("measures") instanceof List<?> all
                                && all.stream()
                                        .anyMatch(one ->
                                                one instanceof Map<?, ?> map
                                                        && measure.equals(map.get("name"))))
                .findFirst();
    }
}
