package dev.tarn.cli;

import dev.tarn.app.At;
import dev.tarn.app.Tarn;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "explain",
        description = "Show how a query would be run, or how it ran.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  tarn explain \"select count(*) from gold.orders\"",
            "  tarn explain --analyze \"select count(*) from gold.orders\""
        })
final class ExplainCommand extends ProjectCommand {
    @Parameters(paramLabel = "SQL", description = "The query.")
    String sql = "";

    @Option(
            names = "--at",
            paramLabel = "STATE",
            description = "Ref, publication, run or time to read. Default: main.")
    String at = "main";

    @Option(names = "--analyze", description = "Run it and show what each step took.")
    boolean analyze;

    ExplainCommand(Invocation invocation) {
        super(invocation);
    }

    @Override
    int run(Tarn tarn) {
        invocation.out().println(tarn.explain(sql, At.parse(at), analyze).stripTrailing());
        return DONE;
    }
}
