package dev.tarn.cli;

import dev.tarn.app.At;
import dev.tarn.app.TableListing;
import dev.tarn.app.Tarn;
import dev.tarn.cli.output.Listing;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "tables",
        description = "List the tables and views of the warehouse.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  tarn tables",
            "  tarn tables --at run:261121-101500-k3xq   what that run sees",
            "  tarn tables --json"
        })
final class TablesCommand extends ProjectCommand {
    @Option(
            names = "--at",
            paramLabel = "STATE",
            description = "Ref, publication, run or time to look at. Default: main.")
    String at = "main";

    @Option(names = "--json", description = "Print JSON.")
    boolean json;

    TablesCommand(Invocation invocation) {
        super(invocation);
    }

    @Override
    int run(Tarn tarn) {
        print(
                listing(),
                tarn.tables(At.parse(at)),
                json,
                "No tables yet. `tarn build` makes them.");
        return DONE;
    }

    /** A view has no rows of its own to count, and those of a damaged table are unknown. */
    static Listing<TableListing> listing() {
        return new Listing<TableListing>()
                .left("TABLE", "table", t -> t.name().toString())
                .left("KIND", "kind", TableListing::kind)
                .right("ROWS", "rows", t -> hasNoRows(t) ? null : (Object) t.rows())
                .right("FILES", "files", t -> hasNoRows(t) ? null : (Object) t.files())
                .right("SIZE", "bytes", t -> hasNoRows(t) ? null : new Listing.Bytes(t.bytes()))
                .left("CHANGED", "changedAt", TableListing::changed)
                .left("OWNER", "owner", TableListing::owner)
                .hidden("description", TableListing::description);
    }

    private static boolean hasNoRows(TableListing table) {
        return table.kind().equals("view") || table.kind().equals("damaged");
    }
}
