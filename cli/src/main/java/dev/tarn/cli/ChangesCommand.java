package dev.tarn.cli;

import dev.tarn.app.At;
import dev.tarn.app.Tarn;
import dev.tarn.cli.output.Format;
import dev.tarn.cli.output.RowWriter;
import dev.tarn.model.RefName;
import dev.tarn.model.TableName;
import dev.tarn.refs.ChangeFeed;
import dev.tarn.refs.ChangedRows;
import dev.tarn.run.Cancellation;
import java.io.IOException;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "changes",
        sortOptions = false,
        description = {
            "Show which rows of a table changed between two points.",
            "",
            "Each row is told as inserted, deleted, update_before or update_after, with the version and"
                    + " the run that changed it. Files that did not change are not read."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  tarn changes gold.orders --from 12                 since publication 12",
            "  tarn changes gold.orders --from 2026-11-20 --to 2026-11-21 --format ndjson",
            "  tarn changes gold.orders --from 12 --net --key id  what is different in the end"
        })
final class ChangesCommand extends ProjectCommand {
    @Parameters(paramLabel = "TABLE", description = "Its name, schema.table.")
    String table = "";

    @Option(
            names = "--from",
            paramLabel = "POINT",
            description =
                    "Publication or time after which changes are shown. Default: the beginning.")
    String from = "0";

    @Option(
            names = "--to",
            paramLabel = "POINT",
            description = "Publication or time up to which they are. Default: now.")
    String to = "";

    @Option(names = "--ref", paramLabel = "REF", description = "The ref to look at. Default: main.")
    String ref = "main";

    @Option(
            names = "--key",
            split = ",",
            paramLabel = "COLUMN",
            description = "Columns that name a row. Default: the ids of rows that the table keeps.")
    List<String> key = List.of();

    @Option(names = "--net", description = "Show only what is different in the end.")
    boolean net;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            description = "table, csv, json or ndjson. Default: table.")
    String format = "table";

    @Option(names = "--json", description = "The same as --format json.")
    boolean json;

    @Option(
            names = "--limit",
            paramLabel = "N",
            converter = WholeNumbers.LongCount.class,
            description = "Rows a table shows; the others are counted. 0 shows all. Default: 1000.")
    long limit = 1000;

    ChangesCommand(Invocation invocation) {
        super(invocation);
    }

    @Override
    int run(Tarn tarn) {
        Format chosen = json ? Format.JSON : Format.find(format).orElseThrow(() -> unknown(format));
        RefName home = new RefName(ref);
        At upTo = to.isEmpty() ? At.parse(ref) : At.parse(to, home);
        TableName name = tarn.named(table, upTo);
        Cancellation cancellation = new Cancellation();
        return invocation
                .interrupts()
                .during(
                        cancellation::cancel,
                        () -> {
                            try (ChangedRows rows =
                                    tarn.states()
                                            .changes(
                                                    name,
                                                    At.parse(from, home),
                                                    upTo,
                                                    key,
                                                    net
                                                            ? ChangeFeed.Grain.NET
                                                            : ChangeFeed.Grain.VERSIONS,
                                                    cancellation)) {
                                write(rows, chosen);
                            } catch (IOException e) {
                                throw CliErrors.fileFailed("standard output", e);
                            }
                            return DONE;
                        });
    }

    private void write(ChangedRows rows, Format chosen) throws IOException {
        Console console = invocation.console();
        switch (chosen) {
            case TABLE ->
                    RowWriter.table(
                            rows,
                            console.out(),
                            new RowWriter.TableStyle(
                                    console.outPaint(),
                                    limit == 0 ? Long.MAX_VALUE : limit,
                                    console.outColumns(),
                                    false));
            case CSV -> RowWriter.csv(rows, console.out());
            case JSON -> RowWriter.json(rows, console.out());
            case NDJSON -> RowWriter.ndjson(rows, console.out());
            case ARROW, PARQUET -> throw unknown(chosen.word());
        }
    }

    private static RuntimeException unknown(String word) {
        return CliErrors.usage(
                "Changes are written as table, csv, json or ndjson, not as '%s'.".formatted(word),
                "tarn changes");
    }
}
