package dev.tarn.cli;

import dev.tarn.app.AdoptedTable;
import dev.tarn.app.Tarn;
import dev.tarn.model.TableName;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

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
    @Mixin final ForeignTableOptions foreign = new ForeignTableOptions();

    AdoptCommand(Invocation invocation) {
        super(invocation);
    }

    @Override
    int run(Tarn tarn) {
        TableName table = foreign.table();
        AdoptedTable adopted = tarn.adopt(foreign.ref(), table, foreign.spec());
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
