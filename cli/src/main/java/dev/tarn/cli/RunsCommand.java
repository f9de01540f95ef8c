package dev.tarn.cli;

import dev.tarn.app.RunDetails;
import dev.tarn.app.Tarn;
import dev.tarn.cli.output.Json;
import dev.tarn.cli.output.Listing;
import dev.tarn.cli.progress.RunListings;
import dev.tarn.model.RunId;
import dev.tarn.model.run.LineageEdge;
import dev.tarn.model.run.Run;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "runs",
        description = "List the runs there were, newest first.",
        synopsisSubcommandLabel = "[show RUN]",
        footerHeading = "%nExamples:%n",
        footer = {
            "  tarn runs",
            "  tarn runs --limit 5 --json",
            "  tarn runs show 261121-101500-k3xq"
        })
final class RunsCommand extends ProjectCommand {
    @Option(
            names = "--limit",
            paramLabel = "N",
            converter = WholeNumbers.Count.class,
            description = "How many, newest first. Default: 20.")
    int limit = 20;

    @Option(names = "--json", description = "Print JSON.")
    boolean json;

    RunsCommand(Invocation invocation) {
        super(invocation);
    }

    @Override
    int run(Tarn tarn) {
        print(RunListings.runs(), tarn.runs(limit), json, "No runs yet. `tarn build` makes one.");
        return DONE;
    }

    @Command(
            name = "show",
            description = "Show everything a run did.",
            footerHeading = "%nExamples:%n",
            footer = {
                "  tarn runs show 261121-101500-k3xq",
                "  tarn runs show 261121-101500-k3xq --json"
            })
    static final class Show extends ProjectCommand {
        @Parameters(paramLabel = "RUN", description = "The run.")
        String id = "";

        @Option(names = "--json", description = "Print JSON.")
        boolean json;

        Show(Invocation invocation) {
            super(invocation);
        }

        @Override
        int run(Tarn tarn) {
            RunDetails details = tarn.run(new RunId(id));
            if (json) {
                printJson(details, invocation.out());
            } else {
                print(details);
            }
            return DONE;
        }

        private void print(RunDetails details) {
            Run run = details.run();
            print(RunListings.runs(), List.of(run), false, "");
            run.error().ifPresent(error -> invocation.out().println("\n" + error));
            if (!details.tasks().isEmpty()) {
                invocation.out().println();
                print(RunListings.tasks(), details.tasks(), false, "");
            }
            if (!details.verdicts().isEmpty()) {
                invocation.out().println();
                print(RunListings.verdicts(), details.verdicts(), false, "");
            }
        }

        private static void printJson(RunDetails details, PrintStream out) {
            Map<String, @Nullable Object> json = new LinkedHashMap<>();
            json.putAll(RunListings.runs().objects(List.of(details.run())).getFirst());
            json.put("tasks", RunListings.tasks().objects(details.tasks()));
            json.put("verdicts", RunListings.verdicts().objects(details.verdicts()));
            json.put(
                    "lineage",
                    new Listing<LineageEdge>()
                            .hidden("from", e -> e.from())
                            .hidden("fromColumn", e -> e.fromColumn())
                            .hidden("to", e -> e.to())
                            .hidden("toColumn", e -> e.toColumn())
                            .objects(details.lineage()));
            Json.print(json, out);
        }
    }
}
