package dev.tarn.cli;

import dev.tarn.app.Tarn;
import dev.tarn.model.RefName;
import dev.tarn.model.TableName;
import dev.tarn.model.catalog.Publication;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "undrop",
        description = {"Bring a dropped table or view back as it was."},
        footerHeading = "%nExamples:%n",
        footer = {"  tarn undrop gold.old_report", "  tarn undrop gold.old_report --ref dev"})
final class UndropCommand extends ProjectCommand {
    @Parameters(paramLabel = "TABLE", description = "Its name, schema.table.")
    String table = "";

    @Option(
            names = "--ref",
            paramLabel = "REF",
            description = "The branch to change. Default: main.")
    String ref = "main";

    UndropCommand(Invocation invocation) {
        super(invocation);
    }

    @Override
    int run(Tarn tarn) {
        TableName name = TableName.parse(table);
        Publication back = tarn.states().undrop(new RefName(ref), name);
        invocation.out().printf("%s is back on %s as publication %s.%n", name, ref, back.id());
        return DONE;
    }
}
