package dev.tarn.cli.dbt;

import dev.tarn.cli.Console;
import dev.tarn.model.TarnException;
import java.util.UUID;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** One of dbt's verbs. */
abstract class Verb implements Callable<Integer> {
    static final int DONE = 0;
    static final int FAILED = 1;

    /** What dbt exits with when the project itself is wrong. */
    static final int WRONG = 2;

    private final Console console;
    private final Stopping stopping;

    @Mixin Options options = new Options();

    @Option(
            names = {"-h", "--help"},
            usageHelp = true)
    boolean help;

    Verb(Console console, Stopping stopping) {
        this.console = console;
        this.stopping = stopping;
    }

    @Override
    public final Integer call() {
        String invocation = UUID.randomUUID().toString();
        try (LogFile file = LogFile.open(options.logFile(console), console.clock())) {
            file.begin(invocation);
            try (Session session = new Session(console, stopping, options, invocation, file)) {
                return run(session);
            } catch (TarnException e) {
                file.failed(e, invocation);
                throw e;
            }
        }
    }

    Console console() {
        return console;
    }

    /** Does the work; returns the exit code. */
    abstract int run(Session session);
}
