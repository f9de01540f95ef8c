package dev.tarn.cli;

import dev.tarn.app.NodeKind;
import dev.tarn.app.Tarn;
import java.util.EnumSet;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Lands what is new in sources, or what comes. */
@Command(
        name = "ingest",
        description = "Land what is new in the tables of sources, each row exactly once.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  tarn ingest",
            "  tarn ingest --select source:shop",
            "  tarn ingest --select source:shop --follow    and what comes, until Ctrl-C"
        })
final class IngestCommand extends BuildCommand {
    @Option(
            names = "--follow",
            description = {
                "Go on with what comes until it is stopped. A source that cannot be reached is",
                "tried again."
            })
    boolean follow;

    IngestCommand(Invocation invocation) {
        super(invocation, "ingest", EnumSet.of(NodeKind.SOURCE));
    }

    @Override
    int run(Tarn tarn) {
        return handedOver(tarn)
                .orElseGet(() ->
                        new Building(invocation, project.again())
                                .ingest(tarn, request(), follow, json));
    }

    @Override
    Optional<String> unsaid() {
        return follow ? Optional.of("--follow") : super.unsaid();
    }
}
