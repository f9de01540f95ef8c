package dev.tarn.project;

import dev.tarn.jinja.Arguments;
import dev.tarn.jinja.PyCallable;
import dev.tarn.jinja.Values;
import dev.tarn.model.TarnException;
import dev.tarn.project.Declarations.Declared;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * {@code metric('name')} and {@code metric('package', 'name')}: while templates are read only what
 * was called is known, while they run also what the metric is made of.
 */
final class MetricFunction implements PyCallable {
    private final NodeContext context;

    MetricFunction(NodeContext context) {
        this.context = context;
    }

    @Override
    public Object call(Arguments a) {
        if (a.count() < 1
                || a.count() > 2
                || !a.keywords().isEmpty()
                || !a.positional().stream().allMatch(String.class::isInstance)) {
            throw TemplateErrors.badArguments(
                    "metric()", "the name of a metric, or a package and a name");
        }
        Optional<String> packageName =
                a.count() == 2
                        ? Optional.of(Values.text(a.positional().getFirst()))
                        : Optional.empty();
        String name = Values.text(a.positional().getLast());
        Draft.RefCall call = new Draft.RefCall(packageName, name, context.place(a));
        boolean isTold = context.node().map(n -> !n.metrics.add(call)).orElse(false);
        if (!context.executes()) {
            return new MetricValue(call);
        }
        Optional<Declared> metric = find(context.scope(), call, context.packageName());
        if (metric.isEmpty() && !isTold) {
            String by = context.node().map(Draft::inSentence).orElse("This template");
            throw new TarnException(SemanticErrors.metricOfTemplate(context.scope(), by, call));
        }
        return metric.map(m -> new MetricValue(call, context.scope(), m))
                .orElseGet(() -> new MetricValue(call));
    }

    /** The metric that is meant: one of its own package first, then any. */
    static Optional<Declared> find(CompileScope scope, Draft.RefCall call, String packageName) {
        String own = call.packageName().orElse(packageName);
        Optional<Declared> near = find(scope, call.name(), own);
        return near.isPresent() || call.packageName().isPresent()
                ? near
                : scope.declarations().of("metrics").stream()
                        .filter(m -> m.thing().name().equals(call.name()))
                        .findFirst();
    }

    private static Optional<Declared> find(CompileScope scope, String name, String packageName) {
        return scope.declarations().of("metrics").stream()
                .filter(m -> m.thing().name().equals(name) && m.packageName().equals(packageName))
                .findFirst();
    }

    /** Notes the ids of the metrics that a node was seen to ask for. */
    static void link(CompileScope scope, Draft draft, Problems problems) {
        for (Draft.RefCall call : draft.metrics) {
            find(scope, call, draft.packageName)
                    .ifPresentOrElse(
                            m ->
                                    draft.metricIds.add(
                                            "metric." + m.packageName() + "." + call.name()),
                            () ->
                                    problems.add(
                                            SemanticErrors.metricOfTemplate(
                                                    scope, draft.inSentence(), call)));
        }
    }

    /** The calls that a node was seen to make, in the shape of dbt's manifest. */
    static List<Object> calls(Draft draft) {
        List<Object> calls = new ArrayList<>();
        for (Draft.RefCall call : List.copyOf(draft.metrics)) {
            List<Object> words = new ArrayList<>(call.packageName().stream().toList());
            words.add(call.name());
            calls.add(words);
        }
        return calls;
    }
}
