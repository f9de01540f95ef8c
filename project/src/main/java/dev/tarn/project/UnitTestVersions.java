package dev.tarn.project;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.Problem;
import dev.tarn.model.graph.NodeId;
import dev.tarn.project.UnitTestReader.UnitEntry;
import dev.tarn.project.YamlValue.Mapping;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Makes one unit test of each version of the model that it is about. */
final class UnitTestVersions {
    private final CompileScope scope;
    private final Problems problems;

    UnitTestVersions(CompileScope scope, Problems problems) {
        this.scope = scope;
        this.problems = problems;
    }

    void expand(String packageName) {
        List<Draft> all = scope.nodes().drafts();
        for (Draft test : all) {
            if (test.kind == Draft.Kind.UNIT && test.packageName.equals(packageName)) {
                UnitEntry unit = test.unit.orElseThrow();
                List<String> versions =
                        all.stream()
                                .filter(d -> d.kind == Draft.Kind.MODEL)
                                .filter(d -> d.name.equals(unit.model()))
                                .filter(d -> d.packageName.equals(packageName))
                                .flatMap(d -> d.version.stream())
                                .map(Object::toString)
                                .toList();
                expand(test, unit, versions);
            }
        }
    }

    private void expand(Draft test, UnitEntry unit, List<String> versions) {
        List<String> included = listed(unit, "include");
        List<String> excluded = listed(unit, "exclude");
        if (versions.isEmpty()) {
            if (!included.isEmpty() || !excluded.isEmpty()) {
                problems.add(
                        wrong(test, "chooses versions of '%s', which has none.", unit.model()));
            }
            return;
        }
        if (!included.isEmpty() && !excluded.isEmpty()) {
            problems.add(
                    wrong(test, "includes and excludes versions of '%s'. Keep one.", unit.model()));
        }
        scope.nodes().drop(test);
        List<String> chosen =
                versions.stream()
                        .filter(v -> !excluded.contains(v))
                        .filter(v -> included.isEmpty() || included.contains(v))
                        .toList();
        if (chosen.isEmpty()) {
            problems.add(
                    wrong(
                            test,
                            "is about no version of '%s'. There are: "
                                    + String.join(", ", versions)
                                    + ".",
                            unit.model()));
        }
        for (String version : chosen) {
            List<String> fqn = new ArrayList<>(test.fqn);
            Draft one =
                    new Draft(
                            Draft.Kind.UNIT,
                            new NodeId(test.id.value() + "_v" + version),
                            test.name + "_v" + version,
                            test.packageName,
                            fqn,
                            test.place,
                            "");
            one.unit = Optional.of(unit.of(version));
            one.refs.add(
                    new Draft.RefCall(
                            Optional.empty(), unit.model(), Optional.of(version), test.place));
            Draft unused = scope.nodes().add(one);
        }
    }

    private static List<String> listed(UnitEntry unit, String key) {
        Object said =
                unit.versions().map(UnitTestVersions::asMap).map(m -> m.get(key)).orElse(null);
        return said instanceof List<?> list
                ? list.stream().map(String::valueOf).toList()
                : List.of();
    }

    /** What is written, with both lists. */
    static Map<Object, @Nullable Object> asMap(Mapping versions) {
        Map<Object, @Nullable Object> map = new LinkedHashMap<>();
        map.put("include", versions.find("include").map(e -> e.value().plain()).orElse(null));
        map.put("exclude", versions.find("exclude").map(e -> e.value().plain()).orElse(null));
        return map;
    }

    /** A version as a number, if it is one. */
    static Object plain(String version) {
        return version.matches("\\d{1,9}") ? (Object) Integer.valueOf(version) : version;
    }

    private static Problem wrong(Draft test, String what, String model) {
        return Problem.at(
                ErrorCode.NODE_NOT_FOUND,
                test.place,
                ("Unit test '" + test.name + "' " + what).formatted(model));
    }
}
