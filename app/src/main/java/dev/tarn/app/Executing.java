package dev.tarn.app;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.RefName;
import dev.tarn.model.TarnException;
import dev.tarn.model.graph.Node;
import dev.tarn.model.graph.Project;
import dev.tarn.model.graph.SqlText;
import dev.tarn.project.StandardNames;
import dev.tarn.run.Cancellation;
import dev.tarn.run.NodeCompiler;
import dev.tarn.run.NodeLineage;
import dev.tarn.run.RunListener;
import dev.tarn.run.RunReport;
import dev.tarn.run.RunRequest;
import dev.tarn.run.Runner;
import dev.tarn.run.StatementExecutor;
import dev.tarn.run.StatementOutcome;
import dev.tarn.run.TaskContext;
import dev.tarn.sql.statement.StatementParser;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Executes statements that somebody typed as one run: everything they change becomes visible at
 * once, or nothing. When somebody else was first they are executed again on what is there now.
 */
final class Executing {
    private static final int COMMAND_LENGTH = 60;

    /** Where tables go that are made without a schema. */
    private static final String DEFAULT_SCHEMA = "main";

    private final Wiring wiring;

    Executing(Wiring wiring) {
        this.wiring = wiring;
    }

    Executed execute(SqlText text, RefName ref, Cancellation cancellation) {
        return execute(text, ref, RunListener.SILENT, cancellation);
    }

    Executed execute(SqlText typed, RefName ref, RunListener listener, Cancellation cancellation) {
        SqlText text = StandardNames.own(typed);
        StatementParser.parse(text);
        for (int attempt = 1; ; attempt++) {
            Typed statements = new Typed(text);
            RunReport report =
                    runner(statements)
                            .run(request(text, ref), wiring.observed(listener), cancellation);
            if (report.problems().isEmpty()) {
                return new Executed(report.run(), statements.outcomes);
            }
            TarnException failure = new TarnException(report.problems());
            if (failure.code() != ErrorCode.COMMIT_CONFLICT
                    || attempt >= wiring.settings().run().publishAttempts()) {
                throw failure;
            }
        }
    }

    private static RunRequest request(SqlText text, RefName ref) {
        return new RunRequest(
                new Project("sql", Path.of(""), DEFAULT_SCHEMA, new LinkedHashMap<>()),
                Set.of(),
                ref,
                "sql: " + shortened(text.sql()),
                false,
                false,
                Optional.empty());
    }

    private static String shortened(String sql) {
        String line = sql.strip().replaceAll("\\s+", " ");
        return line.length() <= COMMAND_LENGTH ? line : line.substring(0, COMMAND_LENGTH - 1) + "…";
    }

    private Runner runner(NodeCompiler compiler) {
        return new Runner(
                wiring.catalog(),
                wiring.runs(),
                wiring.tables(),
                wiring.engine(),
                wiring.clock(),
                new SplittableRandom(),
                wiring.settings().run(),
                Optional.empty(),
                compiler,
                NodeLineage.NONE);
    }

    /** A run without nodes, at whose start the statements are executed. */
    private static final class Typed implements NodeCompiler {
        private final SqlText text;
        private List<StatementOutcome> outcomes = List.of();

        Typed(SqlText text) {
            this.text = text;
        }

        @Override
        public Node compile(Node node, TaskContext context) {
            return node;
        }

        @Override
        public List<SqlText> atStart(Project all, TaskContext context) {
            StatementExecutor executor =
                    StatementExecutor.of(context, StatementExecutor.Author.USER);
            outcomes = executor.executeAll(text);
            executor.sweep();
            return List.of();
        }

        @Override
        public List<SqlText> atEnd(
                Project all, Map<String, @Nullable Object> names, TaskContext context) {
            return List.of();
        }
    }
}
