package dev.tarn.cli;

import dev.tarn.app.AttachedTable;
import dev.tarn.app.Tarn;
import dev.tarn.model.TableName;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "attach",
        description = {
            "Show a table that somebody else writes, without copying it.",
            "",
            "Delta and Iceberg tables and folders of Parquet files are read where they lie, at the",
            "version that is newest now. Attach again to move on to a newer one; `tarn drop` takes",
            "the name away and touches nothing else."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  tarn attach /data/orders lake.orders",
            "  tarn attach s3://bucket/events lake.events --format delta"
        })
final class AttachCommand extends ProjectCommand {
    @Mixin final ForeignTableOptions foreign = new ForeignTableOptions();

    AttachCommand(Invocation invocation) {
        super(invocation);
    }

    @Override
    int run(Tarn tarn) {
        TableName table = foreign.table();
        AttachedTable attached = tarn.attach(foreign.ref(), table, foreign.spec());
        String what =
                "%s is %s version %s of %s"
                        .formatted(
                                table, attached.format(), attached.version(), attached.location());
        invocation
                .out()
                .println(
                        attached.publication()
                                .map(p -> "%s: publication %s.".formatted(what, p.id()))
                                .orElse(what + " already."));
        return DONE;
    }
}
