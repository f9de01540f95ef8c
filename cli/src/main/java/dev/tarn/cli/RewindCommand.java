package dev.tarn.cli;

import dev.tarn.app.At;
import dev.tarn.app.Rewind;
import dev.tarn.app.Rewind.Affected;
import dev.tarn.app.Rewind.Moved;
import dev.tarn.app.Rewind.Target;
import dev.tarn.app.Tarn;
import dev.tarn.cli.output.Listing;
import dev.tarn.model.RefName;
import dev.tarn.spi.OpenSource.Lag;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "rewind",
        description = {
            "Read sources again from where they once stood.",
            "",
            "Tables and quarantine go back with the positions, so what is read again is there once.",
            "With --keep-rows they stay: rows that are only added come a second time."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  tarn positions --select source:events --history        where they stood",
            "  tarn ingest rewind --select source:events --to 57 --dry-run",
            "  tarn ingest rewind --select source:events --to 2026-11-20T18:00:00Z",
            "  tarn ingest rewind --select source:events --to start --keep-rows",
            "  tarn ingest rewind --select source:events.orders --part orders/0 --keep-rows \\",
            "      --position '{\"offset\":100}'"
        })
final class RewindCommand extends ProjectCommand {
    @Mixin SelectionOptions selection = new SelectionOptions();

    @ArgGroup(exclusive = true, multiplicity = "1")
    Where where = new Where();

    /** Where to go back to. */
    static final class Where {
        @Option(
                names = "--to",
                paramLabel = "STATE",
                description = "Publication, time, ref or tag; or start: the beginning.")
        Optional<String> to = Optional.empty();

        @Option(
                names = "--position",
                paramLabel = "TEXT",
                description = "A position as `tarn positions` shows it, for one --part.")
        Optional<String> position = Optional.empty();
    }

    @Option(
            names = "--part",
            arity = "1..*",
            paramLabel = "PART",
            description = "Only these parts of the source. Default: all.")
    List<String> parts = List.of();

    @Option(names = "--keep-rows", description = "Leave tables and quarantine as they are.")
    boolean keepRows;

    @Option(names = "--dry-run", description = "Tell what would happen, and do nothing.")
    boolean dryRun;

    @Option(
            names = "--ref",
            paramLabel = "REF",
            description = "The branch to change. Default: main.")
    String ref = "main";

    @Option(names = "--json", description = "Print JSON.")
    boolean json;

    RewindCommand(Invocation invocation) {
        super(invocation);
    }

    @Override
    int run(Tarn tarn) {
        RefName on = new RefName(ref);
        boolean keeps = keepRows || where.position.isPresent();
        Rewind.Result result =
                tarn.sources()
                        .rewind(
                                new Rewind(
                                        selection.select,
                                        selection.exclude,
                                        on,
                                        target(on),
                                        parts,
                                        keeps,
                                        dryRun));
        print(moved(), result.moved(), json, "All of it stands there already.");
        if (!json) {
            result.tables().forEach(this::tell);
            result.publication()
                    .ifPresentOrElse(
                            p -> invocation.out().println("Done: publication " + p.id() + "."),
                            () -> invocation.out().println("Nothing was changed."));
        }
        return DONE;
    }

    private Target target(RefName on) {
        if (where.position.isPresent()) {
            return new Target.Value(where.position.get());
        }
        String to = where.to.orElse("");
        return to.equals("start") ? new Target.Start() : new Target.State(At.parse(to, on));
    }

    private void tell(Affected table) {
        String rows =
                table.rows() == table.rowsThen()
                        ? "keeps its %,d rows".formatted(table.rows())
                        : "has %,d rows and will have %,d"
                                .formatted(table.rows(), table.rowsThen());
        Lag again = table.again();
        String behind =
                again.rows() < 0
                        ? ""
                        : "; the source has %,d rows behind that".formatted(again.rows());
        invocation.out().println("%s %s%s.".formatted(table.table(), rows, behind));
    }

    private static Listing<Moved> moved() {
        return new Listing<Moved>()
                .left("TABLE", "table", m -> m.table().toString())
                .left("PART", "part", Moved::part)
                .left("FROM", m -> m.from().orElse("-"))
                .hidden("from", Moved::from)
                .left("TO", m -> m.to().orElse("start"))
                .hidden("to", Moved::to);
    }
}
