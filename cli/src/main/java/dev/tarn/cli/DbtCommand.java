package dev.tarn.cli;

import dev.tarn.cli.dbt.DbtProgram;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Everything after {@code dbt} is a command line of dbt's own. */
@Command(
        name = "dbt",
        description = {
            "Answer as dbt does: its verbs, options, lines, artifacts and exit codes.",
            "",
            "The program does so too when it is called through a link named dbt."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  tarn dbt build --select +orders",
            "  tarn dbt list --output json --resource-type model",
            "  ln -s \"$PWD/tarn\" ~/bin/dbt && dbt run"
        })
final class DbtCommand implements Callable<Integer> {
    private final Invocation invocation;

    @Mixin HelpOption help = new HelpOption();

    @Parameters(arity = "0..*", paramLabel = "VERB AND OPTIONS", description = "As for dbt.")
    List<String> args = List.of();

    DbtCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() {
        return new DbtProgram(invocation.console(), invocation.interrupts()::during).run(args);
    }
}
