package dev.tarn.cli;

import dev.tarn.app.BuildRequest;
import dev.tarn.app.Tarn;
import dev.tarn.cli.progress.FollowDisplay;
import dev.tarn.cli.progress.LiveDisplay;
import dev.tarn.cli.progress.PlainDisplay;
import dev.tarn.cli.progress.RunDisplay;
import dev.tarn.cli.progress.RunSummary;
import dev.tarn.run.Cancellation;
import dev.tarn.run.RunReport;

/** Runs something with a display while it works and a summary at its end. */
final class Building {
    private final Invocation invocation;
    private final String options;

    /**
     * @param options what further commands need to find the same project
     */
    Building(Invocation invocation, String options) {
        this.invocation = invocation;
        this.options = options;
    }

    /** Returns the exit code. */
    int build(Tarn tarn, BuildRequest request, boolean json) {
        return told(run(tarn, request), json);
    }

    /** Lands sources, perhaps for ever; returns the exit code. */
    int ingest(Tarn tarn, BuildRequest request, boolean follow, boolean json) {
        Cancellation cancellation = new Cancellation();
        RunReport report;
        try (RunDisplay display = follow ? followed() : display()) {
            report =
                    invocation
                            .interrupts()
                            .during(
                                    cancellation::cancel,
                                    () -> tarn.ingest(request, follow, display, cancellation));
        }
        return told(report, json);
    }

    private RunDisplay followed() {
        Console console = invocation.console();
        return new FollowDisplay(console.err(), console.errPaint());
    }

    /** Prints a report; returns the exit code. */
    int told(RunReport report, boolean json) {
        Console console = invocation.console();
        RunSummary summary =
                new RunSummary(report, console.outPaint(), console.outColumns(), options);
        if (json) {
            summary.printJson(console.out());
        } else {
            summary.print(console.out());
        }
        new ErrorPrinter(console).print(report.problems());
        return exitCode(report);
    }

    RunReport run(Tarn tarn, BuildRequest request) {
        Cancellation cancellation = new Cancellation();
        try (RunDisplay display = display()) {
            return invocation
                    .interrupts()
                    .during(cancellation::cancel, () -> tarn.build(request, display, cancellation));
        }
    }

    static int exitCode(RunReport report) {
        return switch (report.run().status()) {
            case PUBLISHED, UNCHANGED, RUNNING -> ProjectCommand.DONE;
            case CANCELLED -> ErrorPrinter.INTERRUPTED;
            case FAILED, LOST ->
                    report.problems().isEmpty()
                            ? 1
                            : ErrorPrinter.exitCode(report.problems().getFirst().code());
        };
    }

    private RunDisplay display() {
        Console console = invocation.console();
        return console.errIsTerminal()
                ? LiveDisplay.start(
                        console.err(), console.errPaint(), console.columns(), console.clock())
                : new PlainDisplay(console.err(), console.errPaint());
    }
}
