package dev.tarn.duckdb;

import java.sql.SQLException;
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
 * A table function for SQL that hands out the rows of a load, in their order. One function serves
 * all loads of an engine: a number names the load.
 */
final class LoadFunction implements DuckDBTableFunction<RowLoad, AtomicInteger, Object> {
    static final String NAME = "tarn_load";

    private final Map<Long, RowLoad> loads = new ConcurrentHashMap<>();
    private final AtomicLong next = new AtomicLong();

    private LoadFunction() {}

    static LoadFunction register(DuckDBConnection connection) throws SQLException {
        LoadFunction function = new LoadFunction();
        DuckDBFunctions.tableFunction()
                .withName(NAME)
                .withParameter(Long.class)
                .withFunction(function)
                .register(connection);
        return function;
    }

    /** Makes a load known until it is forgotten; returns its number. */
    long add(RowLoad load) {
        long id = next.incrementAndGet();
        loads.put(id, load);
        return id;
    }

    void forget(long id) {
        loads.remove(id);
    }

    /** The name of a column by its place. */
    static String column(int place) {
        return "c" + place;
    }

    @Override
    public RowLoad bind(DuckDBTableFunctionBindInfo info) throws SQLException {
        RowLoad load = loads.get(info.getParameter(0).getLong());
        if (load == null) {
            throw new IllegalStateException("There is no such load any more.");
        }
        for (int i = 0; i < load.fields().size(); i++) {
            RowLane.announce(info, column(i), load.fields().get(i));
        }
        return load;
    }

    @Override
    public AtomicInteger init(DuckDBTableFunctionInitInfo info) {
        info.setMaxThreads(1);
        return new AtomicInteger();
    }

    @Override
    public Object localInit(DuckDBTableFunctionInitInfo info) {
        return this;
    }

    @Override
    public long apply(DuckDBTableFunctionCallInfo info, DuckDBDataChunkWriter out) {
        RowLoad load = info.getBindData();
        AtomicInteger chunk = info.getInitData();
        int place = chunk.getAndIncrement();
        int rows = load.rows(place);
        if (rows > 0) {
            RowLane[] lanes = load.lanes(place);
            for (int i = 0; i < lanes.length; i++) {
                lanes[i].write(out.vector(i), rows);
            }
        }
        return rows;
    }
}
