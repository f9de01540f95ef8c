package dev.tarn.cli;

import dev.tarn.app.At;
import dev.tarn.app.Tarn;
import dev.tarn.model.AsOf;
import dev.tarn.model.RefName;
import dev.tarn.model.TableName;
import dev.tarn.model.catalog.Publication;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "drop",
        description = {
            "Take a table or view off a branch.",
            "",
            "Its files stay while anything can still reach them; `tarn undrop` brings it back. The table",
            "of a source forgets its files, too: the next build lands them again."
        },
        footerHeading = "%nExamples:%n",
        footer = {"  tarn drop gold.old_report", "  tarn drop gold.old_report --ref dev"})
final class DropCommand extends ProjectCommand {
    @Parameters(paramLabel = "TABLE", description = "Its name, schema.table.")
    String table = "";

    @Option(
            names = "--ref",
            paramLabel = "REF",
            description = "The branch to change. Default: main.")
    String ref = "main";

    DropCommand(Invocation invocation) {
        super(invocation);
    }

    @Override
    int run(Tarn tarn) {
        RefName from = new RefName(ref);
        TableName name = tarn.named(table, new At(from, AsOf.head()));
        Publication dropped = tarn.states().drop(from, name);
        invocation
                .out()
                .printf(
                        "Dropped %s on %s as publication %s. `tarn undrop %s` brings it back.%n",
                        name, ref, dropped.id(), name);
        return DONE;
    }
}
