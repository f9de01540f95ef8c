package dev.tarn.cli;

import dev.tarn.app.At;
import dev.tarn.app.Tarn;
import dev.tarn.model.RefName;
import dev.tarn.model.TableName;
import dev.tarn.model.catalog.Publication;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "restore",
        description = {
            "Make a table, a view or a whole schema what it was.",
            "",
            "Nothing is copied and nothing is lost: what is replaced stays in `tarn history`. The",
            "positions of a source's files go with its table, so files that came later land again.",
            "A name without a dot is a schema; tables that it did not have then stay."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  tarn history gold.orders                 which states there are",
            "  tarn restore gold.orders --to 12",
            "  tarn restore gold.orders --to 2026-11-20T18:00:00Z",
            "  tarn restore gold --to month-end         a whole schema, from a tag"
        })
final class RestoreCommand extends ProjectCommand {
    @Parameters(paramLabel = "NAME", description = "A table or view, schema.table, or a schema.")
    String name = "";

    @Option(
            names = "--to",
            paramLabel = "STATE",
            required = true,
            description = "Ref, tag, publication, run or time to take it from.")
    String to = "";

    @Option(
            names = "--ref",
            paramLabel = "REF",
            description = "The branch to change. Default: main.")
    String ref = "main";

    RestoreCommand(Invocation invocation) {
        super(invocation);
    }

    @Override
    int run(Tarn tarn) {
        RefName on = new RefName(ref);
        At then = At.parse(to, on);
        Optional<Publication> restored =
                name.contains(".")
                        ? tarn.states().restore(on, TableName.parse(name), then)
                        : tarn.states().restoreSchema(on, name, then);
        invocation
                .out()
                .println(
                        restored.map(p ->
                                        "%s on %s is as of %s now: publication %s."
                                                .formatted(name, ref, then, p.id()))
                                .orElse(
                                        "%s on %s already is as of %s; nothing was changed."
                                                .formatted(name, ref, then)));
        return DONE;
    }
}
