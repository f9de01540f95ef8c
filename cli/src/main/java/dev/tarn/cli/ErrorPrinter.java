package dev.tarn.cli;

import dev.tarn.cli.output.Paint;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.Problem;
import dev.tarn.model.TarnException;
import java.io.PrintStream;
import java.util.List;

/** Tells on standard error what went wrong, and says which exit code that is. */
final class ErrorPrinter {
    /** What the shell's convention is for a program stopped by Ctrl-C. */
    static final int INTERRUPTED = 130;

    private final PrintStream err;
    private final Paint paint;

    ErrorPrinter(Console console) {
        this.err = console.err();
        this.paint = console.errPaint();
    }

    int print(TarnException exception) {
        print(exception.problems());
        return exitCode(exception.code());
    }

    void print(List<Problem> problems) {
        problems.forEach(problem -> err.println(line(problem)));
        if (problems.size() > 1) {
            err.println(problems.size() + " problems.");
        }
    }

    /** Something that should not happen: a mistake in Tarn, or a virtual machine in trouble. */
    int printUnexpected(Throwable failure, boolean withTrace) {
        if (failure instanceof OutOfMemoryError) {
            return print(CliErrors.outOfMemory(failure));
        }
        if (withTrace) {
            failure.printStackTrace(err);
        }
        return print(CliErrors.internal(failure, withTrace));
    }

    static int exitCode(ErrorCode code) {
        return code == ErrorCode.INTERRUPTED ? INTERRUPTED : code.blame().exitCode();
    }

    private String line(Problem problem) {
        return problem.place().map(p -> paint.bold(p + ":") + " ").orElse("")
                + problem.message()
                + " "
                + paint.red("[" + problem.code() + "]");
    }
}
