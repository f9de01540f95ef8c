package dev.tarn.project;

import dev.tarn.project.PropertyFile.Thing;
import dev.tarn.project.YamlValue.Entry;
import dev.tarn.project.YamlValue.Mapping;
import dev.tarn.project.YamlValue.Scalar;
import dev.tarn.project.YamlValue.Sequence;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Metrics that nobody wrote: a measure with {@code create_metric} is one, too. */
final class MeasureMetrics {
    private MeasureMetrics() {}

    /** Those of a semantic model. */
    static List<Thing> of(Thing model) {
        List<Thing> metrics = new ArrayList<>();
        Optional<YamlValue> measures = model.mapping().find("measures").map(Entry::value);
        if (measures.orElse(null) instanceof Sequence list) {
            for (YamlValue item : list.items()) {
                if (item instanceof Mapping measure
                        && isAsked(measure)
                        && value(measure, "name").orElse(null) instanceof Scalar name
                        && !name.isNull()) {
                    metrics.add(metric(measure, name));
                }
            }
        }
        return metrics;
    }

    private static boolean isAsked(Mapping measure) {
        return value(measure, "create_metric").orElse(null) instanceof Scalar asked
                && Boolean.TRUE.equals(asked.plain());
    }

    private static Thing metric(Mapping measure, Scalar name) {
        List<Entry> said = new ArrayList<>();
        said.add(entry("name", name));
        said.add(entry("label", value(measure, "label").orElse(name)));
        said.add(
                entry(
                        "description",
                        value(measure, "description")
                                .orElse(text(name, "Metric created from measure " + name.text()))));
        said.add(entry("type", text(name, "simple")));
        said.add(
                entry(
                        "type_params",
                        new Mapping(
                                name.place(),
                                List.of(entry("measure", name), entry("expr", name)))));
        return new Thing("metrics", name.text(), name.place(), new Mapping(measure.place(), said));
    }

    private static Optional<YamlValue> value(Mapping mapping, String key) {
        return mapping.find(key).map(Entry::value);
    }

    private static Scalar text(Scalar near, String text) {
        return new Scalar(near.place(), text, text);
    }

    private static Entry entry(String key, YamlValue value) {
        return new Entry(key, key, value.place(), value);
    }
}
