package dev.tarn.project;

import dev.tarn.model.Place;
import dev.tarn.model.TableName;
import dev.tarn.model.graph.Contract.Target;
import dev.tarn.project.PropertyFile.ColumnEntry;
import dev.tarn.project.PropertyFile.NodeEntry;
import dev.tarn.project.YamlValue.Mapping;
import dev.tarn.project.YamlValue.Scalar;
import dev.tarn.project.YamlValue.Sequence;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What foreign keys of models point to: a model waits for it, with an enforced contract or not. */
final class ForeignKeys {
    private static final String NAME = "\\s*['\"](%s[^'\"]+)['\"]\\s*";
    private static final Pattern CALL =
            Pattern.compile(
                    "\\s*(?<function>ref|source)\\s*\\("
                            + NAME.formatted("?<first>")
                            + "(?:,"
                            + NAME.formatted("?<second>")
                            + ")?(?:,\\s*(?:v|version)\\s*=\\s*['\"]?(?<version>[^'\")\\s]+)['\"]?\\s*)?"
                            + "\\)\\s*");

    /** A table and its columns, as they follow REFERENCES. */
    private static final Pattern TABLE =
            Pattern.compile("\\s*(?<table>[^\\s(]+)\\s*\\((?<columns>[^()]+)\\).*", Pattern.DOTALL);

    private final CompileScope scope;

    ForeignKeys(CompileScope scope) {
        this.scope = scope;
    }

    /** Lets a model refer to what its foreign keys point to. */
    static void read(Draft draft, Problems problems) {
        for (Mapping constraint : constraints(draft)) {
            if (!type(constraint).equals("foreign_key")) {
                continue;
            }
            to(constraint)
                    .ifPresent(to -> {
                        Matcher call = CALL.matcher(to.text());
                        if (!call.matches()) {
                            problems.add(ContractErrors.target(to.place(), draft.name, to.text()));
                        } else if (isSource(call)) {
                            draft.sources.add(source(call, to.place()));
                        } else if (!ref(call, to.place()).name().equals(draft.name)) {
                            draft.refs.add(ref(call, to.place()));
                        }
                    });
        }
    }

    /** Where a foreign key points to; empty when it does not say so, or when that is not there. */
    Optional<Target> target(Draft draft, Mapping constraint) {
        if (to(constraint).isEmpty()) {
            return text(constraint, "expression")
                    .map(s -> TABLE.matcher(s.text()))
                    .filter(Matcher::matches)
                    .flatMap(ForeignKeys::written);
        }
        List<String> columns =
                constraint
                        .find("to_columns")
                        .map(e -> YamlSection.texts("'to_columns'", e.value(), new Problems()))
                        .orElse(List.of());
        return to(constraint).flatMap(to -> table(draft, to)).map(t -> new Target(t, columns));
    }

    private Optional<TableName> table(Draft draft, Scalar to) {
        Matcher call = CALL.matcher(to.text());
        if (!call.matches()) {
            return Optional.empty();
        }
        if (isSource(call)) {
            Draft.SourceCall named = source(call, to.place());
            return scope.nodes().sources().stream()
                    .filter(s -> s.sourceName().equals(named.source()))
                    .filter(s -> s.tableName().equals(named.table()))
                    .findFirst()
                    .map(SourceDraft::relation);
        }
        return scope.nodes()
                .named(ref(call, to.place()), draft.packageName)
                .flatMap(d -> d.relation);
    }

    private static Optional<Target> written(Matcher expression) {
        List<String> parts = new ArrayList<>();
        for (String part : expression.group("table").split("\\.")) {
            parts.add(unquoted(part));
        }
        List<String> columns =
                Stream.of(expression.group("columns").split(","))
                        .map(ForeignKeys::unquoted)
                        .toList();
        return parts.size() < 2
                ? Optional.empty()
                : Optional.of(
                        new Target(
                                new TableName(parts.get(parts.size() - 2), parts.getLast()),
                                columns));
    }

    private static String unquoted(String name) {
        String bare = name.strip();
        return bare.length() > 1 && bare.startsWith("\"") && bare.endsWith("\"")
                ? bare.substring(1, bare.length() - 1).replace("\"\"", "\"")
                : bare;
    }

    /** The constraints of a model and of its columns. */
    static List<Mapping> constraints(Draft draft) {
        List<Mapping> found = new ArrayList<>();
        draft.entry.flatMap(e -> e.find("constraints")).ifPresent(v -> mappings(v, found));
        for (ColumnEntry column : draft.entry.map(NodeEntry::columns).orElse(List.of())) {
            column.mapping().find("constraints").ifPresent(e -> mappings(e.value(), found));
        }
        return found;
    }

    private static void mappings(YamlValue said, List<Mapping> found) {
        if (said instanceof Sequence list) {
            list.items().stream()
                    .filter(Mapping.class::isInstance)
                    .map(Mapping.class::cast)
                    .forEach(found::add);
        }
    }

    private static String type(Mapping constraint) {
        return text(constraint, "type").map(Scalar::text).orElse("");
    }

    private static Optional<Scalar> to(Mapping constraint) {
        return text(constraint, "to");
    }

    private static Optional<Scalar> text(Mapping constraint, String key) {
        return constraint
                .find(key)
                .map(YamlValue.Entry::value)
                .filter(Scalar.class::isInstance)
                .map(Scalar.class::cast)
                .filter(s -> !s.isNull());
    }

    private static boolean isSource(Matcher call) {
        return call.group("function").equals("source") && call.group("second") != null;
    }

    private static Draft.SourceCall source(Matcher call, Place place) {
        return new Draft.SourceCall(call.group("first"), call.group("second"), place);
    }

    private static Draft.RefCall ref(Matcher call, Place place) {
        Optional<String> second = Optional.ofNullable(call.group("second"));
        return new Draft.RefCall(
                second.map(s -> call.group("first")),
                second.orElse(call.group("first")),
                Optional.ofNullable(call.group("version")),
                place);
    }
}
