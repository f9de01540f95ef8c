package dev.tarn.cli.dbt;

import dev.tarn.cli.Console;
import dev.tarn.model.Problem;
import dev.tarn.model.TarnException;
import dev.tarn.model.graph.Project;
import dev.tarn.run.Cancellation;
import dev.tarn.run.FailureText;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
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
        return call(session, macro, Session.mapping("--args", List.of(arguments)));
    }

    /** Calls a macro and writes down how that ended. */
    static int call(Session session, String macro, Map<String, @Nullable Object> arguments) {
        session.tarn().prepare(CodeVerb.request(NAME, false, session.buildOptions(new Nodes())));
        Project project = session.greet();
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
                                                            NAME + " " + macro,
                                                            macro,
                                                            arguments,
                                                            cancellation));
        } catch (TarnException e) {
            failure = Optional.of(e);
        }
        if (failure.isEmpty()) {
            failure = session.warningsThatFail().stream().findFirst().map(DbtErrors::warning);
        }
        Optional<String> id = id(project, macro);
        if (id.isEmpty() && failure.isPresent()) {
            throw failure.get();
        }
        Optional<FailureText> why = failure.map(e -> why(project, id.orElseThrow(), macro, e));
        why.ifPresent(f -> {
            session.log().line("Encountered an error while running operation: " + f.heading());
            session.log().line(f.indented());
        });
        if (session.options().writeJson && id.isPresent()) {
            Map<String, @Nullable Object> asked = new LinkedHashMap<>();
            asked.put("macro", macro);
            asked.put("args", arguments);
            session.asked(NAME, asked);
            write(session, project, id.get(), began, why);
        }
        return failure.isPresent() ? FAILED : DONE;
    }

    private static FailureText why(
            Project project, String id, String macro, TarnException failure) {
        Map<?, ?> facts =
                Objects.requireNonNullElse(project.manifest().section("macros").get(id), Map.of());
        return FailureText.of(
                "macro",
                macro.substring(macro.lastIndexOf('.') + 1),
                String.valueOf(facts.get("original_file_path")),
                failure.problems().stream()
                        .map(Problem::toString)
                        .collect(Collectors.joining("\n")));
    }

    private static void write(
            Session session,
            Project project,
            String id,
            Instant began,
            Optional<FailureText> failure) {
        session.artifacts().manifest(project, List.of(), session.now());
        session.artifacts()
                .runResults(
                        List.of(
                                NodeResults.operation(
                                        id,
                                        failure.map(FailureText::toString),
                                        session.startedAt(),
                                        began,
                                        session.now())),
                        session.args(new Nodes()),
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
