package dev.tarn.ingest;

import dev.tarn.model.graph.SqlText;
import dev.tarn.model.table.Field;
import dev.tarn.model.table.Schema;
import dev.tarn.model.table.Type.Primitive;
import dev.tarn.spi.EngineSession;
import dev.tarn.spi.OpenSource.Batch;
import dev.tarn.spi.OpenSource.Changes;
import dev.tarn.spi.OpenSource.Outcome;
import dev.tarn.spi.OpenSource.Portion;
import dev.tarn.spi.OpenSource.Refusals;
import dev.tarn.spi.OpenSource.RowPlace;
import dev.tarn.spi.QueryResult;
import dev.tarn.spi.RowSink;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Rows of a quarantine table on their way through the landing again. */
public final class RawBatch implements Batch, Portion {
    private static final String FILE = "tarn_file";
    private static final String ROW = "tarn_row";
    private static final String KIND = "tarn_told";
    private static final String AT = "tarn_since";
    private static final String RECORD = "tarn_record";

    private static final Pattern TOLD = Pattern.compile("\"tarn_kind\" *: *\"(\\w)\"");

    private final EngineSession session;
    private final SqlText rows;
    private final RawRecords records;
    private final boolean states;

    /**
     * @param rows of the quarantine table: {@code _file, _row, _raw, _ingested_at, _beside}
     * @param records what makes JSON of them
     * @param states whether the table has states of rows
     */
    public RawBatch(EngineSession session, SqlText rows, RawRecords records, boolean states) {
        this.session = session;
        this.rows = rows;
        this.records = records;
        this.states = states;
    }

    @Override
    public Schema columns() {
        return new Schema(
                List.of(
                        Field.of(FILE, Primitive.VARCHAR),
                        Field.of(ROW, Primitive.BIGINT),
                        Field.of(KIND, Primitive.VARCHAR),
                        Field.of(AT, Primitive.TIMESTAMPTZ),
                        Field.of(RECORD, Primitive.VARCHAR)));
    }

    @Override
    public Optional<String> document() {
        return Optional.of(RECORD);
    }

    @Override
    public Optional<RowPlace> place() {
        return Optional.of(new RowPlace(List.of(FILE), ROW));
    }

    @Override
    public Optional<Changes> changes() {
        return states
                ? Optional.of(new Changes(KIND, Optional.empty(), Optional.of(AT), List.of()))
                : Optional.empty();
    }

    @Override
    public List<Portion> portions() {
        return List.of(this);
    }

    @Override
    public Outcome read(RowSink sink, Refusals refusals) {
        long bytes = 0;
        try (QueryResult result = session.query(rows)) {
            while (result.next()) {
                String file = text(result.value(0));
                long number = result.value(1) instanceof Number n ? n.longValue() : 0;
                String raw = text(result.value(2));
                String beside = text(result.value(4));
                bytes += raw.length();
                RawRecords.Read read = records.read(file, raw);
                if (read.json().isEmpty()) {
                    refusals.refuse(file, number, read.reason(), raw, beside);
                    continue;
                }
                told(sink, file);
                if (result.value(1) == null) {
                    sink.nothing();
                } else {
                    sink.integer(number);
                }
                sink.text(kind(beside));
                sink.timestamp(micros(result.value(3)));
                sink.text(together(beside, read.json().get()));
                sink.endRow();
            }
        }
        return new Outcome(Map.of(), bytes, false);
    }

    private static String text(@org.jspecify.annotations.Nullable Object value) {
        return value == null ? "" : value.toString();
    }

    private static void told(RowSink sink, String text) {
        if (text.isEmpty()) {
            sink.nothing();
        } else {
            sink.text(text);
        }
    }

    private static long micros(@org.jspecify.annotations.Nullable Object value) {
        Instant at = value instanceof Instant instant ? instant : Instant.EPOCH;
        return Duration.between(Instant.EPOCH, at).toNanos() / 1000;
    }

    /** What the row did when it came. */
    private static String kind(String beside) {
        Matcher told = TOLD.matcher(beside);
        return told.find() ? told.group(1) : Changes.UPDATE;
    }

    /** One object of both; what landings told among each other is left out. */
    private static String together(String beside, String record) {
        String others = TOLD.matcher(beside).replaceAll("").strip();
        String inner = others.length() < 2 ? "" : others.substring(1, others.length() - 1).strip();
        inner = inner.replaceAll("^,|,$", "").strip();
        String own = record.strip();
        String members = own.substring(1, own.length() - 1).strip();
        if (inner.isEmpty() || members.isEmpty()) {
            return "{" + inner + members + "}";
        }
        return "{" + inner + "," + members + "}";
    }

    @Override
    public void close() {
        // The session is the landing's.
    }
}
