package dev.tarn.cli.dbt;

import dev.tarn.cli.Console;
import dev.tarn.model.TarnException;
import dev.tarn.model.graph.Project;
import dev.tarn.project.PreviousState.Operation;
import dev.tarn.run.Cancellation;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code run-operation MACRO --args YAML}. */
final class OperationVerb extends Verb {
    private static final String NAME = "run-operation";

    @Parameters(paramLabel = "MACRO")
    String macro = "";

    @Option(names = "--args")
    String arguments = "{}";

    OperationVerb(Console console, Stopping stopping) {
        super(console, stopping);
    }

    @Override
    int run(Session session) {
        return call(
                session,
                session.greet(),
                new Operation(macro, Session.variables(List.of(arguments))));
    }

    /** Calls a macro and writes down how that ended. */
    static int call(Session session, Project project, Operation operation) {
        Instant began = session.now();
        Cancellation cancellation = new Cancellation();
        Optional<TarnException> failure = Optional.empty();
        try {
            String unused =
                    session.stopping()
                            .during(
                                    cancellation::cancel,
                                    () ->
                                            session.tarn()
                                                    .operate(
                                                            NAME + " " + operation.macro(),
                                                            operation.macro(),
                                                            operation.arguments(),
                                                            cancellation));
        } catch (TarnException e) {
            failure = Optional.of(e);
        }
        Optional<String> id = id(project, operation.macro());
        if (id.isEmpty() && failure.isPresent()) {
            throw failure.get();
        }
        failure.ifPresent(e -> {
            session.log()
                    .line("Encountered an error while running operation: " + operation.macro());
            e.problems().forEach(p -> session.log().line("  " + p));
        });
        if (session.options().writeJson && id.isPresent()) {
            write(session, project, operation, id.get(), began, failure);
        }
        return failure.isPresent() ? FAILED : DONE;
    }

    private static void write(
            Session session,
            Project project,
            Operation operation,
            String id,
            Instant began,
            Optional<TarnException> failure) {
        Map<String, @Nullable Object> args = new LinkedHashMap<>(session.args(NAME, new Nodes()));
        args.put("macro", operation.macro());
        args.put("args", operation.arguments());
        session.artifacts().manifest(project, List.of(), session.now());
        session.artifacts()
                .runResults(
                        List.of(
                                NodeResults.operation(
                                        id,
                                        failure.map(e -> e.problems().getFirst().toString()),
                                        session.startedAt(),
                                        began,
                                        session.now())),
                        args,
                        session.elapsed(),
                        session.now());
    }

    /** The macro that a name means: the project's, then a package's, then a built-in one. */
    private static Optional<String> id(Project project, String name) {
        Map<String, ?> macros = project.manifest().section("macros");
        if (name.indexOf('.') > 0) {
            return Optional.of("macro." + name).filter(macros::containsKey);
        }
        return Optional.of("macro." + project.name() + "." + name)
                .filter(macros::containsKey)
                .or(() ->
                        macros.keySet().stream()
                                .filter(id -> id.endsWith("." + name))
                                .filter(id -> !id.startsWith("macro.dbt."))
                                .findFirst())
                .or(() -> Optional.of("macro.dbt." + name).filter(macros::containsKey));
    }
}
