package dev.tarn.cli;

import dev.tarn.app.Answer;
import dev.tarn.app.At;
import dev.tarn.app.BuildRequest;
import dev.tarn.app.NodeKind;
import dev.tarn.app.Quarantine.Correction;
import dev.tarn.app.Quarantine.Misfits;
import dev.tarn.app.Tarn;
import dev.tarn.cli.output.Amounts;
import dev.tarn.cli.output.Listing;
import dev.tarn.cli.output.RowWriter;
import dev.tarn.cli.progress.PlainDisplay;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.RefName;
import dev.tarn.model.TableName;
import dev.tarn.model.TarnException;
import dev.tarn.model.table.Type;
import dev.tarn.run.Cancellation;
import dev.tarn.run.RunReport;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Rows that did not fit into the tables of sources. */
@Command(
        name = "quarantine",
        description = "Rows that did not fit: list, show, fix, and land them again.",
        synopsisSubcommandLabel = "COMMAND",
        footerHeading = "%nExamples:%n",
        footer = {
            "  tarn quarantine list",
            "  tarn quarantine show shop.orders",
            "  tarn quarantine fix shop.orders --set \"replace(_raw, ',', '.')\" \\",
            "      --where \"_column = 'amount'\"",
            "  tarn quarantine replay shop.orders"
        })
final class QuarantineCommand implements java.util.concurrent.Callable<Integer> {
    private final Invocation invocation;

    @Mixin HelpOption help = new HelpOption();

    @CommandLine.Spec CommandLine.Model.CommandSpec spec = CommandLine.Model.CommandSpec.create();

    QuarantineCommand(Invocation invocation) {
        this.invocation = invocation;
    }

    @Override
    public Integer call() {
        spec.commandLine().usage(invocation.out());
        return ProjectCommand.DONE;
    }

    @Command(name = "list", description = "What is in quarantine, by table and column.")
    static final class All extends ProjectCommand {
        @Mixin SourceOptions sources = new SourceOptions();

        @Option(
                names = "--at",
                paramLabel = "STATE",
                description = "Ref, publication, run or time to look at. Default: main.")
        String at = "main";

        @Option(names = "--json", description = "Print JSON.")
        boolean json;

        All(Invocation invocation) {
            super(invocation);
        }

        @Override
        int run(Tarn tarn) {
            print(
                    new Listing<Misfits>()
                            .left("TABLE", "table", m -> m.table().toString())
                            .left("COLUMN", "column", Misfits::column)
                            .right("ROWS", "rows", Misfits::rows)
                            .left("FIRST", "first", Misfits::first)
                            .left("LAST", "last", Misfits::last)
                            .left("FOR EXAMPLE", "reason", Misfits::example),
                    tarn.sources()
                            .quarantine()
                            .list(sources.select(), sources.exclude(), At.parse(at)),
                    json,
                    "Nothing is in quarantine.");
            return DONE;
        }
    }

    @Command(name = "show", description = "The rows of a source's table that are in quarantine.")
    static final class Show extends ProjectCommand {
        @Mixin SourceOptions sources = new SourceOptions();

        @Option(
                names = "--where",
                paramLabel = "SQL",
                description = "Which, over _file, _row, _column, _reason, _raw, _ingested_at.")
        String where = "true";

        @Option(
                names = "--limit",
                paramLabel = "N",
                converter = WholeNumbers.Count.class,
                description = "How many. Default: 50.")
        int limit = 50;

        @Option(
                names = "--at",
                paramLabel = "STATE",
                description = "Ref, publication, run or time to look at. Default: main.")
        String at = "main";

        @Option(names = "--json", description = "Print JSON.")
        boolean json;

        Show(Invocation invocation) {
            super(invocation);
        }

        @Override
        int run(Tarn tarn) {
            At state = At.parse(at);
            TableName name = tarn.sources().quarantine().table(sources.select(), state);
            String sql =
                    "select _file, _row, _column, _reason, _raw, _ingested_at from %s.%s where (%s\n) order by _ingested_at desc, _file, _row limit %d"
                            .formatted(
                                    Type.quoted(name.schema()),
                                    Type.quoted(name.table()),
                                    where,
                                    limit);
            try (Answer answer = tarn.query(sql, state, new Cancellation())) {
                if (json) {
                    RowWriter.json(answer, invocation.out());
                } else {
                    RowWriter.table(
                            answer,
                            invocation.out(),
                            new RowWriter.TableStyle(
                                    invocation.console().outPaint(),
                                    limit,
                                    invocation.console().outColumns(),
                                    false));
                }
            } catch (IOException e) {
                throw CliErrors.fileFailed("standard output", e);
            }
            return DONE;
        }
    }

