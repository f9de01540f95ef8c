package dev.tarn.cli;

import dev.tarn.app.At;
import dev.tarn.app.Tarn;
import dev.tarn.cli.shell.Screen;
import dev.tarn.cli.shell.Shell;
import dev.tarn.model.TarnException;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "shell",
        description = {
            "Type SQL and see its rows.",
            "",
            "Completes tables, columns and keywords with TAB, and remembers what was typed."
                    + " Statements may also come from a file or a pipe."
        },
        footerHeading = "%nExamples:%n",
        footer = {"  tarn shell", "  tarn shell --at dev", "  tarn shell < checks.sql"})
final class ShellCommand extends ProjectCommand {
    @Option(
            names = "--at",
            paramLabel = "STATE",
            description = "Ref, publication, run or time to read. Default: main.")
    String at = "main";

    ShellCommand(Invocation invocation) {
        super(invocation);
    }

    @Override
    int run(Tarn tarn) {
        Console console = invocation.console();
        ErrorPrinter printer = new ErrorPrinter(console);
        AtomicInteger code = new AtomicInteger(DONE);
        Screen screen =
                new Screen(
                        console.out(),
                        console.outPaint(),
                        console::outColumns,
                        console.clock(),
                        (TarnException e) -> code.set(printer.print(e)));
        Shell shell = new Shell(tarn, At.parse(at), screen);
        if (console.inIsTerminal() && console.outIsTerminal()) {
            shell.interact(project.directory(console).resolve(".tarn/shell-history"));
            return DONE;
        }
        return invocation
                .interrupts()
                .during(shell::cancel, () -> read(shell, console) ? DONE : code.get());
    }

    private static boolean read(Shell shell, Console console) {
        try {
            return shell.read(console.in());
        } catch (IOException e) {
            throw CliErrors.fileUnreadable("standard input", e);
        }
    }
}
