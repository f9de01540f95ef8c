package dev.tarn.cli;

import dev.tarn.cli.dbt.DbtProgram;
import dev.tarn.cli.log.LogSettings;
import dev.tarn.cli.output.Paint;
import dev.tarn.model.TarnException;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** The program {@code tarn}: reads a command line, does it, and ends with an exit code. */
public final class Cli {
    private final Console console;
    private final Interrupts interrupts;

    Cli(Console console, Interrupts interrupts) {
        this.console = console;
        this.interrupts = interrupts;
    }

    public static void main(String[] args) {
        Interrupts interrupts = new Interrupts();
        Console console = Console.ofProcess();
        interrupts.hookIntoShutdown(console.err());
        int code = new Cli(console, interrupts).run(args);
        console.out().flush();
        console.err().flush();
        interrupts.finished();
        System.exit(code);
    }

    /** Does one command within a process that does more; returns the exit code. */
    public static int run(Console console, String... args) {
        return new Cli(console, new Interrupts()).run(args);
    }

    /** Does one command; returns the exit code. */
    int run(String... typed) {
        if (typed.length > 0 && typed[0].equals("dbt")) {
            return new DbtProgram(console, interrupts::during)
                    .run(List.of(typed).subList(1, typed.length));
        }
        String[] args = asOurs(typed);
        CommandLine commandLine = Commands.createFor(new Invocation(console, interrupts), args);
        commandLine.setColorScheme(
                CommandLine.Help.defaultColorScheme(
                        console.outPaint() == Paint.ANSI ? Ansi.ON : Ansi.OFF));
        commandLine.setOut(writer(console.out()));
        commandLine.setErr(writer(console.err()));
        commandLine.setParameterExceptionHandler(this::wrongUse);
        WholeNumbers.register(commandLine);
        commandLine.setExecutionExceptionHandler(this::failed);
        try {
            return commandLine.execute(args);
        } catch (StackOverflowError | OutOfMemoryError e) {
            return new ErrorPrinter(console).printUnexpected(e, false);
        }
    }

    /** What other programs understand: {@code --version}, and {@code help} before a command. */
    private static String[] asOurs(String... typed) {
        if (typed.length == 1 && List.of("--version", "-V").contains(typed[0])) {
            return new String[] {"version"};
        }
        if (typed.length > 0 && typed[0].equals("help")) {
            String[] args = Arrays.copyOfRange(typed, 1, typed.length + 1);
            args[args.length - 1] = "--help";
            return args;
        }
        return typed;
    }

    private static PrintWriter writer(PrintStream stream) {
        return new PrintWriter(stream, true, StandardCharsets.UTF_8);
    }

    private int wrongUse(ParameterException exception, String[] args) {
        if (exception.getCause() instanceof TarnException known) {
            return new ErrorPrinter(console).print(known);
        }
        String command = exception.getCommandLine().getCommandSpec().qualifiedName();
        TarnException told =
                exception instanceof UnmatchedArgumentException unmatched
                        ? CliErrors.unknownWord(
                                unmatched.getUnmatched().getFirst(),
                                command,
                                words(exception.getCommandLine().getCommandSpec()))
                        : CliErrors.usage(sentence(exception), command);
        return new ErrorPrinter(console).print(told);
    }

    /** What could have been meant at this place. */
    private static List<String> words(CommandSpec spec) {
        List<String> words = new ArrayList<>(spec.subcommands().keySet());
        spec.options().forEach(option -> words.addAll(List.of(option.names())));
        return words;
    }

    private int failed(Exception exception, CommandLine commandLine, ParseResult result) {
        ErrorPrinter printer = new ErrorPrinter(console);
        boolean verbose = LogSettings.isVerbose();
        if (exception instanceof TarnException known) {
            if (verbose) {
                known.printStackTrace(console.err());
            }
            return printer.print(known);
        }
        return printer.printUnexpected(exception, verbose);
    }

    private static String sentence(ParameterException exception) {
        String text = String.valueOf(exception.getMessage()).strip();
        return text.endsWith(".") ? text : text + ".";
    }
}
