package dev.tarn.cli;

import dev.tarn.app.At;
import dev.tarn.app.Tarn;
import dev.tarn.cli.output.Listing;
import dev.tarn.model.AsOf;
import dev.tarn.model.RefName;
import dev.tarn.model.TableName;
import dev.tarn.model.catalog.Entry;
import dev.tarn.model.catalog.Publication;
import dev.tarn.model.catalog.Versioned;
import dev.tarn.spi.Catalog.EntryVersion;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "history",
        description = {
            "List the versions of a table, or the publications of a ref.",
            "",
            "Each can be read again: --at main@PUBLICATION."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  tarn history                    publications of main",
            "  tarn history gold.orders        versions of a table",
            "  tarn history --ref dev --json"
        })
final class HistoryCommand extends ProjectCommand {
    @Parameters(
            arity = "0..1",
            paramLabel = "TABLE",
            description = "Its name, schema.table. Default: the whole ref.")
    Optional<String> table = Optional.empty();

    @Option(names = "--ref", paramLabel = "REF", description = "The ref to look at. Default: main.")
    String ref = "main";

    @Option(
            names = "--limit",
            paramLabel = "N",
            converter = WholeNumbers.Count.class,
            description = "How many, newest first. Default: 50.")
    int limit = 50;

    @Option(names = "--json", description = "Print JSON.")
    boolean json;

    HistoryCommand(Invocation invocation) {
        super(invocation);
    }

    @Override
    int run(Tarn tarn) {
        RefName at = new RefName(ref);
        if (table.isPresent()) {
            TableName name = tarn.named(table.get(), new At(at, AsOf.head()));
            print(versions(), tarn.history(name, at, limit), json, "It has no versions.");
        } else {
            print(
                    publications(),
                    tarn.publications(at, limit),
                    json,
                    "Nothing has been published yet. `tarn build` does.");
        }
        return DONE;
    }

    private static Listing<EntryVersion> versions() {
        return new Listing<EntryVersion>()
                .right("PUBLICATION", "publication", v -> v.publication().id().toString())
                .left("AT", "at", v -> v.publication().at())
                .left("REF", "ref", v -> v.publication().ref().value())
                .left("RUN", "run", v -> v.publication().run().map(Object::toString))
                .left("WHAT", "what", v -> v.value().map(HistoryCommand::kind).orElse("dropped"))
                .left("MESSAGE", "message", v -> v.publication().message());
    }

    private static Listing<Publication> publications() {
        return new Listing<Publication>()
                .right("PUBLICATION", "publication", p -> p.id().toString())
                .left("AT", "at", Publication::at)
                .left("REF", "ref", p -> p.ref().value())
                .left("RUN", "run", p -> p.run().map(Object::toString))
                .right("CHANGES", "changes", Publication::changes)
                .left("MESSAGE", "message", Publication::message);
    }

    private static String kind(Versioned version) {
        return version.entry() instanceof Entry.View ? "view" : "table";
    }
}
