package dev.tarn.cli;

import dev.tarn.app.BuildRequest;
import dev.tarn.app.ServerNotes;
import dev.tarn.app.Tarn;
import dev.tarn.server.api.ApiClient;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Lets a server that is there do what was typed: then it stands on its pages, keeps to its limits,
 * and goes on if this terminal closes. Where a server cannot be asked for exactly the same, the
 * command does it itself and says so.
 */
final class HandOver {
    /** In the environment of what a server started itself, which must not wait for that server. */
    private static final String TASK = "TARN_JOB_RUN";

    private final Invocation invocation;
    private final ProjectOptions project;
    private final ServerOptions server;

    HandOver(Invocation invocation, ProjectOptions project, ServerOptions server) {
        this.invocation = invocation;
        this.project = project;
        this.server = server;
    }

    /**
     * What is asked of a server.
     *
     * @param path below {@code /api/v1}
     * @param unsaid an option that a server cannot be told, if there is one
     */
    record Order(String path, Map<String, @Nullable Object> body, Optional<String> unsaid) {}

    /** Nodes of the project; {@code verb} as it is typed. */
    static Order build(String verb, BuildRequest request, ProjectOptions project) {
        Map<String, @Nullable Object> body = new LinkedHashMap<>();
        body.put("verb", verb);
        body.put("select", request.select());
        body.put("exclude", request.exclude());
        body.put("ref", request.target().value());
        body.put("full", request.full());
        Map<String, @Nullable Object> vars = project.variables();
        body.put("vars", vars);
        // The API has texts only.
        boolean texts = vars.values().stream().allMatch(String.class::isInstance);
        return new Order("/builds", body, texts ? Optional.empty() : Optional.of("--vars"));
    }

    /**
     * Hands it over, and sees it through.
     *
     * @return the exit code; empty if nobody took it
     */
    Optional<Integer> tried(Tarn tarn, Order order, boolean json) {
        if (server.unwanted
                || !tarn.settings().server()
                || invocation.console().environment().containsKey(TASK)) {
            return Optional.empty();
        }
        return switch (tarn.serverNotes().look()) {
            case ServerNotes.Found.Nobody nobody -> Optional.empty();
            case ServerNotes.Found.Unusable unusable ->
                    here("the server of this project " + unusable.why());
            case ServerNotes.Found.There there -> ask(tarn, there, order, json);
        };
    }

    private Optional<Integer> ask(
            Tarn tarn, ServerNotes.Found.There there, Order order, boolean json) {
        if (order.unsaid().isPresent() || project.noCache) {
            return here(
                    "the server of this project does not know "
                            + order.unsaid().orElse("--no-cache"));
        }
        try (ApiClient client = new ApiClient(there.address(), there.token())) {
            if (!client.answers()) {
                return here(
                        "the server of this project (%s) does not answer"
                                .formatted(there.address()));
            }
            return Optional.of(
                    new HandedOver(invocation, project.again(), tarn, client, there.address())
                            .done(order, json));
        }
    }

    private Optional<Integer> here(String why) {
        invocation.console().err().println("note: " + why + "; doing this here.");
        return Optional.empty();
    }
}