    @Command(
            name = "fix",
            description = {
                "Correct records of a source's table where they are; `replay` lands them.",
                "",
                "A record is what stood in the file or came from the source, or a JSON object of",
                "columns. A file with corrections has a JSON object a line, with _file, _row, _raw."
            })
    static final class Fix extends ProjectCommand {
        @Mixin SourceOptions sources = new SourceOptions();

        @ArgGroup(exclusive = true, multiplicity = "1")
        How how = new How();

        /** Where the new records come from. */
        static final class How {
            @Option(
                    names = "--set",
                    paramLabel = "SQL",
                    description = "The new record, over the columns of the quarantine.")
            Optional<String> set = Optional.empty();

            @Option(names = "--from", paramLabel = "FILE", description = "A file of corrections.")
            Optional<Path> from = Optional.empty();
        }

        @Option(names = "--where", paramLabel = "SQL", description = "With --set: which records.")
        String where = "true";

        @Option(
                names = "--seen",
                paramLabel = "TEXT",
                description = "With --set: only records that are still this.")
        Optional<String> seen = Optional.empty();

        @Option(
                names = "--ref",
                paramLabel = "REF",
                description = "The branch to change. Default: main.")
        String ref = "main";

        Fix(Invocation invocation) {
            super(invocation);
        }

        @Override
        int run(Tarn tarn) {
            Cancellation cancellation = new Cancellation();
            RefName on = new RefName(ref);
            long rows =
                    how.set.isPresent()
                            ? tarn.sources()
                                    .quarantine()
                                    .fix(
                                            sources.select(),
                                            on,
                                            how.set.get(),
                                            where,
                                            seen,
                                            cancellation)
                                    .rows()
                            : tarn.sources()
                                    .quarantine()
                                    .fix(sources.select(), on, corrections(), cancellation)
                                    .rows();
            invocation
                    .out()
                    .println(
                            "%s corrected; `tarn quarantine replay` lands what fits now."
                                    .formatted(Amounts.count(rows, "record", "records")));
            return DONE;
        }

        private List<Correction> corrections() {
            Path given = how.from.orElseThrow();
            Path file = invocation.console().directory().resolve(given);
            try {
                List<Correction> read = Corrections.read(file);
                if (read.isEmpty()) {
                    throw new TarnException(
                            ErrorCode.USAGE, "There are no corrections in %s.".formatted(given));
                }
                return read;
            } catch (IOException e) {
                throw CliErrors.fileUnreadable(given.toString(), e);
            }
        }
    }

    @Command(
            name = "replay",
            description = {
                "Land rows of quarantine again.",
                "",
                "Those that fit now come into the table and leave the quarantine, in one",
                "publication; the others stay, with the reason."
            })
    static final class Replay extends ProjectCommand {
        @Mixin SourceOptions sources = new SourceOptions();

        @Option(names = "--where", paramLabel = "SQL", description = "Which. Default: all.")
        String where = "true";

        @Option(
                names = "--ref",
                paramLabel = "REF",
                description = "The ref to publish to. Default: main.")
        String ref = "main";

        Replay(Invocation invocation) {
            super(invocation);
        }

        @Override
        int run(Tarn tarn) {
            Cancellation cancellation = new Cancellation();
            BuildRequest request =
                    new BuildRequest(
                            ("quarantine replay " + sources).strip(),
                            EnumSet.of(NodeKind.SOURCE),
                            sources.select(),
                            sources.exclude(),
                            new RefName(ref),
                            false,
                            false,
                            Optional.empty());
            Console console = invocation.console();
            RunReport report;
            try (PlainDisplay display = new PlainDisplay(console.err(), console.errPaint())) {
                report =
                        invocation
                                .interrupts()
                                .during(
                                        cancellation::cancel,
                                        () ->
                                                tarn.sources()
                                                        .quarantine()
                                                        .replay(
                                                                request,
                                                                where,
                                                                display,
                                                                cancellation));
            }
            new ErrorPrinter(console).print(report.problems());
            return Building.exitCode(report);
        }
    }
}
