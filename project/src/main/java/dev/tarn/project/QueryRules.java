package dev.tarn.project;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.Place;
import dev.tarn.model.Problem;
import dev.tarn.model.TarnException;
import dev.tarn.model.graph.Materialization;
import dev.tarn.model.graph.Node;
import dev.tarn.model.graph.SqlText;
import dev.tarn.model.table.Field;
import dev.tarn.model.table.Schema;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the code of a node must be besides SQL that binds: one query, whose rows fit a table. */
final class QueryRules {
    private static final Pattern BEFORE_THE_FIRST_WORD =
            Pattern.compile("(?:\\s++|--[^\\n]*|/\\*.*?\\*/|\\()*+", Pattern.DOTALL);
    private static final Pattern WORD = Pattern.compile("[A-Za-z]+");
    private static final Set<String> QUERIES =
            Set.of(
                    "select",
                    "with",
                    "from",
                    "values",
                    "table",
                    "pivot",
                    "unpivot",
                    "describe",
                    "summarize",
                    "show");

    private QueryRules() {}

    /**
     * @throws TarnException {@code SQL_INVALID} for a statement that is no query
     */
    static void requireQuery(Node node, SqlText sql) {
        Matcher before = BEFORE_THE_FIRST_WORD.matcher(sql.sql());
        int start = before.lookingAt() ? before.end() : 0;
        Matcher word = WORD.matcher(sql.sql()).region(start, sql.sql().length());
        if (!word.lookingAt() || QUERIES.contains(word.group().toLowerCase(Locale.ROOT))) {
            return;
        }
        Place place = sql.locate(start).orElse(node.common().place());
        throw new TarnException(
                Problem.at(
                        ErrorCode.SQL_INVALID,
                        place,
                        "'%s' must be one query, and it begins with %s. Write only the query; Tarn makes the table."
                                .formatted(node.name(), word.group().toUpperCase(Locale.ROOT))));
    }

    /**
     * @throws TarnException {@code DUPLICATE_NAME} when two columns of a table would have one name
     */
    static void requireDistinctColumns(Node.Model model, Schema schema) {
        if (!model.materialization().isKept()
                || model.materialization() instanceof Materialization.View) {
            return;
        }
        Set<String> seen = new HashSet<>();
        List<Problem> problems = new ArrayList<>();
        for (Field field : schema.fields()) {
            if (!seen.add(field.name().toLowerCase(Locale.ROOT))) {
                problems.add(
                        Problem.at(
                                ErrorCode.DUPLICATE_NAME,
                                model.common().place(),
                                "'%s' has two columns '%s'; upper and lower case do not distinguish names. Rename one of them with AS."
                                        .formatted(model.name(), field.name())));
            }
        }
        if (!problems.isEmpty()) {
            throw new TarnException(problems);
        }
    }
}
