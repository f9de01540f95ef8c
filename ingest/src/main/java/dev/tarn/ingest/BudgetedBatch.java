package dev.tarn.ingest;

import dev.tarn.model.table.Schema;
import dev.tarn.spi.OpenSource.Batch;
import dev.tarn.spi.OpenSource.Changes;
import dev.tarn.spi.OpenSource.Outcome;
import dev.tarn.spi.OpenSource.Portion;
import dev.tarn.spi.OpenSource.RowPlace;
import java.util.List;
import java.util.Optional;

/** A batch whose portions are read within a budget. */
record BudgetedBatch(Batch batch, Spending spending) implements Batch {
    @Override
    public Schema columns() {
        return batch.columns();
    }

    @Override
    public Optional<String> document() {
        return batch.document();
    }

    @Override
    public List<Schema> members() {
        return batch.members();
    }

    @Override
    public Optional<RowPlace> place() {
        return batch.place();
    }

    @Override
    public Optional<Changes> changes() {
        return batch.changes();
    }

    @Override
    public Optional<String> load() {
        return batch.load();
    }

    @Override
    public boolean more() {
        return batch.more();
    }

    @Override
    public List<Portion> portions() {
        return batch.portions().stream().map(this::budgeted).toList();
    }

    private Portion budgeted(Portion portion) {
        return (rows, refusals) ->
                spending.connected(() -> {
                    BudgetedSink sink = new BudgetedSink(rows, spending);
                    Outcome outcome = portion.read(sink, refusals);
                    sink.settle();
                    return outcome;
                });
    }

    @Override
    public void close() {
        batch.close();
    }
}
