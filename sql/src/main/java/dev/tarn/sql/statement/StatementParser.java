package dev.tarn.sql.statement;

import dev.tarn.model.graph.SqlText;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Takes a text apart into statements. Queries, conditions and expressions are the engine's: of them
 * only the end is found.
 */
public final class StatementParser {
    private static final Set<String> QUERIES =
            Set.of(
                    "select",
                    "from",
                    "values",
                    "table",
                    "describe",
                    "desc",
                    "show",
                    "summarize",
                    "pivot",
                    "unpivot",
                    "explain",
                    "(");

    /**
     * Without users, privileges, physical storage or connections there is nothing to do for them.
     */
    private static final Set<String> WITHOUT_EFFECT =
            Set.of(
                    "grant",
                    "revoke",
                    "analyze",
                    "vacuum",
                    "checkpoint",
                    "begin",
                    "start",
                    "commit",
                    "end",
                    "rollback",
                    "abort",
                    "use");

    private static final Set<String> SETTINGS = Set.of("set", "reset", "pragma");

    private static final List<String> KNOWN =
            List.of(
                    "select",
                    "insert",
                    "update",
                    "delete",
                    "merge",
                    "truncate",
                    "create",
                    "alter",
                    "comment",
                    "drop",
                    "undrop",
                    "rename",
                    "refresh");

    private StatementParser() {}

    /**
     * The statements of a text, split at semicolons; empty ones are left out.
     *
     * @throws dev.tarn.model.TarnException {@code SQL_SYNTAX} or {@code UNSUPPORTED} at the word
     *     that does not fit
     */
    public static List<Statement> parse(SqlText text) {
        return split(text).stream().map(StatementParser::one).toList();
    }

    /** The texts of the statements, which need not be right but for where texts and names end. */
    public static List<SqlText> split(SqlText text) {
        List<Token> tokens = Tokens.of(text);
        List<SqlText> parts = new ArrayList<>();
        int from = 0;
        for (int i = 0; i <= tokens.size(); i++) {
            if (i == tokens.size() || tokens.get(i).is(";")) {
                if (i > from) {
                    parts.add(new Cursor(text, tokens, from, i).fragment(from, i));
                }
                from = i + 1;
            }
        }
        return parts;
    }

    private static Statement one(SqlText text) {
        List<Token> tokens = Tokens.of(text);
        Cursor cursor = new Cursor(text, tokens, 0, tokens.size());
        String first = cursor.peek().text().toLowerCase(Locale.ROOT);
        Optional<SqlText> with = Optional.empty();
        if (first.equals("with")) {
            with = with(cursor);
            first = cursor.peek().text().toLowerCase(Locale.ROOT);
        }
        RowStatementParser rows = new RowStatementParser(cursor, with);
        return switch (first) {
            case "insert" -> rows.insert();
            case "delete" -> rows.delete();
            case "update" -> rows.update();
            case "merge" -> new MergeParser(cursor, with).merge();
            default -> with.isPresent() ? new Statement.Query(text) : other(cursor, first);
        };
    }

    private static Statement other(Cursor cursor, String first) {
        if (QUERIES.contains(first)) {
            return new Statement.Query(cursor.text());
        }
        if (WITHOUT_EFFECT.contains(first)) {
            return new Statement.WithoutEffect(cursor.text(), first);
        }
        if (SETTINGS.contains(first)) {
            return new SessionStatementParser(cursor).setting(first);
        }
        RelationStatementParser relations = new RelationStatementParser(cursor);
        return switch (first) {
            case "truncate" -> relations.truncate();
            case "create" -> relations.create();
            case "alter" -> new AlterParser(cursor).alter();
            case "rename" -> relations.rename();
            case "drop" -> relations.drop();
            case "undrop" -> relations.undrop();
            case "comment" -> relations.comment();
            case "refresh" -> relations.refresh();
            default ->
                    throw SyntaxErrors.unknownStatement(
                            cursor.text(), cursor.offset(), cursor.peek().text(), KNOWN);
        };
    }

    /** Passes common table expressions; they are put before every query made of the statement. */
    private static Optional<SqlText> with(Cursor cursor) {
        int start = cursor.at();
        cursor.expect("with");
        cursor.skip("recursive");
        do {
            cursor.identifier("the name of a common table expression");
            if (cursor.have("(")) {
                cursor.group();
            }
            if (cursor.skip("using")) {
                cursor.expect("key");
                cursor.group();
            }
            cursor.expect("as");
            if (!cursor.skip("materialized")) {
                cursor.skip("not", "materialized");
            }
            cursor.group();
        } while (cursor.skip(","));
        return Optional.of(cursor.fragment(start, cursor.at()));
    }
}
