package dev.tarn.cli.shell;

import dev.tarn.app.Tarn;
import dev.tarn.model.TableName;
import dev.tarn.model.TarnException;
import dev.tarn.model.table.Field;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import org.jline.reader.Candidate;
import org.jline.reader.Completer;
import org.jline.reader.LineReader;
import org.jline.reader.ParsedLine;

/** Completes tables, the columns of tables that the statement names, keywords and commands. */
final class SqlCompleter implements Completer {
    private static final List<String> COMMANDS =
            List.of("\\d", "\\dt", "\\x", "\\timing", "\\at", "\\q", "\\?");

    private static final List<String> KEYWORDS =
            List.of(
                    "and",
                    "as",
                    "asc",
                    "between",
                    "by",
                    "case",
                    "cast",
                    "cross",
                    "desc",
                    "distinct",
                    "else",
                    "end",
                    "except",
                    "exists",
                    "extract",
                    "from",
                    "full",
                    "group",
                    "having",
                    "in",
                    "inner",
                    "intersect",
                    "interval",
                    "is",
                    "join",
                    "left",
                    "like",
                    "limit",
                    "not",
                    "null",
                    "offset",
                    "on",
                    "or",
                    "order",
                    "outer",
                    "over",
                    "partition",
                    "qualify",
                    "right",
                    "select",
                    "then",
                    "union",
                    "unnest",
                    "using",
                    "values",
                    "when",
                    "where",
                    "window",
                    "with");

    private final Tarn tarn;
    private final ShellSession session;
    private final Map<TableName, List<String>> columns = new HashMap<>();

    SqlCompleter(Tarn tarn, ShellSession session) {
        this.tarn = tarn;
        this.session = session;
    }

    @Override
    public void complete(LineReader reader, ParsedLine line, List<Candidate> candidates) {
        for (String word : words(line.line(), line.words())) {
            candidates.add(new Candidate(word));
        }
    }

    /** All words that could stand in the statement. */
    List<String> words(String statement, List<String> used) {
        if (statement.startsWith("\\") && used.size() <= 1) {
            return COMMANDS;
        }
        TreeSet<String> found = new TreeSet<>();
        try {
            for (TableName table : tarn.tableNames(session.at())) {
                found.add(table.toString());
                if (used.stream().anyMatch(w -> names(w, table))) {
                    found.addAll(columnsOf(table));
                }
            }
        } catch (TarnException e) {
            // Whoever is typing learns of it when the statement runs.
            found.clear();
        }
        List<String> all = new ArrayList<>(found);
        all.addAll(KEYWORDS);
        return all;
    }

    private List<String> columnsOf(TableName table) {
        return columns.computeIfAbsent(
                table,
                name ->
                        tarn.table(name, session.at()).schema().fields().stream()
                                .map(Field::name)
                                .toList());
    }

    private static boolean names(String word, TableName table) {
        String lower = word.toLowerCase(Locale.ROOT);
        return lower.equals(table.toString()) || lower.equals(table.table());
    }
}
