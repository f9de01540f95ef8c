package dev.tarn.cli;

import dev.tarn.app.AdoptedTable;
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
        name = "adopt",
        description = {
            "Make a table of others one of the warehouse's own, without rewriting its files.",
            "",
            "Takes a Delta or Iceberg table or a folder of Parquet files. Before the table becomes",
            "visible, rows are counted and every column is compared by checksum; if anything",
            "differs, nothing has changed. Let nobody else write to the table from then on."
        },
        footerHeading = "%nExamples:%n",
        footer = {
            "  tarn adopt /data/orders lake.orders",
            "  tarn adopt s3://bucket/events lake.events --format delta"
        })
final class AdoptCommand extends ProjectCommand {
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

    AdoptCommand(Invocation invocation) {
        super(invocation);
    }

    @Override
    int run(Tarn tarn) {
        TableName table = TableName.parse(name);
        AdoptedTable adopted =
                tarn.adopt(
                        new RefName(ref),
                        table,
                        new ExternalSpec(location, format, zone, Place.of(location)));
        invocation
                .out()
                .printf(
                        "%s is %s version %s of %s: %,d rows in %,d files, %d columns compared; publication %s.%n",
                        table,
                        adopted.format(),
                        adopted.version(),
                        adopted.location(),
                        adopted.rows(),
                        adopted.files(),
                        adopted.columns(),
                        adopted.publication().id());
        return DONE;
    }
}
