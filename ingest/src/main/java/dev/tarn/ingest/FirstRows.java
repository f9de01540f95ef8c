package dev.tarn.ingest;

import dev.tarn.spi.ObjectForm;
import dev.tarn.spi.RowSink;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Holds the first rows of a portion back until they say what columns their objects have; then they
 * and all others are passed on as they come.
 */
final class FirstRows implements RowSink {
    private static final int ROWS = 2048;
    private static final long BYTES = 1 << 20;

    private final DocumentSink sink;
    private final int document;
    private final List<Consumer<RowSink>> held = new ArrayList<>();
    private final List<Consumer<DocumentText>> documents = new ArrayList<>();

    private boolean holding = true;
    private int begun;
    private int column;
    private int rows;
    private long bytes;
    private @Nullable Consumer<DocumentText> latest;

    /**
     * @param document the place of the column that has objects
     */
    FirstRows(DocumentSink sink, int document) {
        this.sink = sink;
        this.document = document;
    }

    /** Passes on what was held. */
    private void release() {
        if (!holding) {
            return;
        }
        holding = false;
        sink.learn(documents);
        held.subList(begun, held.size()).clear();
        held.forEach(value -> value.accept(sink));
        held.clear();
        documents.clear();
    }

    private void hold(Consumer<RowSink> value) {
        held.add(value);
        column++;
    }

    @Override
    public void nothing() {
        if (holding) {
            hold(RowSink::nothing);
        } else {
            sink.nothing();
        }
    }

    @Override
    public void truth(boolean value) {
        if (holding) {
            hold(s -> s.truth(value));
        } else {
            sink.truth(value);
        }
    }

    @Override
    public void integer(long value) {
        if (holding) {
            hold(s -> s.integer(value));
        } else {
            sink.integer(value);
        }
    }

    @Override
    public void number(double value) {
        if (holding) {
            hold(s -> s.number(value));
        } else {
            sink.number(value);
        }
    }

    @Override
    public void decimal(BigDecimal value) {
        if (holding) {
            hold(s -> s.decimal(value));
        } else {
            sink.decimal(value);
        }
    }

    @Override
    public void text(String value) {
        if (holding) {
            note(value.getBytes(StandardCharsets.UTF_8));
            hold(s -> s.text(value));
        } else {
            sink.text(value);
        }
    }

    @Override
    public void bytes(byte[] value) {
        if (holding) {
            note(value);
            hold(s -> s.bytes(value));
        } else {
            sink.bytes(value);
        }
    }

    private void note(byte[] value) {
        bytes += value.length;
        if (column == document) {
            latest = look -> look.learn(value);
        }
    }

    @Override
    public void object(ObjectForm form, byte[] value, int from, int to) {
        if (!holding) {
            sink.object(form, value, from, to);
            return;
        }
        byte[] copy = Arrays.copyOfRange(value, from, to);
        bytes += copy.length;
        latest = look -> look.learn(form, copy);
        hold(s -> {
            if (form.read(copy, 0, copy.length)) {
                s.object(form, copy, 0, copy.length);
            } else {
                s.bytes(form.json(copy, 0, copy.length));
            }
        });
    }

    @Override
    public void date(int epochDays) {
        if (holding) {
            hold(s -> s.date(epochDays));
        } else {
            sink.date(epochDays);
        }
    }

    @Override
    public void time(long micros) {
        if (holding) {
            hold(s -> s.time(micros));
        } else {
            sink.time(micros);
        }
    }

    @Override
    public void timestamp(long epochMicros) {
        if (holding) {
            hold(s -> s.timestamp(epochMicros));
        } else {
            sink.timestamp(epochMicros);
        }
    }

    @Override
    public void uuid(long mostSignificant, long leastSignificant) {
        if (holding) {
            hold(s -> s.uuid(mostSignificant, leastSignificant));
        } else {
            sink.uuid(mostSignificant, leastSignificant);
        }
    }

    @Override
    public void json(String value) {
        if (holding) {
            hold(s -> s.json(value));
        } else {
            sink.json(value);
        }
    }

    @Override
    public void value(@Nullable Object value) {
        switch (value) {
            case String text when holding -> text(text);
            case byte[] given when holding -> bytes(given);
            case null, default -> {
                if (holding) {
                    hold(s -> s.value(value));
                } else {
                    sink.value(value);
                }
            }
        }
    }

    @Override
    public void endRow() {
        if (!holding) {
            sink.endRow();
            return;
        }
        held.add(RowSink::endRow);
        if (latest != null) {
            documents.add(latest);
        }
        begun = held.size();
        column = 0;
        latest = null;
        if (++rows >= ROWS || bytes >= BYTES) {
            release();
        }
    }

    @Override
    public void dropRow() {
        if (!holding) {
            sink.dropRow();
            return;
        }
        held.subList(begun, held.size()).clear();
        column = 0;
        latest = null;
    }

    /** How many rows there are; those that are held are looked at for that. */
    @Override
    public long rows() {
        release();
        return sink.rows();
    }

    @Override
    public void close() {
        try (RowSink closing = sink) {
            release();
        }
    }
}
