package dev.tarn.duckdb;

import dev.tarn.model.table.Field;
import java.nio.ByteBuffer;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.duckdb.DuckDBConnection;
import org.duckdb.DuckDBDataChunkWriter;
import org.duckdb.DuckDBFunctions;
import org.duckdb.DuckDBTableFunction;
import org.duckdb.DuckDBTableFunctionBindInfo;
import org.duckdb.DuckDBTableFunctionCallInfo;
import org.duckdb.DuckDBTableFunctionInitInfo;

/**
 * A table function for SQL that hands out the rows of loads. One function serves all loads of an
 * engine: a number names some of them.
 */
final class LoadFunction
        implements DuckDBTableFunction<LoadFunction.Loads, LoadFunction.Scan, Object> {
    static final String NAME = "tarn_load";

    /** What rows that are told may take beside the memory of queries. */
    private static final long MOST_BYTES = 512L << 20;

    private final Map<Long, Loads> loads = new ConcurrentHashMap<>();
    private final AtomicLong next = new AtomicLong();
    private final Blocks blocks = new Blocks();
    private final AtomicLong held = new AtomicLong();

    private final long most;

    private LoadFunction(long most) {
        this.most = most;
    }

    /**
     * @param memory what all queries together may take
     */
    static LoadFunction register(DuckDBConnection connection, long memory) throws SQLException {
        long share = Math.min(memory, Runtime.getRuntime().maxMemory()) / 4;
        LoadFunction function = new LoadFunction(Math.min(MOST_BYTES, share));
        DuckDBFunctions.tableFunction()
                .withName(NAME)
                .withParameter(Long.class)
                .withProjectionPushdown()
                .withFunction(function)
                .register(connection);
        return function;
    }

    /** Loads that follow each other. */
    record Loads(List<Field> fields, List<RowLoad> parts) {
        Loads {
            fields = List.copyOf(fields);
            parts = List.copyOf(parts);
        }
    }

    /** One pass over loads. */
    static final class Scan {
        private final int[] columns;
        private final AtomicInteger next = new AtomicInteger();

        /**
         * @param columns which are wanted, by place
         */
        Scan(int[] columns) {
            this.columns = columns;
        }
    }

    /** Memory that loads have given back. */
    static final class Blocks {
        private static final int MOST = 64;

        private final Deque<ByteBuffer> free = new ArrayDeque<>();

        ByteBuffer take() {
            synchronized (free) {
                if (!free.isEmpty()) {
                    return free.removeLast();
                }
            }
            return LoadMemory.block();
        }

        void give(Collection<ByteBuffer> blocks) {
            synchronized (free) {
                for (ByteBuffer block : blocks) {
                    if (free.size() < MOST) {
                        free.addLast(block);
                    }
                }
            }
        }
    }

    RowLoad load(List<Field> fields) {
        return new RowLoad(fields, new LoadMemory(blocks));
    }

    /** Whether a load may stay in memory beside those that do; {@link #release} is its end. */
    boolean hold(RowLoad load) {
        if (held.addAndGet(load.memory()) <= most) {
            return true;
        }
        held.addAndGet(-load.memory());
        return false;
    }

    void release(RowLoad load) {
        held.addAndGet(-load.memory());
        load.free();
    }

    /** Makes loads known until they are forgotten; returns their number. */
    long add(Loads of) {
        long id = next.incrementAndGet();
        loads.put(id, of);
        return id;
    }

    void forget(long id) {
        loads.remove(id);
    }

    /** What reads loads in SQL. */
    static String scan(long id) {
        return NAME + "(" + id + "::BIGINT)";
    }

    /** The name of a column by its place. */
    static String column(int place) {
        return "c" + place;
    }

    @Override
    public Loads bind(DuckDBTableFunctionBindInfo info) throws SQLException {
        Loads found = loads.get(info.getParameter(0).getLong());
        if (found == null) {
            throw new IllegalStateException("There is no such load any more.");
        }
        for (int i = 0; i < found.fields().size(); i++) {
            RowLane.announce(info, column(i), found.fields().get(i));
        }
        long rows = 0;
        for (RowLoad load : found.parts()) {
            for (int chunk = 0; chunk < load.chunks(); chunk++) {
                rows += load.rows(chunk);
            }
        }
        info.setCardinality(rows, true);
        return found;
    }

    @Override
    public Scan init(DuckDBTableFunctionInitInfo info) {
        // Where the order of rows counts, the engine takes one.
        info.setMaxThreads(Runtime.getRuntime().availableProcessors());
        int[] columns = new int[Math.toIntExact(info.getColumnCount())];
        for (int i = 0; i < columns.length; i++) {
            columns[i] = (int) info.getColumnIndex(i);
        }
        return new Scan(columns);
    }

    @Override
    public Object localInit(DuckDBTableFunctionInitInfo info) {
        return this;
    }

    @Override
    public long apply(DuckDBTableFunctionCallInfo info, DuckDBDataChunkWriter out) {
        Loads of = info.getBindData();
        Scan scan = info.getInitData();
        int place = scan.next.getAndIncrement();
        for (RowLoad load : of.parts()) {
            if (place < load.chunks()) {
                RowLane[] lanes = load.lanes(place);
                int rows = load.rows(place);
                for (int i = 0; i < scan.columns.length; i++) {
                    int column = scan.columns[i];
                    if (column >= 0 && column < lanes.length) {
                        lanes[column].write(out.vector(i), rows);
                    }
                }
                return rows;
            }
            place -= load.chunks();
        }
        return 0;
    }

    Registrations registrations() {
        return new Registrations();
    }

    /** The loads that one session keeps, forgotten when it closes. */
    final class Registrations implements AutoCloseable {
        private final List<Long> mine = new ArrayList<>();

        /** Keeps loads; returns their number. */
        synchronized long keep(Loads of) {
            long id = add(of);
            mine.add(id);
            return id;
        }

        @Override
        public synchronized void close() {
            for (long id : mine) {
                Loads gone = loads.remove(id);
                if (gone != null) {
                    gone.parts().forEach(LoadFunction.this::release);
                }
            }
            mine.clear();
        }
    }
}
