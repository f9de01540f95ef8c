package dev.tarn.app.results;

import dev.tarn.model.table.Schema;
import dev.tarn.spi.QueryResult;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Hands on rows and writes them down beside, until they are too many. Only what was read to its end
 * is a recording.
 */
public final class Recorder implements QueryResult {
    private final QueryResult rows;
    private final long bytesMax;
    private final @Nullable Object[] current;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final DataOutputStream out = new DataOutputStream(bytes);
    private boolean givenUp;
    private boolean complete;
    private boolean begun;

    Recorder(QueryResult rows, long bytesMax) {
        this.rows = rows;
        this.bytesMax = bytesMax;
        this.current = new Object[rows.schema().fields().size()];
        try {
            RowsCodec.write(rows.schema(), out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether rows were read to their end, and are few. */
    public boolean isWhole() {
        return complete && !givenUp;
    }

    /** All rows as bytes; empty unless it is whole. */
    Optional<byte[]> recording() {
        return isWhole() ? Optional.of(bytes.toByteArray()) : Optional.empty();
    }

    @Override
    public Schema schema() {
        return rows.schema();
    }

    @Override
    public boolean next() {
        begun = true;
        if (!rows.next()) {
            complete = true;
            return false;
        }
        if (!givenUp) {
            for (int i = 0; i < current.length; i++) {
                current[i] = rows.value(i);
            }
            write();
        }
        return true;
    }

    private void write() {
        try {
            out.writeBoolean(true);
            for (Object value : current) {
                if (!RowsCodec.write(value, out) || bytes.size() > bytesMax) {
                    giveUp();
                    return;
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void giveUp() {
        givenUp = true;
        bytes.reset();
    }

    @Override
    public @Nullable Object value(int column) {
        return givenUp ? rows.value(column) : current[column];
    }

    @Override
    public long writeArrow(OutputStream to) {
        if (!begun) {
            giveUp();
        }
        return rows.writeArrow(to);
    }

    @Override
    public void close() {
        Arrays.fill(current, null);
        rows.close();
    }
}
