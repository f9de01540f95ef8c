package dev.tarn.cli;

import dev.tarn.app.Tarn;
import dev.tarn.cli.output.Listing;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;

/** A command that works on a project or its warehouse. */
abstract class ProjectCommand implements Callable<Integer> {
    static final int DONE = 0;

    final Invocation invocation;

    @Mixin HelpOption help = new HelpOption();

    @Mixin ProjectOptions project = new ProjectOptions();

    ProjectCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public final Integer call() {
        try (Tarn tarn = project.open(invocation.console())) {
            return run(tarn);
        }
    }

    /** Does the work; returns the exit code. */
    abstract int run(Tarn tarn);

    /** Prints a list for people or programs; without things a hint what to do about it. */
    final <T> void print(Listing<T> listing, List<T> things, boolean json, String whenEmpty) {
        Console console = invocation.console();
        if (json) {
            listing.printJson(things, console.out());
        } else if (things.isEmpty()) {
            console.err()
                    .println(
                            project.nothingWasThere()
                                    ? "There is no project in this folder or above. Go to a project's folder, or name it with -C."
                                    : whenEmpty);
        } else {
            listing.lines(things, console.outPaint(), console.outColumns())
                    .forEach(console.out()::println);
        }
    }
}
