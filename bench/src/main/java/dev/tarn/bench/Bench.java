package dev.tarn.bench;

import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Clock;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.stream.Collectors;

/** The program behind {@code ./tarn bench}. */
public final class Bench {
    private static final int WRONG_USE = 2;

    private static final List<Benchmark> ALL =
            List.of(
                    new MedallionBenchmark(),
                    new TpchBenchmark(),
                    new ColdStartBenchmark(),
                    new CompileBenchmark(),
                    new ShopBenchmark(),
                    new SmallFilesBenchmark(),
                    new KafkaBenchmark(Events.Form.JSON),
                    new KafkaBenchmark(Events.Form.AVRO),
                    new KafkaSparkBenchmark(),
                    new FollowBenchmark(),
                    new PostgresBenchmark(),
                    new CompactionBenchmark(),
                    new MergeBenchmark(),
                    new MergeSparkBenchmark(),
                    new DeletesBenchmark(),
                    new PlanningBenchmark(),
                    new BranchBenchmark(),
                    new ChangesBenchmark(),
                    new CommitsBenchmark(),
                    new RestBenchmark(),
                    new JobsBenchmark(),
                    new PagesBenchmark(),
                    new ServeBenchmark(),
                    new SoakBenchmark());

    private Bench() {}

    public static void main(String[] args) throws Exception {
        List<String> given = List.of(args);
        int judge = given.indexOf("judge-delta");
        if (judge >= 0 && judge + 1 < given.size()) {
            DeltaJudge.main(new String[] {given.get(judge + 1)});
            return;
        }
        System.exit(run(List.of(args), System.out, System.err));
    }

    private static int run(List<String> args, PrintStream out, PrintStream err) throws Exception {
        Arguments arguments;
        try {
            arguments = Arguments.parse(args);
        } catch (IllegalArgumentException wrong) {
            err.println("tarn bench: " + wrong.getMessage());
            err.println(usage());
            return WRONG_USE;
        }
        Machine machine = Machine.here();
        Path work = arguments.work().resolve(arguments.benchmark().name());
        Setup setup =
                new Setup(
                        arguments.scale(),
                        arguments.repetitions(),
                        work,
                        Optional.ofNullable(System.getProperty("tarn.home")).map(Path::of),
                        text -> err.println("  " + text));
        Outcome outcome = arguments.benchmark().run(setup);
        if (!arguments.keep()) {
            Setup.delete(work);
        }
        OutcomePrinter printer =
                new OutcomePrinter(
                        arguments.benchmark(), machine, LocalDate.now(Clock.systemUTC()));
        if (arguments.json()) {
            out.println(printer.json(outcome));
        } else {
            printer.print(outcome, out);
        }
        return 0;
    }

    private static String usage() {
        return ALL.stream()
                .map(b -> "  %-11s %s".formatted(b.name(), b.title()))
                .collect(
                        Collectors.joining(
                                "\n",
                                """
                                Usage: tarn bench NAME [--json] [--scale X] [--repetitions N] [--work DIR] [--keep]
                                """,
                                ""));
    }

    private record Arguments(
            Benchmark benchmark,
            boolean json,
            boolean keep,
            OptionalDouble scale,
            OptionalInt repetitions,
            Path work) {

        static Arguments parse(List<String> args) {
            List<String> names = new ArrayList<>();
            boolean json = false;
            boolean keep = false;
            OptionalDouble scale = OptionalDouble.empty();
            OptionalInt repetitions = OptionalInt.empty();
            Path work = Path.of("target", "bench");
            for (int i = 0; i < args.size(); i++) {
                switch (args.get(i)) {
                    case "--json" -> json = true;
                    case "--keep" -> keep = true;
                    case "--scale" -> scale = OptionalDouble.of(positive(args, ++i));
                    case "--repetitions" ->
                            repetitions = OptionalInt.of((int) Math.ceil(positive(args, ++i)));
                    case "--work" -> work = Path.of(value(args, ++i));
                    default -> names.add(args.get(i));
                }
            }
            if (names.size() != 1) {
                throw new IllegalArgumentException("one name of a benchmark is needed.");
            }
            return new Arguments(
                    find(names.getFirst()), json, keep, scale, repetitions, work.toAbsolutePath());
        }

        private static Benchmark find(String name) {
            return ALL.stream()
                    .filter(b -> b.name().equals(name))
                    .findFirst()
                    .orElseThrow(() ->
                            new IllegalArgumentException(
                                    "there is no benchmark '%s'.".formatted(name)));
        }

        private static String value(List<String> args, int at) {
            if (at >= args.size()) {
                throw new IllegalArgumentException(args.get(at - 1) + " needs a value.");
            }
            return args.get(at);
        }

        private static double positive(List<String> args, int at) {
            String text = value(args, at);
            try {
                double number = Double.parseDouble(text);
                if (number > 0) {
                    return number;
                }
            } catch (NumberFormatException notANumber) {
                // Told below, like a number that is too small.
            }
            throw new IllegalArgumentException(
                    "%s needs a number above 0, not '%s'.".formatted(args.get(at - 1), text));
        }
    }
}
