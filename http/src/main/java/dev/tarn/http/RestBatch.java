package dev.tarn.http;

import dev.tarn.http.RestPages.Page;
import dev.tarn.http.RestPages.Row;
import dev.tarn.model.table.Schema;
import dev.tarn.spi.OpenSource.Batch;
import dev.tarn.spi.OpenSource.Outcome;
import dev.tarn.spi.OpenSource.Portion;
import dev.tarn.spi.OpenSource.Refusals;
import dev.tarn.spi.OpenSource.RowPlace;
import dev.tarn.spi.RowSink;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Records of some pages, told in the order in which they come. */
final class RestBatch implements Batch, Portion {
    private static final int MOST_SHOWN = 4_000;

    private final RestColumns columns;
    private final Optional<String> load;
    private final Reader reader;

    RestBatch(RestColumns columns, Optional<String> load, Reader reader) {
        this.columns = columns;
        this.load = load;
        this.reader = reader;
    }

    /** Reads pages and tells them. */
    interface Reader {
        Reached read(Told told);
    }

    /**
     * Where reading stands.
     *
     * @param complete whether a snapshot is whole
     */
    record Reached(String position, boolean complete) {}

    /** Where pages are told to. */
    static final class Told {
        private final RowSink sink;
        private final Refusals refusals;
        private long rows;
        private long bytes;

        Told(RowSink sink, Refusals refusals) {
            this.sink = sink;
            this.refusals = refusals;
        }

        long rows() {
            return rows;
        }

        long bytes() {
            return bytes;
        }

        /** Tells some rows of a page. */
        void page(Page page, List<Row> some, Optional<String> parent) {
            bytes += page.bytes();
            long number = 0;
            for (Row row : some) {
                number++;
                rows++;
                if (!row.problem().isEmpty()) {
                    refuse(
                            page.from(),
                            number,
                            row.problem(),
                            new String(row.json(), StandardCharsets.UTF_8));
                    continue;
                }
                sink.text(page.from());
                sink.integer(number);
                parent.ifPresent(sink::text);
                sink.bytes(row.json());
                sink.endRow();
            }
        }

        void refuse(String part, long number, String reason, String raw) {
            refusals.refuse(
                    part,
                    number,
                    reason,
                    raw.length() > MOST_SHOWN ? raw.substring(0, MOST_SHOWN) : raw);
        }
    }

    @Override
    public Schema columns() {
        return columns.schema();
    }

    @Override
    public Optional<String> document() {
        return Optional.of(RestColumns.VALUE);
    }

    @Override
    public Optional<RowPlace> place() {
        return Optional.of(columns.place());
    }

    @Override
    public Optional<String> load() {
        return load;
    }

    @Override
    public List<Portion> portions() {
        return List.of(this);
    }

    @Override
    public Outcome read(RowSink rows, Refusals refusals) {
        Told told = new Told(rows, refusals);
        Reached reached = reader.read(told);
        return new Outcome(
                Map.of(RestSource.PART, Optional.of(reached.position())),
                told.bytes(),
                reached.complete());
    }

    @Override
    public void close() {}
}
