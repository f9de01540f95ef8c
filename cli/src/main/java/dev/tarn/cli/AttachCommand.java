package dev.tarn.cli;

import dev.tarn.app.AttachedTable;
import dev.tarn.app.Tarn;
import dev.tarn.model.Place;
import dev.tarn.model.RefName;
import dev.tarn.model.TableName;
import dev.tarn.model.graph.ExternalSpec;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

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
    @Parameters(index = "0", paramLabel = "LOCATION", description = "Folder or metadata file.")
    String location = "";

    @Parameters(index = "1", paramLabel = "NAME", description = "Its name here, schema.table.")
    String name = "";

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            description = "delta, iceberg or parquet. Default: what is there.")
    Optional<String> format = Optional.empty();

    @Option(
            names = "--time-zone",
            paramLabel = "ZONE",
            description = "Zone of Delta partition timestamps without one. Default: UTC.")
    Optional<String> zone = Optional.empty();

    @Option(
            names = "--ref",
            paramLabel = "REF",
            description = "The branch to change. Default: main.")
    String ref = "main";

    AttachCommand(Invocation invocation) {
        super(invocation);
    }

    @Override
    int run(Tarn tarn) {
        TableName table = TableName.parse(name);
        AttachedTable attached =
                tarn.attach(
                        new RefName(ref),
                        table,
                        new ExternalSpec(location, format, zone, Place.of(location)));
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
