package dev.tarn.jdbc;

import dev.tarn.model.table.Schema;
import dev.tarn.spi.OpenSource.Batch;
import dev.tarn.spi.OpenSource.Outcome;
import dev.tarn.spi.OpenSource.Portion;
import dev.tarn.spi.OpenSource.Refusals;
import dev.tarn.spi.RowSink;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongFunction;

/** The rows of some ranges. The last range that is read tells the position behind all of them. */
final class JdbcBatch implements Batch {
    private final Schema columns;
    private final Optional<String> load;
    private final boolean complete;
    private final LongFunction<Position> position;
    private final Runnable done;
    private final List<Portion> portions = new ArrayList<>();
    private final AtomicInteger left;
    private final AtomicLong rows = new AtomicLong();

    /**
     * @param position what is reached, for the number of rows
     */
    JdbcBatch(
            Schema columns,
            Optional<String> load,
            List<Range> ranges,
            boolean complete,
            LongFunction<Position> position,
            Runnable done) {
        this.columns = columns;
        this.load = load;
        this.complete = complete;
        this.position = position;
        this.done = done;
        this.left = new AtomicInteger(ranges.size());
        ranges.forEach(range -> portions.add((sink, refusals) -> read(range, sink, refusals)));
    }

    /** Reads some rows; returns about how many bytes came. */
    interface Range {
        long read(RowSink rows, Refusals refusals);
    }

    private Outcome read(Range range, RowSink sink, Refusals refusals) {
        long bytes = range.read(sink, refusals);
        rows.addAndGet(sink.rows());
        if (left.decrementAndGet() > 0) {
            return new Outcome(Map.of(), bytes, false);
        }
        done.run();
        return new Outcome(
                Map.of(JdbcSource.PART, Optional.of(position.apply(rows.get()).toJson())),
                bytes,
                load.isPresent() && complete);
    }

    @Override
    public Schema columns() {
        return columns;
    }

    @Override
    public Optional<String> load() {
        return load;
    }

    @Override
    public List<Portion> portions() {
        return List.copyOf(portions);
    }

    @Override
    public void close() {}
}
