package dev.tarn.project;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.Problem;
import dev.tarn.project.YamlValue.Entry;
import dev.tarn.project.YamlValue.Mapping;
import dev.tarn.project.YamlValue.Scalar;
import dev.tarn.project.YamlValue.Sequence;
import java.util.List;
import java.util.regex.Pattern;

/** What kinds of values a project file must have in keys that nothing here has a use for. */
final class ProjectShapes {
    private static final long CONFIG_VERSION = 2;
    private static final Pattern VERSION =
            Pattern.compile("\\d+(\\.\\d+)*(-[0-9A-Za-z.-]+)?(\\+[0-9A-Za-z.-]+)?");
    private static final List<String> QUOTED = List.of("database", "schema", "identifier");

    private final Mapping file;
    private final Problems problems;

    ProjectShapes(Mapping file, Problems problems) {
        this.file = file;
        this.problems = problems;
    }

    void check() {
        for (Entry entry : file.entries()) {
            YamlValue value = entry.value();
            if (value instanceof Scalar s && s.isNull()) {
                continue;
            }
            switch (entry.key()) {
                case "version" -> version(entry);
                case "config-version" -> configVersion(entry);
                case "quoting" -> quoting(entry);
                case "query-comment" -> {
                    boolean fits = isText(value) || isFlag(value) || value instanceof Mapping;
                    require(fits, entry, "text or a mapping");
                }
                case "require-dbt-version" -> wanted(entry);
                case "dispatch" -> dispatch(value);
                case "flags" -> require(value instanceof Mapping, entry, "a mapping");
                case "asset-paths" -> require(value instanceof Sequence, entry, "a list");
                case "target-path", "log-path", "packages-install-path" ->
                        require(isText(value), entry, "text");
                default -> {}
            }
        }
    }

    private void version(Entry entry) {
        boolean fits =
                entry.value() instanceof Scalar s
                        && (s.plain() instanceof Number || VERSION.matcher(s.text()).matches());
        require(fits, entry, "a version such as '1.0.0'");
    }

    private void configVersion(Entry entry) {
        require(
                entry.value() instanceof Scalar s
                        && s.plain() instanceof Long l
                        && l == CONFIG_VERSION,
                entry,
                "the number 2");
    }

    private void quoting(Entry entry) {
        if (entry.value() instanceof Mapping quoting) {
            for (Entry inner : quoting.entries()) {
                if (QUOTED.contains(inner.key())) {
                    boolean nothing = inner.value() instanceof Scalar s && s.isNull();
                    require(nothing || isFlag(inner.value()), inner, "true or false");
                }
            }
        } else {
            require(false, entry, "a mapping");
        }
    }

    private void wanted(Entry entry) {
        List<YamlValue> wanted =
                entry.value() instanceof Sequence list ? list.items() : List.of(entry.value());
        for (YamlValue one : wanted) {
            if (!isText(one)) {
                require(false, entry, "text or a list of texts");
            } else if (PackageVersion.Condition.parse(((Scalar) one).text()).isEmpty()) {
                problems.add(
                        Problem.at(
                                ErrorCode.CONFIG_INVALID,
                                one.place(),
                                ("'%s' is no bound on versions. Write, for example, '>=1.8.0' or"
                                                + " ['>=1.8.0', '<2.0.0'].")
                                        .formatted(((Scalar) one).text())));
            }
        }
    }

    private void dispatch(YamlValue said) {
        if (said instanceof Sequence list) {
            for (YamlValue item : list.items()) {
                if (item instanceof Mapping entry && entry.find("search_order").isEmpty()) {
                    problems.add(
                            YamlErrors.missingKey(
                                    entry.place(), "An entry of 'dispatch'", "search_order"));
                }
            }
        }
    }

    private void require(boolean fits, Entry entry, String wanted) {
        if (!fits) {
            problems.add(
                    YamlErrors.wrongKind(
                            entry.place(), "'" + entry.key() + "'", wanted, entry.value()));
        }
    }

    private static boolean isText(YamlValue value) {
        return value instanceof Scalar s && s.plain() instanceof String;
    }

    private static boolean isFlag(YamlValue value) {
        return value instanceof Scalar s && s.plain() instanceof Boolean;
    }
}
