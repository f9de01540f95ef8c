package dev.tarn.cli;

import dev.tarn.app.At;
import dev.tarn.app.Tarn;
import dev.tarn.model.TableName;
import dev.tarn.refs.Difference;
import dev.tarn.refs.RowDifferences;
import dev.tarn.run.Cancellation;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "diff",
        description = {
            "Tell what two states of the warehouse do not have alike.",
            "",
            "Without a table: which tables and views, how many rows, which columns. With one also its",
            "rows; files that both states share are not read."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  tarn diff main dev                                what the branch changed",
            "  tarn diff main@12 main                            since publication 12",
            "  tarn diff main dev gold.orders --key order_id     rows and columns"
        })
final class DiffCommand extends ProjectCommand {
    @Parameters(index = "0", paramLabel = "BEFORE", description = "Ref, publication or time.")
    String before = "";

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "AFTER",
            description = "The same. Default: main.")
    String after = "main";

    @Parameters(
            index = "2",
            arity = "0..1",
            paramLabel = "TABLE",
            description = "A table whose rows to compare.")
    Optional<String> table = Optional.empty();

    @Option(
            names = "--key",
            split = ",",
            paramLabel = "COLUMN",
            description = "Columns that name a row, so that changed rows are seen as such.")
    List<String> key = List.of();

    @Option(
            names = "--limit",
            paramLabel = "N",
            converter = WholeNumbers.Count.class,
            description = "How many differing rows to show. Default: 10.")
    int limit = 10;

    @Option(names = "--json", description = "Print JSON.")
    boolean json;

    DiffCommand(Invocation invocation) {
        super(invocation);
    }

    @Override
    int run(Tarn tarn) {
        At was = At.parse(before);
        At is = At.parse(after);
        DiffView view = new DiffView(invocation.console());
        if (table.isEmpty()) {
            view.tables(tarn.states().differences(was, is), json, was, is);
            return DONE;
        }
        TableName name = tarn.named(table.get(), is);
        Optional<Difference> difference = tarn.states().difference(name, was, is);
        if (difference.isEmpty()) {
            view.same(name, was, is, json);
            return DONE;
        }
        Optional<RowDifferences> rows =
                difference.filter(DiffView::hasRows).map(d -> rows(tarn, d));
        view.table(difference.get(), rows, json);
        return DONE;
    }

    private RowDifferences rows(Tarn tarn, Difference difference) {
        Cancellation cancellation = new Cancellation();
        return invocation
                .interrupts()
                .during(
                        cancellation::cancel,
                        () -> tarn.states().rowDifferences(difference, key, limit, cancellation));
    }
}
