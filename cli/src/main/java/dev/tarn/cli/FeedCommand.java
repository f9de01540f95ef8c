package dev.tarn.cli;

import dev.tarn.app.Feeds;
import dev.tarn.app.Tarn;
import dev.tarn.run.Cancellation;
import java.io.PrintStream;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Tells other systems what changes in tables. */
@Command(
        name = "feed",
        description = {
            "Tell other systems what changes in tables, each change exactly once.",
            "",
            "feeds.yml says who is told of which table. At first a table is told as it is, then what",
            "each publication on main changes."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  tarn feed                       all feeds, up to now",
            "  tarn feed orders --follow       and what comes, until Ctrl-C",
            "  tarn feed orders --again        the table as it is, whatever was told before"
        })
final class FeedCommand extends ProjectCommand {
    @Parameters(paramLabel = "NAME", arity = "0..*", description = "Feeds. Default: all.")
    List<String> names = List.of();

    @Option(names = "--follow", description = "Go on with what is published until it is stopped.")
    boolean follow;

    @Option(names = "--again", description = "Tell tables as they are, whatever was told before.")
    boolean again;

    FeedCommand(Invocation invocation) {
        super(invocation);
    }

    @Override
    int run(Tarn tarn) {
        if (follow && again) {
            throw CliErrors.usage(
                    "--again and --follow do not go together: tell the table first, then follow.",
                    "tarn feed");
        }
        Cancellation cancellation = new Cancellation();
        PrintStream out = invocation.out();
        long[] steps = {0};
        return invocation
                .interrupts()
                .during(
                        cancellation::cancel,
                        () -> {
                            if (follow) {
                                tarn.feeds()
                                        .follow(
                                                names,
                                                told -> tell(out, told),
                                                problem ->
                                                        invocation.console().err().println(problem),
                                                cancellation);
                                return DONE;
                            }
                            tarn.feeds()
                                    .tell(
                                            names,
                                            again,
                                            told -> {
                                                steps[0]++;
                                                tell(out, told);
                                            },
                                            cancellation);
                            if (steps[0] == 0) {
                                out.println("Everything has been told.");
                            }
                            return DONE;
                        });
    }

    private static void tell(PrintStream out, Feeds.Told told) {
        out.println(told.words());
        out.flush();
    }
}
