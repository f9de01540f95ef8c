package dev.tarn.cli;

import dev.tarn.app.BuildRequest;
import dev.tarn.app.NodeKind;
import dev.tarn.app.Tarn;
import dev.tarn.model.RunId;
import dev.tarn.model.run.Run;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "retry",
        description = {
            "Go on from a failed run.",
            "",
            "What succeeded there and is still current is taken over; the rest runs again."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  tarn retry                      the newest failed run",
            "  tarn retry 261121-101500-k3xq   this one"
        })
final class RetryCommand extends ProjectCommand {
    @Parameters(
            arity = "0..1",
            paramLabel = "RUN",
            description = "The run. Default: the newest failed one.")
    Optional<String> run = Optional.empty();

    @Option(names = "--json", description = "Print the report as JSON.")
    boolean json;

    @Mixin ServerOptions server = new ServerOptions();

    RetryCommand(Invocation invocation) {
        super(invocation);
    }

    @Override
    int run(Tarn tarn) {
        Run failed =
                run.map(id -> tarn.run(new RunId(id)).run())
                        .or(tarn::lastFailed)
                        .orElseThrow(CliErrors::nothingToRetry);
        BuildRequest request =
                new BuildRequest(
                        "retry " + failed.id(),
                        EnumSet.allOf(NodeKind.class),
                        List.of(),
                        List.of(),
                        failed.target(),
                        false,
                        false,
                        Optional.of(failed.id()));
        HandOver.Order order =
                new HandOver.Order(
                        "/runs/%s/again".formatted(failed.id()),
                        Map.of(),
                        project.variables().isEmpty() ? Optional.empty() : Optional.of("--vars"));
        return new HandOver(invocation, project, server)
                .tried(tarn, order, json)
                .orElseGet(
                        () -> new Building(invocation, project.again()).build(tarn, request, json));
    }
}
