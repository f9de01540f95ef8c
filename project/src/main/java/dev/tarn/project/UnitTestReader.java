package dev.tarn.project;

import dev.tarn.model.Place;
import dev.tarn.model.graph.NodeId;
import dev.tarn.project.PropertyFile.Thing;
import dev.tarn.project.YamlValue.Mapping;
import dev.tarn.project.YamlValue.Scalar;
import dev.tarn.project.YamlValue.Sequence;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Makes drafts of unit tests. */
final class UnitTestReader {
    private static final List<String> FORMATS = List.of("dict", "csv", "sql");

    private final CompileScope scope;
    private final ProjectFile project;
    private final Problems problems;

    UnitTestReader(CompileScope scope, ProjectFile project, Problems problems) {
        this.scope = scope;
        this.project = project;
        this.problems = problems;
    }

    /**
     * A unit test as written.
     *
     * @param version of the model, where it has some
     * @param versions which versions of the model are meant
     * @param given what inputs hold, by the call that names them, such as {@code ref('orders')}
     * @param overrides what macros, variables and the environment are in it
     */
    record UnitEntry(
            String model,
            Optional<String> version,
            Optional<Mapping> versions,
            String description,
            List<RowsEntry> given,
            RowsEntry expect,
            Map<String, Map<Object, @Nullable Object>> overrides,
            Optional<Mapping> config) {
        UnitEntry of(String modelVersion) {
            return new UnitEntry(
                    model,
                    Optional.of(modelVersion),
                    versions,
                    description,
                    given,
                    expect,
                    overrides,
                    config);
        }
    }

    /**
     * Rows as written: a list, or the text of a CSV or a query.
     *
     * @param input empty for what is expected
     * @param untold whether nothing is said of rows, so that those of a seed are its own
     */
    record RowsEntry(
            String input,
            Place place,
            String format,
            YamlValue rows,
            Optional<String> fixture,
            boolean untold) {}

    void add(Thing thing, List<String> folders) {
        YamlSection section =
                new YamlSection("Unit test '" + thing.name() + "'", thing.mapping(), problems);
        section.accept(List.of("name", "versions", "overrides"));
        Optional<String> model = section.required("model");
        List<RowsEntry> given = new ArrayList<>();
        for (YamlSection input : section.sections("given", section.what() + ": an input")) {
            Optional<String> call = input.required("input");
            given.add(rows(thing.name(), call.orElse(""), input));
            input.refuseOthers();
        }
        if (section.value("given").isEmpty()) {
            problems.add(YamlErrors.missingKey(section.place(), section.what(), "given"));
        }
        Optional<YamlSection> expect = section.section("expect");
        if (expect.isEmpty()) {
            problems.add(YamlErrors.missingKey(section.place(), section.what(), "expect"));
        }
        UnitEntry entry =
                new UnitEntry(
                        model.orElse(""),
                        Optional.empty(),
                        section.mapping("versions"),
                        section.text("description").orElse(""),
                        given,
                        expect.map(e -> rows(thing.name(), "", e))
                                .orElse(
                                        new RowsEntry(
                                                "",
                                                thing.place(),
                                                "dict",
                                                new Sequence(thing.place(), List.of()),
                                                Optional.empty(),
                                                true)),
                        overrides(section),
                        section.mapping("config"));
        expect.ifPresent(YamlSection::refuseOthers);
        section.refuseOthers();
        if (model.isEmpty() || expect.isEmpty()) {
            return;
        }
        List<String> fqn = new ArrayList<>(List.of(project.name()));
        fqn.addAll(folders);
        fqn.add(model.get());
        fqn.add(thing.name());
        Draft draft =
                new Draft(
                        Draft.Kind.UNIT,
                        new NodeId(
                                "unit_test.%s.%s.%s"
                                        .formatted(project.name(), model.get(), thing.name())),
                        thing.name(),
                        project.name(),
                        fqn,
                        thing.place(),
                        "");
        draft.unit = Optional.of(entry);
        draft.refs.add(new Draft.RefCall(Optional.empty(), model.get(), thing.place()));
        Draft first = scope.nodes().add(draft);
        if (first != null) {
            problems.add(
                    ProjectErrors.duplicate(thing.place(), "Unit test", thing.name(), first.place));
        }
    }

    private RowsEntry rows(String test, String input, YamlSection section) {
        Place place = section.entry("rows").map(YamlValue.Entry::place).orElse(section.place());
        String format = section.text("format").orElse("dict");
        Optional<String> fixture = section.text("fixture");
        Optional<YamlValue> rows = section.value("rows");
        if (!FORMATS.contains(format)) {
            problems.add(
                    YamlErrors.notOneOf(place, section.what() + ": 'format'", format, FORMATS));
        } else if (format.equals("dict")) {
            rows.filter(r -> !(r instanceof Sequence))
                    .ifPresent(r -> wrongRows(section, "a list", r));
        } else {
            rows.filter(r -> r instanceof Sequence).ifPresent(r -> wrongRows(section, "text", r));
            fixture.filter(f -> new FixtureFiles(scope).find(f, format).isEmpty())
                    .ifPresent(f ->
                            problems.add(new FixtureFiles(scope).missing(place, test, f, format)));
        }
        return new RowsEntry(
                input,
                place,
                format,
                rows.orElse(new Sequence(section.place(), List.of())),
                fixture,
                rows.isEmpty() && fixture.isEmpty());
    }

    private void wrongRows(YamlSection section, String wanted, YamlValue rows) {
        problems.add(YamlErrors.wrongKind(rows.place(), section.what() + ": 'rows'", wanted, rows));
    }

    private static Map<String, Map<Object, @Nullable Object>> overrides(YamlSection section) {
        Map<String, Map<Object, @Nullable Object>> all = new LinkedHashMap<>();
        Optional<YamlSection> overrides = section.section("overrides");
        for (String kind : List.of("macros", "vars", "env_vars")) {
            all.put(
                    kind,
                    overrides
                            .flatMap(o -> o.mapping(kind))
                            .map(Mapping::plain)
                            .orElseGet(LinkedHashMap::new));
        }
        overrides.ifPresent(YamlSection::refuseMisspelt);
        return all;
    }

    /** The plain text of rows that are written as one. */
    static Optional<String> text(YamlValue rows) {
        return rows instanceof Scalar s && !s.isNull() ? Optional.of(s.text()) : Optional.empty();
    }
}
