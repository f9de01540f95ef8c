package dev.tarn.cli;

import dev.tarn.app.At;
import dev.tarn.app.TableReport;
import dev.tarn.app.Tarn;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "show",
        description = {
            "Show everything about a table or view.",
            "",
            "Columns, partitions, files, snapshots, when it changed, who owns it, its checks."
        },
        footerHeading = "%nExamples:%n",
        footer = {"  tarn show gold.orders", "  tarn show gold.orders --at main@12 --json"})
final class ShowCommand extends ProjectCommand {
    @Parameters(
            paramLabel = "TABLE",
            description = "Its name; the schema may be left out where it is clear.")
    String table = "";

    @Option(
            names = "--at",
            paramLabel = "STATE",
            description = "Ref, publication, run or time to look at. Default: main.")
    String at = "main";

    @Option(names = "--json", description = "Print JSON.")
    boolean json;

    ShowCommand(Invocation invocation) {
        super(invocation);
    }

    @Override
    int run(Tarn tarn) {
        At state = At.parse(at);
        TableReport report = tarn.table(tarn.named(table, state), state);
        Console console = invocation.console();
        TableView view = new TableView(report, console.clock().instant());
        if (json) {
            view.printJson(console.out());
        } else {
            view.print(console.out(), console.outPaint(), console.outColumns());
        }
        return DONE;
    }
}
