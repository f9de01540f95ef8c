package dev.tarn.project;

import dev.tarn.jinja.Missing;
import dev.tarn.jinja.PyCallable;
import dev.tarn.jinja.PyObject;
import dev.tarn.project.Declarations.Declared;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A metric as templates see it: what the manifest says of it, and the metrics it is made of. */
final class MetricValue implements PyObject {
    private static final Set<String> DERIVED = Set.of("derived", "ratio");

    private final Draft.RefCall call;
    private final @Nullable CompileScope scope;
    private final @Nullable Declared metric;
    private final Map<Object, @Nullable Object> facts;

    /** One of which only the name is known. */
    MetricValue(Draft.RefCall call) {
        this.call = call;
        this.scope = null;
        this.metric = null;
        this.facts = Map.of();
    }

    MetricValue(Draft.RefCall call, CompileScope scope, Declared metric) {
        this.call = call;
        this.scope = scope;
        this.metric = metric;
        this.facts = new DeclaredFacts(scope).of(metric);
    }

    @Override
    public @Nullable Object attribute(String name) {
        if (name.equals("metric_name")) {
            return call.name();
        }
        if (name.equals("package_name")) {
            return metric == null ? call.packageName().orElse(null) : metric.packageName();
        }
        if (metric == null) {
            return Missing.VALUE;
        }
        return switch (name) {
            case "full_metric_dependency" -> names(type -> true);
            case "base_metric_dependency" -> names(type -> !DERIVED.contains(type));
            case "derived_metric_dependency" -> names(DERIVED::contains);
            case "derived_metric_dependency_depth" -> (PyCallable) a -> depths();
            default -> facts.containsKey(name) ? facts.get(name) : Missing.VALUE;
        };
    }

    private PyCallable names(Predicate<String> types) {
        return a -> {
            Map<String, String> found = new LinkedHashMap<>();
            collect(found);
            return new ArrayList<Object>(
                    found.entrySet().stream()
                            .filter(e -> types.test(e.getValue()))
                            .map(Map.Entry::getKey)
                            .toList());
        };
    }

    /** Its own name and those of all metrics below it, with their types. */
    private void collect(Map<String, String> found) {
        if (found.putIfAbsent(call.name(), String.valueOf(facts.get("type"))) == null) {
            parents().forEach(p -> p.collect(found));
        }
    }

    private List<Object> depths() {
        List<Object> found = new ArrayList<>();
        depths(found, 1, new LinkedHashSet<>());
        return found;
    }

    private void depths(List<Object> found, int depth, Set<String> open) {
        if (DERIVED.contains(String.valueOf(facts.get("type"))) && open.add(call.name())) {
            found.add(new LinkedHashMap<Object, Object>(Map.of(call.name(), (long) depth)));
            parents().forEach(p -> p.depths(found, depth + 1, open));
            open.remove(call.name());
        }
    }

    /** The metrics it is made of. */
    private List<MetricValue> parents() {
        List<MetricValue> parents = new ArrayList<>();
        if (scope == null || metric == null) {
            return parents;
        }
        CompileScope all = scope;
        for (Declared parent : new MetricInputs(all.declarations()).metricsOf(metric)) {
            parents.add(
                    new MetricValue(
                            new Draft.RefCall(
                                    Optional.of(parent.packageName()),
                                    parent.thing().name(),
                                    parent.thing().place()),
                            all,
                            parent));
        }
        return parents;
    }

    @Override
    public String text() {
        return call.name();
    }

    @Override
    public String typeName() {
        return metric == null ? "MetricReference" : "ResolvedMetricReference";
    }
}
