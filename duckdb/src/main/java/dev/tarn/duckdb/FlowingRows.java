package dev.tarn.duckdb;

import dev.tarn.model.table.Field;
import dev.tarn.model.table.Schema;
import dev.tarn.spi.RowFlow;
import dev.tarn.spi.RowSink;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;
import java.util.function.Supplier;

/**
 * Rows of which the first load is held back until somebody says what is to become of all: they go
 * into a table, or to a query that reads them while they are told. Between the two threads there
 * are no more than a few loads.
 */
final class FlowingRows implements RowTaker, RowFlow, RowSupply {
    private static final int MOST_LOADS = 3;

    private final Schema schema;
    private final LoadFunction loads;
    private final Supplier<InsertedRows> table;
    private final LongConsumer relation;
    private final RowSink sink;
    private final Object lock = new Object();
    private final Deque<RowLoad> ready = new ArrayDeque<>();
    private final Deque<RowLoad> spare = new ArrayDeque<>();
    private State state = State.FEW;
    private Optional<InsertedRows> kept = Optional.empty();
    private int made = 1;
    private boolean ended;
    private long id;

    /** What is known of the rows, and decided. */
    private enum State {
        FEW,
        MANY,
        KEPT,
        FLOWING,
        CLOSED
    }

    /**
     * @param table makes the relation a table that takes rows
     * @param relation makes it a view of what a number names
     */
    FlowingRows(
            Schema schema,
            LoadFunction loads,
            Supplier<InsertedRows> table,
            LongConsumer relation) {
        this.schema = schema;
        this.loads = loads;
        this.table = table;
        this.relation = relation;
        this.sink = new AppendedRows(this, schema);
    }

    @Override
    public RowSink sink() {
        return sink;
    }

    @Override
    public boolean awaitMany() {
        synchronized (lock) {
            await(() -> state == State.MANY || ended);
            return state == State.MANY;
        }
    }

    @Override
    public void keep() {
        InsertedRows rows = table.get();
        synchronized (lock) {
            kept = Optional.of(rows);
            state = State.KEPT;
            lock.notifyAll();
        }
    }

    @Override
    public void open() {
        id = loads.add(this);
        relation.accept(id);
        synchronized (lock) {
            state = State.FLOWING;
            lock.notifyAll();
        }
    }

    @Override
    public void close() {
        synchronized (lock) {
            if (!ended) {
                state = State.CLOSED;
            }
            lock.notifyAll();
        }
        loads.forget(id);
    }

    @Override
    public RowLoad take(RowLoad full) {
        InsertedRows rows;
        synchronized (lock) {
            if (state == State.FEW) {
                state = State.MANY;
                lock.notifyAll();
                await(() -> state != State.MANY);
            }
            if (state != State.KEPT) {
                return handedOver(full);
            }
            rows = kept.orElseThrow();
        }
        return rows.take(full);
    }

    private RowLoad handedOver(RowLoad full) {
        ready.add(full);
        lock.notifyAll();
        if (made < MOST_LOADS) {
            made++;
            return new RowLoad(schema.fields());
        }
        await(() -> !spare.isEmpty() || state == State.CLOSED);
        if (state == State.CLOSED) {
            throw EngineErrors.interrupted();
        }
        return spare.remove();
    }

    @Override
    public void end(RowLoad rest) {
        try {
            insertedAtOnce(rest);
        } finally {
            synchronized (lock) {
                ended = true;
                lock.notifyAll();
            }
        }
    }

    private void insertedAtOnce(RowLoad rest) {
        boolean few;
        synchronized (lock) {
            few = state == State.FEW;
            if (!few && state != State.KEPT) {
                ready.add(rest);
                return;
            }
        }
        if (few) {
            keep();
        }
        kept.orElseThrow().end(rest);
    }

    private void await(BooleanSupplier condition) {
        try {
            while (!condition.getAsBoolean()) {
                lock.wait();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw EngineErrors.interrupted();
        }
    }

    @Override
    public List<Field> fields() {
        return schema.fields();
    }

    @Override
    public Pass begin() {
        return new FlowPass();
    }

    /** Gives loads back when it has passed them. */
    private final class FlowPass implements Pass {
        private Optional<RowLoad> load = Optional.empty();
        private Pass pass = new RowLoad(schema.fields()).begin();

        @Override
        public int next() {
            int rows = pass.next();
            while (rows == 0 && goOn()) {
                rows = pass.next();
            }
            return rows;
        }

        private boolean goOn() {
            synchronized (lock) {
                load.ifPresent(passed -> {
                    passed.clear();
                    spare.add(passed);
                });
                lock.notifyAll();
                await(() -> !ready.isEmpty() || ended || state == State.CLOSED);
                load = Optional.ofNullable(ready.poll());
                load.ifPresent(l -> pass = l.begin());
                return load.isPresent();
            }
        }

        @Override
        public RowLane[] lanes() {
            return pass.lanes();
        }
    }
}
