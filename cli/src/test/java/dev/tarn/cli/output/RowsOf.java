package dev.tarn.cli.output;

import dev.tarn.model.table.Schema;
import dev.tarn.spi.QueryResult;
import java.io.OutputStream;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Given rows as a result. */
final class RowsOf implements QueryResult {
    private final Schema schema;
    private final Iterator<? extends List<? extends @Nullable Object>> rows;
    private List<? extends @Nullable Object> current = List.of();

    RowsOf(Schema schema, List<? extends List<? extends @Nullable Object>> rows) {
        this.schema = schema;
        this.rows = rows.iterator();
    }

    @Override
    public Schema schema() {
        return schema;
    }

    @Override
    public boolean next() {
        if (!rows.hasNext()) {
            return false;
        }
        current = rows.next();
        return true;
    }

    @Override
    public @Nullable Object value(int column) {
        return current.get(column);
    }

    @Override
    public long writeArrow(OutputStream out) {
        throw new UnsupportedOperationException("These rows are for texts");
    }

    @Override
    public void close() {
        // Nothing is held.
    }
}
