package dev.tarn.jdbc;

import dev.tarn.jdbc.ChangeBuffer.Change;
import dev.tarn.model.TarnException;
import dev.tarn.model.table.Schema;
import dev.tarn.spi.OpenSource.Batch;
import dev.tarn.spi.OpenSource.Changes;
import dev.tarn.spi.OpenSource.Outcome;
import dev.tarn.spi.OpenSource.Portion;
import dev.tarn.spi.OpenSource.Refusals;
import dev.tarn.spi.RowSink;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.Predicate;

/**
 * A table's part of a segment: its changes, and while it is loaded a range of its rows, in the
 * order that gives what the source has at the segment's end.
 */
final class LogBatch implements Batch {
    private final LogPosition position;
    private final LogSegment segment;
    private final Optional<ChangeBuffer> changes;
    private final LogColumns columns;
    private final Optional<Range> range;
    private final Optional<LogPosition> again;
    private final boolean hasMore;
    private final Function<Telling, LogRows> rows;
    private final Function<Change, TarnException> lost;

    /**
     * @param range of the table's rows, if one is read
     * @param again where a load begins that somebody has asked for
     * @param hasMore whether the log goes on behind the segment
     * @param rows what tells changes to a sink
     * @param lost what is said where the log does not tell what happened
     */
    LogBatch(
            LogPosition position,
            LogSegment segment,
            Optional<ChangeBuffer> changes,
            LogColumns columns,
            Optional<Range> range,
            Optional<LogPosition> again,
            boolean hasMore,
            Function<Telling, LogRows> rows,
            Function<Change, TarnException> lost) {
        this.position = position;
        this.segment = segment;
        this.changes = changes;
        this.columns = columns;
        this.range = range;
        this.again = again;
        this.hasMore = hasMore;
        this.rows = rows;
        this.lost = lost;
    }

    /** Where rows are told to. */
    record Telling(RowSink sink, Refusals refusals) {}

    /**
     * Rows that are read from the table itself.
     *
     * @param columns in the order that they are told in
     */
    record Range(int table, LogChunk chunk, LogSnapshot snapshot, List<Column> columns, Pace pace) {
        boolean sees(Change change) {
            return snapshot.sees(table, change);
        }
    }

    /** The columns of changes, those of the newest row first. */
    static List<Column> columns(ChangeBuffer changes, IntFunction<LogRelation> relations) {
        LogColumns all = new LogColumns(List.of(), false);
        for (int version : changes.versions().reversed()) {
            all = all.and(relations.apply(version).columns());
        }
        return all.ofTable();
    }

    @Override
    public Schema columns() {
        return columns.told();
    }

    @Override
    public Optional<Changes> changes() {
        return Optional.of(columns.changes());
    }

    @Override
    public Optional<String> load() {
        return Optional.ofNullable(position.load());
    }

    @Override
    public boolean more() {
        return hasMore || position.isLoading() || again.isPresent();
    }

    @Override
    public List<Portion> portions() {
        return List.of(this::read);
    }

    private Outcome read(RowSink sink, Refusals refusals) {
        LogRows told = rows.apply(new Telling(sink, refusals));
        long bytes = changes.map(ChangeBuffer::bytes).orElse(0L);
        LogPosition reached = position.reached(segment.to(), segment.last());
        if (range.isEmpty()) {
            tell(told, c -> !position.loads(c.transaction()));
        } else {
            // What the snapshot sees is part of the rows that are read in it; the rest comes on
            // top.
            Range read = range.get();
            tell(told, c -> read.sees(c) && !position.loads(c.transaction()));
            long before = sink.rows();
            LogChunk.Result result = read(read, sink, refusals);
            bytes += result.bytes();
            long more = sink.rows() - before;
            reached =
                    result.last().isEmpty()
                            ? reached.complete(more)
                            : reached.loaded(result.last(), more);
            tell(told, c -> !read.sees(c));
        }
        boolean isWhole = position.isLoading() && !reached.isLoading();
        LogPosition behind = again.orElse(reached);
        return new Outcome(Map.of(LogSource.PART, Optional.of(behind.toJson())), bytes, isWhole);
    }

    private LogChunk.Result read(Range rangeOfRows, RowSink sink, Refusals refusals) {
        int missing = columns.ofTable().size() - rangeOfRows.columns().size();
        MarkedRows marked =
                new MarkedRows(
                        sink,
                        s -> {
                            for (int i = 0; i < missing; i++) {
                                s.nothing();
                            }
                            columns.tellRead(s, rangeOfRows.snapshot());
                        });
        return rangeOfRows
                .chunk()
                .read(rangeOfRows.columns(), marked, refusals, rangeOfRows.pace());
    }

    private void tell(LogRows told, Predicate<Change> which) {
        changes.ifPresent(buffer ->
                buffer.read(change -> {
                    if (!change.commit().isBefore(position.lsn()) && which.test(change)) {
                        if (change.kind() == LogListener.LOST) {
                            throw lost.apply(change);
                        }
                        told.tell(change);
                    }
                }));
    }

    @Override
    public void close() {
        segment.leave();
    }
}
