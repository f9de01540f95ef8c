package dev.tarn.cli;

import dev.tarn.model.Place;
import dev.tarn.model.RefName;
import dev.tarn.model.TableName;
import dev.tarn.model.graph.ExternalSpec;
import java.util.Optional;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Which table of others a command is about, and what it is to be called here. */
final class ForeignTableOptions {
    @Parameters(index = "0", paramLabel = "LOCATION", description = "Folder or metadata file.")
    String location = "";

    @Parameters(index = "1", paramLabel = "NAME", description = "Its name here, schema.table.")
    String name = "";

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            description =
                    "delta, iceberg, parquet, csv, json, avro or orc. Default: what is there.")
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

    RefName ref() {
        return new RefName(ref);
    }

    TableName table() {
        return TableName.parse(name);
    }

    ExternalSpec spec() {
        return new ExternalSpec(location, format, zone, Place.of(location));
    }
}
