package dev.tarn.cli;

import dev.tarn.app.LineageReport;
import dev.tarn.app.LineageReport.Direction;
import dev.tarn.app.Tarn;
import java.util.EnumSet;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "lineage",
        sortOptions = false,
        description = {
            "Show where columns come from, and where they go.",
            "",
            "Worked out from the code of the project, so nothing has to be built. Of a column the"
                    + " whole way is shown, of a model one step for each of its columns."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  tarn lineage orders                            what its columns come from and go into",
            "  tarn lineage gold.orders.amount --upstream     down to the source",
            "  tarn lineage shop.customers.email --downstream --json"
        })
final class LineageCommand extends ProjectCommand {
    @Parameters(
            paramLabel = "MODEL[.COLUMN]",
            description = "A model, seed or source, by name or table; with a column behind a dot.")
    String what = "";

    @Option(names = "--upstream", description = "Only what it comes from.")
    boolean upstream;

    @Option(names = "--downstream", description = "Only what it goes into.")
    boolean downstream;

    @Option(
            names = "--depth",
            paramLabel = "N",
            description = "How many steps to follow. Default: all for a column, 1 for a model.")
    int depth;

    @Option(names = "--json", description = "Print JSON.")
    boolean json;

    LineageCommand(Invocation invocation) {
        super(invocation);
    }

    @Override
    int run(Tarn tarn) {
        EnumSet<Direction> directions = EnumSet.allOf(Direction.class);
        if (upstream != downstream) {
            directions = EnumSet.of(upstream ? Direction.UPSTREAM : Direction.DOWNSTREAM);
        }
        if (depth < 0) {
            throw CliErrors.usage("--depth must not be negative.", "tarn lineage");
        }
        LineageReport report = tarn.lineage(what, directions, depth);
        LineageView view = new LineageView(report, directions);
        if (json) {
            view.printJson(invocation.out());
        } else {
            view.print(invocation.out(), invocation.console().outPaint());
        }
        return DONE;
    }
}
