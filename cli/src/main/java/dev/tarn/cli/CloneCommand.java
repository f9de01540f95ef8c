package dev.tarn.cli;

import dev.tarn.app.At;
import dev.tarn.app.Tarn;
import dev.tarn.model.AsOf;
import dev.tarn.model.RefName;
import dev.tarn.model.TableName;
import dev.tarn.model.catalog.Publication;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "clone",
        description = {
            "Make a new table that begins as a state of another, without copying data.",
            "",
            "From then on each goes its own way. A name without a dot is a schema: all its tables and views",
            "begin as those of the other, in one publication. `tarn branch create` does it for all schemas."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  tarn clone gold.orders lab.orders",
            "  tarn clone gold.orders lab.orders_monday --at 2026-11-16",
            "  tarn clone gold gold_lab                 a whole schema"
        })
final class CloneCommand extends ProjectCommand {
    @Parameters(
            index = "0",
            paramLabel = "NAME",
            description = "What to begin as: a table or view, or a schema.")
    String table = "";

    @Parameters(index = "1", paramLabel = "NEW", description = "Its new name, of the same kind.")
    String copy = "";

    @Option(
            names = "--at",
            paramLabel = "STATE",
            description = "Ref, publication, run or time to begin at. Default: the branch itself.")
    Optional<String> at = Optional.empty();

    @Option(
            names = "--ref",
            paramLabel = "REF",
            description = "The branch to change. Default: main.")
    String ref = "main";

    CloneCommand(Invocation invocation) {
        super(invocation);
    }

    @Override
    int run(Tarn tarn) {
        RefName on = new RefName(ref);
        At from = at.map(text -> At.parse(text, on)).orElse(new At(on, AsOf.head()));
        if (!copy.contains(".") && isSchema(tarn, from)) {
            Publication made = tarn.states().copySchema(on, table, from, copy);
            invocation
                    .out()
                    .printf(
                            "Schema %s begins as %s of %s: publication %s.%n",
                            copy, table, from, made.id());
            return DONE;
        }
        TableName name = tarn.named(table, from);
        TableName target = TableName.parse(copy);
        Publication made = tarn.states().copy(on, name, from, target);
        invocation
                .out()
                .printf("%s begins as %s of %s: publication %s.%n", target, name, from, made.id());
        return DONE;
    }

    private boolean isSchema(Tarn tarn, At from) {
        return tarn.tableNames(from).stream().anyMatch(name -> name.schema().equals(table));
    }
}
