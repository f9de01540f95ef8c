package dev.tarn.cli;

import dev.tarn.app.BuildRequest;
import dev.tarn.app.Samples;
import dev.tarn.app.Tarn;
import dev.tarn.cli.output.Amounts;
import dev.tarn.demo.BrokenFile;
import dev.tarn.demo.DemoSummary;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "demo",
        sortOptions = false,
        description = {
            "Make a shop's raw files and build bronze, silver and gold tables of them.",
            "",
            "Nothing is downloaded. The same scale gives the same files. With --break, one more"
                    + " file arrives that no report should ever see."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  tarn demo                    a million web events, in ./tarn-demo",
            "  tarn demo --dir shop --scale 0.1",
            "  tarn demo --dir shop --break && tarn build -C shop"
        })
final class DemoCommand implements Callable<Integer> {
    private final Invocation invocation;

    @Mixin HelpOption help = new HelpOption();

    @Option(
            names = "--dir",
            paramLabel = "DIR",
            description = "Where to put it. Default: tarn-demo.")
    Path directory = Path.of("tarn-demo");

    @Option(
            names = "--scale",
            paramLabel = "X",
            description = "How much: 1 is a million web events. Default: 1.")
    double scale = 1;

    @Option(
            names = "--break",
            description = "Only drop one more file, a broken one, into a demo that is there.")
    boolean broken;

    @Option(names = "--json", description = "Print the report of the build as JSON.")
    boolean json;

    DemoCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() {
        Path target = invocation.console().directory().resolve(directory).normalize();
        if (broken) {
            return dropBrokenFile(target);
        }
        Console console = invocation.console();
        console.err().println("Making the files of a shop in " + target);
        Instant begin = console.clock().instant();
        DemoSummary made = Samples.demo(target, scale);
        console.err()
                .printf(
                        "%s in %s, %s, in %s%n",
                        Amounts.count(made.rows() + made.bad(), "row", "rows"),
                        Amounts.count(made.files(), "file", "files"),
                        Amounts.bytes(made.bytes()),
                        Amounts.duration(Duration.between(begin, console.clock().instant())));
        ProjectOptions options = new ProjectOptions();
        options.projectDir = Optional.of(directory);
        try (Tarn tarn = options.open(console, target)) {
            return build(tarn, options);
        }
    }

    private int build(Tarn tarn, ProjectOptions options) {
        Console console = invocation.console();
        int code =
                new Building(invocation, options.again())
                        .build(tarn, BuildRequest.everything("build (demo)"), json);
        if (code == ProjectCommand.DONE && !json) {
            printNext(console.out());
        }
        return code;
    }

    private void printNext(PrintStream out) {
        out.println();
        out.println("Try next:");
        out.printf(
                "  tarn query -C %s \"from gold.mart_daily_revenue order by 1 desc limit 10\"%n",
                directory);
        out.printf("  tarn show -C %s gold.fct_orders%n", directory);
        out.printf("  tarn demo --dir %s --break && tarn build -C %s%n", directory, directory);
    }

    private int dropBrokenFile(Path target) {
        BrokenFile file = Samples.breakDemo(target);
        invocation
                .out()
                .printf(
                        """
                        Wrote %s:
                          %s with a negative quantity, %s of products that do not exist,
                          %s that cannot be read.
                        Build again, and see that gold does not move:
                          tarn build -C %s
                        Then delete the file and build once more: the shop is mended.
                        """,
                        file.file(),
                        Amounts.count(file.negativeQuantities(), "line", "lines"),
                        Amounts.count(file.unknownProducts(), "line", "lines"),
                        Amounts.count(file.unreadable(), "line", "lines"),
                        directory);
        return ProjectCommand.DONE;
    }
}
