package dev.tarn.cli;

import dev.tarn.app.At;
import dev.tarn.app.Sources.Behind;
import dev.tarn.app.Sources.PastPosition;
import dev.tarn.app.Sources.Position;
import dev.tarn.app.Tarn;
import dev.tarn.cli.output.Listing;
import dev.tarn.model.RefName;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "positions",
        description = {
            "List where reading sources stands.",
            "",
            "In queries: warehouse_contents.positions and warehouse_contents.position_history."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  tarn positions",
            "  tarn positions --select source:events --history",
            "  tarn positions --select source:events --behind     how much there is to be read",
            "  tarn positions --at 57 --json"
        })
final class PositionsCommand extends ProjectCommand {
    @Mixin SelectionOptions selection = new SelectionOptions();

    @ArgGroup(exclusive = true)
    Which which = new Which();

    /** What is to be listed. */
    static final class Which {
        @Option(
                names = "--at",
                paramLabel = "STATE",
                description = "Ref, publication, run or time to look at. Default: main.")
        Optional<String> at = Optional.empty();

        @Option(names = "--history", description = "What the positions were before.")
        boolean history;

        @Option(names = "--behind", description = "Ask the sources how much there is to be read.")
        boolean behind;
    }

    @Option(
            names = "--limit",
            paramLabel = "N",
            converter = WholeNumbers.Count.class,
            description = "With --history: how many of each part. Default: 20.")
    int limit = 20;

    @Option(names = "--json", description = "Print JSON.")
    boolean json;

    PositionsCommand(Invocation invocation) {
        super(invocation);
    }

    @Override
    int run(Tarn tarn) {
        List<String> select = selection.select;
        List<String> exclude = selection.exclude;
        String nothing = "No source has been read. `tarn ingest` does.";
        if (which.history) {
            print(
                    history(),
                    tarn.sources().history(select, exclude, RefName.MAIN, limit),
                    json,
                    nothing);
        } else if (which.behind) {
            print(
                    behind(),
                    tarn.sources().behind(select, exclude, At.MAIN),
                    json,
                    "No source has a connector.");
        } else {
            At at = which.at.map(At::parse).orElse(At.MAIN);
            print(listing(), tarn.sources().positions(select, exclude, at), json, nothing);
        }
        return DONE;
    }

    private static Listing<Position> listing() {
        return new Listing<Position>()
                .left("TABLE", "table", p -> p.table().toString())
                .left("PART", "part", Position::part)
                .left("POSITION", "position", Position::value)
                .right("SINCE", "publication", p -> p.since().value());
    }

    private static Listing<PastPosition> history() {
        return new Listing<PastPosition>()
                .left("TABLE", "table", p -> p.table().toString())
                .left("PART", "part", PastPosition::part)
                .left("POSITION", p -> p.value().orElse("forgotten"))
                .hidden("position", PastPosition::value)
                .right("PUBLICATION", "publication", p -> p.publication().id().value())
                .left("AT", "at", p -> p.publication().at())
                .left("RUN", "run", p -> p.publication().run().map(Object::toString));
    }

    private static Listing<Behind> behind() {
        return new Listing<Behind>()
                .left("TABLE", "table", b -> b.table().toString())
                .left("ROWS BEHIND", b -> number(b.lag().rows()))
                .hidden("rows", b -> known(b.lag().rows()))
                .left("BYTES BEHIND", b -> number(b.lag().bytes()))
                .hidden("bytes", b -> known(b.lag().bytes()));
    }

    private static String number(long count) {
        return count < 0 ? "unknown" : "%,d".formatted(count);
    }

    private static Optional<Long> known(long count) {
        return count < 0 ? Optional.empty() : Optional.of(count);
    }
}
