package dev.tarn.run;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.TarnException;
import dev.tarn.model.catalog.Change;
import dev.tarn.model.graph.SqlText;
import dev.tarn.sql.statement.Statement;
import dev.tarn.sql.statement.StatementParser;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Executes statements on the run's ref: what they change becomes visible with everything else of
 * the run, or not at all. Each statement sees what the ones before it did.
 */
public final class StatementExecutor {
    /** All statements of a run are one transaction anyway. */
    private static final Set<String> BRACKETS = Set.of("begin", "start", "commit", "end");

    private static final int ATTEMPTS_MAX = 50;

    private final Supplier<TaskContext> contexts;
    private final Author author;

    /** Who wrote the statements. */
    public enum Author {
        /** The project: what its code may do in queries, it may do here. */
        PROJECT,

        /** Somebody who typed them: queries in them are judged as any that somebody typed. */
        USER
    }

    /**
     * @param contexts gives a fresh view of the run's ref each time; it is closed after use
     */
    StatementExecutor(Supplier<TaskContext> contexts) {
        this(contexts, Author.PROJECT);
    }

    private StatementExecutor(Supplier<TaskContext> contexts, Author author) {
        this.contexts = contexts;
        this.author = author;
    }

    /** Statements of a task: each reads the run's ref as the one before it left it. */
    public static StatementExecutor of(TaskContext context) {
        return of(context, Author.PROJECT);
    }

    /** The same for statements of somebody else than the project. */
    public static StatementExecutor of(TaskContext context, Author author) {
        return new StatementExecutor(context::again, author);
    }

    /** Executes every statement of a text; returns the rows the last one changed. */
    public long execute(SqlText text) {
        List<StatementOutcome> outcomes = executeAll(text);
        return outcomes.isEmpty() ? 0 : outcomes.getLast().rows();
    }

    /** Executes every statement of a text; nothing is executed unless all of them can be read. */
    public List<StatementOutcome> executeAll(SqlText text) {
        List<StatementOutcome> outcomes = new ArrayList<>();
        for (Statement statement : StatementParser.parse(text)) {
            outcomes.add(one(statement));
        }
        return outcomes;
    }

    /** Takes off what was made to last as long as the statements only. */
    public void sweep() {
        try (TaskContext context = contexts.get()) {
            List<Change> unneeded = context.scope().swept(context.view());
            if (!unneeded.isEmpty()) {
                context.commit(unneeded, "drop temporary tables");
            }
        }
    }

    private StatementOutcome one(Statement statement) {
        if (statement instanceof Statement.WithoutEffect without) {
            if (author == Author.USER && !BRACKETS.contains(without.verb())) {
                throw StatementErrors.notForUsers(without);
            }
            return StatementOutcome.of(without.verb());
        }
        if (author == Author.USER) {
            refuseWords(statement);
        }
        for (int attempt = 1; ; attempt++) {
            try {
                return attempt(statement);
            } catch (TarnException e) {
                // Another node of the run changed the same table meanwhile: on its result, then.
                if (e.code() != ErrorCode.COMMIT_CONFLICT || attempt >= ATTEMPTS_MAX) {
                    throw e;
                }
            }
        }
    }

    private static void refuseWords(Statement statement) {
        if (statement instanceof Statement.Setting setting) {
            throw StatementErrors.notForUsers(
                    new Statement.WithoutEffect(setting.text(), setting.verb()));
        }
        if (statement instanceof Statement.Vocabulary vocabulary) {
            throw StatementErrors.vocabularyOfUsers(vocabulary);
        }
    }

    private StatementOutcome attempt(Statement statement) {
        try (TaskContext context = contexts.get()) {
            StatementGround ground = new StatementGround(context, author, statement);
            return switch (statement) {
                case Statement.Query query -> new QueryStatement(ground).execute(query);
                case Statement.Insert insert -> new InsertStatement(ground, insert).execute();
                case Statement.Delete delete -> new DeleteStatement(ground, delete).execute();
                case Statement.Update update -> new UpdateStatement(ground, update).execute();
                case Statement.Merge merge -> new MergeStatement(ground, merge).execute();
                case Statement.Truncate truncate -> DeleteStatement.truncate(ground, truncate);
                case Statement.CreateTable create -> new CreateStatement(ground).table(create);
                case Statement.CloneTable copy -> new CreateStatement(ground).copy(copy);
                case Statement.CreateView create -> new CreateStatement(ground).view(create);
                case Statement.CreateMaterialized create ->
                        new MaterializedStatements(ground).create(create);
                case Statement.Refresh refresh ->
                        new MaterializedStatements(ground).refresh(refresh);
                case Statement.CreateSchema create -> StatementOutcome.of("create schema");
                case Statement.Alter alter -> new AlterStatement(ground, alter).execute();
                case Statement.Drop drop -> new NameStatements(ground).drop(drop);
                case Statement.Undrop undrop -> new NameStatements(ground).undrop(undrop);
                case Statement.Comment comment -> new NameStatements(ground).comment(comment);
                case Statement.Setting setting -> {
                    context.set(setting);
                    yield StatementOutcome.of(setting.verb());
                }
                case Statement.Vocabulary vocabulary -> {
                    context.learn(vocabulary);
                    yield StatementOutcome.of(
                            (vocabulary.made() ? "create " : "drop ") + vocabulary.what());
                }
                case Statement.WithoutEffect without -> StatementOutcome.of(without.verb());
            };
        }
    }
}
