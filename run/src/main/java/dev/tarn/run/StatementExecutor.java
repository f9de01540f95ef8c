package dev.tarn.run;

import dev.tarn.model.graph.SqlText;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Executes statements that hooks and operations bring, on the run's ref: what they change becomes
 * visible with everything else of the run, or not at all. Each statement sees what the ones before
 * it did.
 */
public final class StatementExecutor {
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
                    "set",
                    "reset",
                    "use",
                    "pragma");

    private static final Set<String> QUERIES =
            Set.of(
                    "select",
                    "with",
                    "from",
                    "values",
                    "describe",
                    "show",
                    "summarize",
                    "pivot",
                    "unpivot",
                    "explain",
                    "(");

    private final Supplier<TaskContext> contexts;

    /**
     * @param contexts gives a fresh view of the run's ref each time; it is closed after use
     */
    StatementExecutor(Supplier<TaskContext> contexts) {
        this.contexts = contexts;
    }

    /** Statements of a task: each reads the run's ref as the one before it left it. */
    public static StatementExecutor of(TaskContext context) {
        return new StatementExecutor(context::again);
    }

    /** Executes every statement of a text; returns the rows the last one changed. */
    public long execute(SqlText text) {
        long rows = 0;
        for (int[] part : SqlWords.statements(text.sql())) {
            String sql = text.sql().substring(part[0], part[1]);
            rows =
                    one(
                            new SqlText(
                                    sql,
                                    offset ->
                                            text.locate(
                                                    part[0]
                                                            + Math.clamp(
                                                                    offset, 0, sql.length()))));
        }
        return rows;
    }

    private long one(SqlText statement) {
        SqlWords words = SqlWords.of(statement.sql());
        String first = words.first();
        if (words.size() == 0 || WITHOUT_EFFECT.contains(first)) {
            return 0;
        }
        try (TaskContext context = contexts.get()) {
            RowStatements rows = new RowStatements(context, statement, words);
            RelationStatements relations = new RelationStatements(context, statement, words);
            if (QUERIES.contains(first)) {
                return rows.query();
            }
            return switch (first) {
                case "insert" -> rows.insert();
                case "delete" -> rows.delete();
                case "truncate" -> rows.truncate();
                case "update" -> rows.update();
                case "create" -> relations.create();
                case "drop" -> relations.drop();
                case "comment" -> new CommentStatement(context, statement, words).execute();
                case "alter" -> new AlterTable(context, statement, words).execute();
                default -> throw StatementErrors.unknown(statement, first);
            };
        }
    }
}
