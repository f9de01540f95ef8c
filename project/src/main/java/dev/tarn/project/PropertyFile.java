package dev.tarn.project;

import dev.tarn.model.Place;
import dev.tarn.model.graph.ExternalSpec;
import dev.tarn.model.graph.IngestSpec;
import dev.tarn.project.YamlValue.Mapping;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What one property file says about models, seeds, sources and macros, as written. */
record PropertyFile(
        List<NodeEntry> models,
        List<NodeEntry> seeds,
        List<NodeEntry> singularTests,
        List<NodeEntry> snapshots,
        List<NodeEntry> analyses,
        List<NodeEntry> functions,
        List<SourceEntry> sources,
        List<Thing> things) {
    static final PropertyFile NOTHING =
            new PropertyFile(
                    List.of(), List.of(), List.of(), List.of(), List.of(), List.of(), List.of(),
                    List.of());

    /**
     * Something that is declared and not built.
     *
     * @param kind the key it stands under, such as {@code exposures}
     */
    record Thing(String kind, String name, Place place, Mapping mapping) {}

    /**
     * What is said about a model, a seed, a snapshot, an analysis or a singular test.
     *
     * @param mapping all of it, for what has no component of its own
     */
    record NodeEntry(
            String name,
            Place place,
            Words words,
            List<ColumnEntry> columns,
            List<TestEntry> tests,
            Optional<Mapping> config,
            Mapping mapping) {
        /** The values of a list or a mapping that only some nodes have. */
        Optional<YamlValue> find(String key) {
            return mapping.find(key)
                    .map(YamlValue.Entry::value)
                    .filter(v -> !(v instanceof YamlValue.Scalar s && s.isNull()));
        }

        Optional<String> text(String key) {
            return find(key)
                    .filter(YamlValue.Scalar.class::isInstance)
                    .map(v -> ((YamlValue.Scalar) v).text());
        }
    }

    /** What people say about a thing. */
    record Words(
            String description,
            Place place,
            List<String> tags,
            Optional<Mapping> meta,
            Optional<String> owner) {}

    /** What is said about a column. */
    record ColumnEntry(
            String name,
            Place place,
            Words words,
            Optional<String> dataType,
            boolean quoted,
            List<TestEntry> tests,
            Mapping mapping) {
        /** The same with the tests that another description of the column has. */
        ColumnEntry withTestsOf(ColumnEntry other) {
            List<TestEntry> all = new ArrayList<>(other.tests);
            tests.stream().filter(t -> !all.contains(t)).forEach(all::add);
            return new ColumnEntry(name, place, words, dataType, quoted, all, mapping);
        }

        /** The column as a test's SQL writes it. */
        String expression() {
            return quoted ? '"' + name + '"' : name;
        }
    }

    /**
     * One use of a generic test.
     *
     * @param namespace the package its macro is in, when it is said
     * @param arguments as written, templates not filled in
     */
    record TestEntry(
            Place place,
            Optional<String> namespace,
            String test,
            Optional<String> customName,
            Words words,
            Map<String, YamlValue> arguments,
            Map<String, YamlValue> config) {}

    /** A group of tables that come from outside. */
    record SourceEntry(
            String name,
            Place place,
            Words words,
            Optional<String> database,
            Optional<String> schema,
            Optional<Mapping> config,
            List<TableEntry> tables,
            Mapping mapping) {}

    /** One table of a source. */
    record TableEntry(
            String name,
            Place place,
            Words words,
            Optional<String> identifier,
            List<ColumnEntry> columns,
            List<TestEntry> tests,
            Optional<Mapping> config,
            Optional<IngestSpec> ingest,
            Optional<ExternalSpec> external,
            Mapping mapping) {

        /** Whether Tarn makes the table. */
        boolean isLoaded() {
            return ingest.isPresent() || external.isPresent();
        }
    }
}
