package dev.tarn.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** How long a short command takes, from the shell to the shell. */
final class ColdStartBenchmark implements Benchmark {
    private static final int REPETITIONS = 11;

    @Override
    public String name() {
        return "coldstart";
    }

    @Override
    public String title() {
        return "tarn query \"select 1\" as a process ÷ a Java program that prints one word";
    }

    @Override
    public Outcome run(Setup setup) throws Exception {
        Path launcher =
                setup.home()
                        .orElseThrow(() -> new IllegalStateException("Start with ./tarn bench"))
                        .resolve("tarn");
        Processes processes = new Processes(setup.fresh("empty"));
        List<String> query = List.of(launcher.toString(), "query", "select 1");
        List<String> help = List.of(launcher.toString(), "--help");
        List<String> hello =
                List.of(
                        ProcessHandle.current().info().command().orElse("java"),
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Hello.class.getName());
        setup.say("warming up");
        processes.time(query);
        processes.time(help);
        processes.time(hello);
        List<Timing> queries = new ArrayList<>();
        List<Timing> helps = new ArrayList<>();
        List<Timing> hellos = new ArrayList<>();
        int repetitions = setup.repetitions().orElse(REPETITIONS);
        setup.say("starting each %d times".formatted(repetitions));
        for (int i = 0; i < repetitions; i++) {
            queries.add(processes.time(query));
            hellos.add(processes.time(hello));
            helps.add(processes.time(help));
        }
        Timing ours = Timing.median(queries);
        Timing theirs = Timing.median(hellos);
        return new Outcome(
                "median of %d starts".formatted(repetitions),
                List.of(
                        new Outcome.Line("tarn query \"select 1\"", ours),
                        new Outcome.Line("hello world", theirs),
                        new Outcome.Line("tarn --help", Timing.median(helps))),
                "query ÷ hello world",
                ours.wall() / theirs.wall(),
                ours.cpu() / theirs.cpu(),
                Optional.empty());
    }
}
