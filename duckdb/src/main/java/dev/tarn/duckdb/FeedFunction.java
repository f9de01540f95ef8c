package dev.tarn.duckdb;

import dev.tarn.spi.TextFeed;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.duckdb.DuckDBConnection;
import org.duckdb.DuckDBDataChunkWriter;
import org.duckdb.DuckDBFunctions;
import org.duckdb.DuckDBTableFunction;
import org.duckdb.DuckDBTableFunctionBindInfo;
import org.duckdb.DuckDBTableFunctionCallInfo;
import org.duckdb.DuckDBTableFunctionInitInfo;
import org.duckdb.DuckDBTableFunctionState;
import org.duckdb.DuckDBWritableVector;
import org.jspecify.annotations.Nullable;

/**
 * A table function for SQL that hands out the texts of a feed. One function serves all feeds of an
 * engine: a number names the feed.
 */
final class FeedFunction
        implements DuckDBTableFunction<TextFeed, TextFeed.Pass, FeedFunction.Worker> {
    static final String NAME = "tarn_feed";

    private final Map<Long, TextFeed> feeds = new ConcurrentHashMap<>();
    private final AtomicLong next = new AtomicLong();

    private FeedFunction() {}

    static FeedFunction register(DuckDBConnection connection) throws SQLException {
        FeedFunction function = new FeedFunction();
        DuckDBFunctions.tableFunction()
                .withName(NAME)
                .withParameter(Long.class)
                .withFunction(function)
                .register(connection);
        return function;
    }

    /** What one thread of a query reads with. */
    static final class Worker implements DuckDBTableFunctionState {
        private TextFeed.@Nullable Reader reader;
        private TextFeed.Batch batch = new TextFeed.Batch(1);

        @Override
        public void close() throws IOException {
            if (reader != null) {
                reader.close();
            }
        }
    }

    @Override
    public TextFeed bind(DuckDBTableFunctionBindInfo info) {
        info.addResultColumn("part", Integer.class)
                .addResultColumn("number", Long.class)
                .addResultColumn("text", String.class);
        TextFeed feed = feeds.get(info.getParameter(0).getLong());
        if (feed == null) {
            throw new IllegalStateException("There is no such feed any more.");
        }
        return feed;
    }

    @Override
    public TextFeed.Pass init(DuckDBTableFunctionInitInfo info) {
        info.setMaxThreads(Runtime.getRuntime().availableProcessors());
        TextFeed feed = info.getBindData();
        return feed.begin();
    }

    @Override
    public Worker localInit(DuckDBTableFunctionInitInfo info) {
        return new Worker();
    }

    @Override
    public long apply(DuckDBTableFunctionCallInfo info, DuckDBDataChunkWriter out)
            throws IOException {
        Worker worker = info.getLocalInitData();
        TextFeed.Reader reader = worker.reader;
        if (reader == null) {
            TextFeed.Pass pass = info.getInitData();
            reader = pass.reader();
            worker.reader = reader;
            worker.batch = new TextFeed.Batch(Math.toIntExact(out.capacity()));
        }
        TextFeed.Batch batch = worker.batch;
        if (!reader.next(batch)) {
            return 0;
        }
        DuckDBWritableVector parts = out.vector(0);
        DuckDBWritableVector numbers = out.vector(1);
        byte[][] texts = new byte[batch.size()][];
        for (int i = 0; i < texts.length; i++) {
            parts.setInt(i, batch.part());
            numbers.setLong(i, batch.number(i));
            texts[i] = batch.text(i);
        }
        out.vector(2).setStringUtf8Batch(0, texts);
        return texts.length;
    }

    Registrations registrations() {
        return new Registrations();
    }

    /** The feeds of one session, forgotten when it closes. */
    final class Registrations implements AutoCloseable {
        private final List<Long> mine = new ArrayList<>();

        /** A query of a feed's texts. */
        String select(TextFeed feed) {
            long id = next.incrementAndGet();
            feeds.put(id, feed);
            mine.add(id);
            return "SELECT * FROM " + NAME + "(" + id + "::BIGINT)";
        }

        @Override
        public void close() {
            mine.forEach(feeds::remove);
        }
    }
}
