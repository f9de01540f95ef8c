package dev.tarn.duckdb;

import dev.tarn.duckdb.ErrorTranslator.Said;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.Suggestion;
import dev.tarn.model.TableName;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Words for names and types that do not bind. */
final class BinderErrors {
    private static final Pattern QUOTED = Pattern.compile("\"((?:[^\"]++|\"\")++)\"");

    /** Says an error that a pattern recognised. */
    private interface Words {
        Said say(Matcher matcher, RawError error, Source source);
    }

    private record Rule(Pattern pattern, Words words) {
        private Rule(String pattern, Words words) {
            this(Pattern.compile(pattern), words);
        }
    }

    private static final List<Rule> RULES =
            List.of(
                    new Rule(
                            "(?:Table|Values list|Subquery) \"(.+?)\" does not have a column named"
                                    + " \"(.+?)\"",
                            (m, e, s) -> noColumn(m.group(2), Optional.of(m.group(1)), e, s)),
                    new Rule(
                            "Referenced table \"(.+?)\" not found",
                            (m, e, s) ->
                                    new Said(
                                            ErrorCode.TABLE_NOT_FOUND,
                                            "No table or alias '%s' is in this FROM clause.%s"
                                                    .formatted(m.group(1), hint(m.group(1), e)))),
                    new Rule(
                            "No function matches the given name and argument types"
                                    + " '(.+?)\\((.*)\\)'\\.",
                            (m, e, s) ->
                                    new Said(
                                            ErrorCode.TYPE_MISMATCH,
                                            noMatch(m.group(1), m.group(2)))),
                    new Rule(
                            "column \"?(.+?)\"? must appear in the GROUP BY clause",
                            (m, e, s) ->
                                    new Said(
                                            ErrorCode.SQL_INVALID,
                                            ("Column '%1$s' is neither grouped nor aggregated. Add"
                                                            + " it to GROUP BY, or use any_value(%1$s).")
                                                    .formatted(m.group(1)))),
                    new Rule(
                            "Ambiguous reference to column name \"(.+?)\" \\(use: (.+)\\)",
                            (m, e, s) ->
                                    new Said(
                                            ErrorCode.SQL_INVALID,
                                            "Column '%s' is in more than one table. Write %s."
                                                    .formatted(
                                                            m.group(1),
                                                            m.group(2).replace("'", "")))),
                    new Rule(
                            "Column \"(.+?)\" in (?:EXCLUDE|REPLACE|RENAME) list not found",
                            (m, e, s) -> noColumn(m.group(1), relations(s), e, s)),
                    new Rule(
                            "Could not find key \"(.+?)\" in struct",
                            (m, e, s) ->
                                    new Said(
                                            ErrorCode.COLUMN_NOT_FOUND,
                                            "The struct has no field '%s'.%s"
                                                    .formatted(m.group(1), hint(m.group(1), e)))),
                    new Rule(
                            "Cannot (?:mix|compare) values of type (.+?) and (?:type )?(.+?)(?: in |"
                                    + " - |\\.|$)",
                            (m, e, s) ->
                                    new Said(
                                            ErrorCode.TYPE_MISMATCH,
                                            "%s and %s do not go together. Cast one of them."
                                                    .formatted(
                                                            DataErrors.typeName(m.group(1)),
                                                            DataErrors.typeName(m.group(2))))));

    private BinderErrors() {}

    static Said said(RawError error, Source source) {
        if (error.subtype().equals("COLUMN_NOT_FOUND")) {
            return noColumn(error.name(), relations(source), error, source);
        }
        for (Rule rule : RULES) {
            Matcher matcher = rule.pattern().matcher(error.message());
            if (matcher.find()) {
                return rule.words().say(matcher, error, source);
            }
        }
        String message = error.message();
        boolean types = message.contains("type") && message.contains("cast");
        return new Said(
                types ? ErrorCode.TYPE_MISMATCH : ErrorCode.SQL_INVALID,
                ErrorTranslator.sentence(message));
    }

    private static String hint(String wrong, RawError error) {
        return Suggestion.hint(wrong, candidates(error));
    }

    private static Said noColumn(
            String column, Optional<String> where, RawError error, Source source) {
        List<String> near = new ArrayList<>(candidates(error));
        near.addAll(source.known().columns());
        if (error.message().contains("FROM clause is missing")) {
            return new Said(
                    ErrorCode.COLUMN_NOT_FOUND,
                    "Column '%s' does not exist: the query has no FROM clause.".formatted(column));
        }
        return new Said(
                ErrorCode.COLUMN_NOT_FOUND,
                "Column '%s' does not exist%s.%s"
                        .formatted(
                                column,
                                where.map(w -> " in " + w).orElse(""),
                                Suggestion.hint(column, near)));
    }

    private static Optional<String> relations(Source source) {
        return source.known().read().isEmpty() || source.known().read().size() > 4
                ? Optional.empty()
                : Optional.of(
                        source.known().read().stream()
                                .map(TableName::toString)
                                .collect(Collectors.joining(" or ")));
    }

    private static String noMatch(String function, String types) {
        String[] given = types.isEmpty() ? new String[0] : types.split(", ");
        List<String> names = new ArrayList<>();
        for (String type : given) {
            names.add(DataErrors.typeName(type));
        }
        boolean operator = !Character.isLetter(function.charAt(0)) && function.charAt(0) != '_';
        if (operator && names.size() == 2) {
            return "Operator '%s' does not work on %s and %s. Cast one of them."
                    .formatted(function, names.get(0), names.get(1));
        }
        return "Function '%s' does not take (%s). Cast the arguments, or look up what it takes."
                .formatted(function, String.join(", ", names));
    }

    /**
     * DuckDB's candidates; in the field made for them, or in quotes on the message's last lines.
     */
    static List<String> candidates(RawError error) {
        if (!error.candidates().isEmpty()) {
            return error.candidates();
        }
        int at = error.message().indexOf("Candidate");
        List<String> found = new ArrayList<>();
        if (at >= 0) {
            Matcher matcher = QUOTED.matcher(error.message().substring(at));
            while (matcher.find()) {
                found.add(matcher.group(1));
            }
        }
        return found;
    }
}
