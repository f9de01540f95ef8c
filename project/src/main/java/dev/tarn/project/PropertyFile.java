package dev.tarn.project;

import dev.tarn.model.Place;
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
        List<SourceEntry> sources,
        List<Named> ignored) {

    /** Things of one kind that are declared and that Tarn does nothing with yet. */
    record Named(String kind, List<String> names, Place place) {}

    /** What is said about a model, a seed or a singular test. */
    record NodeEntry(
            String name,
            Place place,
            Words words,
            List<ColumnEntry> columns,
            List<TestEntry> tests,
            Optional<Mapping> config,
            boolean versioned) {}

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
            List<TestEntry> tests) {
        /** The same with the tests that another description of the column has. */
        ColumnEntry withTestsOf(ColumnEntry other) {
            List<TestEntry> all = new ArrayList<>(other.tests);
            tests.stream().filter(t -> !all.contains(t)).forEach(all::add);
            return new ColumnEntry(name, place, words, dataType, quoted, all);
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
            Optional<String> schema,
            Optional<Mapping> config,
            List<TableEntry> tables) {}

    /** One table of a source. */
    record TableEntry(
            String name,
            Place place,
            Words words,
            Optional<String> identifier,
            List<ColumnEntry> columns,
            List<TestEntry> tests,
            Optional<Mapping> config,
            Optional<IngestSpec> ingest) {}
}
