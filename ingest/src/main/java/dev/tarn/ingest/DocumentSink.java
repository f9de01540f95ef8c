package dev.tarn.ingest;

import dev.tarn.model.table.Field;
import dev.tarn.model.table.Schema;
import dev.tarn.spi.OpenSource.Refusals;
import dev.tarn.spi.OpenSource.RowPlace;
import dev.tarn.spi.RowSink;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Passes rows on, with a look at their documents; rows whose document is none are refused. */
final class DocumentSink implements RowSink {
    private final RowSink rows;
    private final Refusals refusals;
    private final DocumentText documents;
    private final int document;
    private final int[] part;
    private final int number;

    /** The values of the columns that say where a row is from. */
    private final @Nullable Object[] texts;

    private final long[] numbers;

    private int column;
    private @Nullable String problem;
    private byte @Nullable [] raw;

    DocumentSink(
            RowSink rows,
            Refusals refusals,
            Schema batch,
            String document,
            Optional<RowPlace> place,
            DocumentText documents) {
        this.rows = rows;
        this.refusals = refusals;
        this.documents = documents;
        List<String> names = batch.fields().stream().map(Field::name).toList();
        this.document = names.indexOf(document);
        this.part =
                place.map(p -> p.part().stream().mapToInt(names::indexOf).toArray())
                        .orElse(new int[0]);
        this.number = place.map(p -> names.indexOf(p.number())).orElse(-1);
        this.texts = new @Nullable Object[names.size()];
        this.numbers = new long[names.size()];
    }

    Collection<LineColumn> columns() {
        return documents.columns();
    }

    @Override
    public void bytes(byte[] value) {
        if (column != document) {
            texts[column++] = value;
            rows.bytes(value);
            return;
        }
        column++;
        try {
            rows.bytes(documents.read(value));
        } catch (JsonText.Refused e) {
            problem = e.reason();
            raw = value;
            rows.nothing();
        }
    }

    @Override
    public void text(String value) {
        if (column == document) {
            bytes(value.getBytes(StandardCharsets.UTF_8));
        } else {
            texts[column++] = value;
            rows.text(value);
        }
    }

    @Override
    public void integer(long value) {
        texts[column] = null;
        numbers[column++] = value;
        rows.integer(value);
    }

    @Override
    public void endRow() {
        String wrong = problem;
        byte[] text = raw;
        if (wrong == null || text == null) {
            column = 0;
            rows.endRow();
            return;
        }
        refusals.refuse(
                partName(),
                number < 0 ? 0 : numbers[number],
                wrong,
                new String(text, StandardCharsets.UTF_8));
        dropRow();
    }

    private String partName() {
        StringBuilder name = new StringBuilder();
        for (int place : part) {
            Object text = texts[place];
            name.append(name.isEmpty() ? "" : "/")
                    .append(
                            text == null
                                    ? String.valueOf(numbers[place])
                                    : text instanceof byte[] utf8
                                            ? new String(utf8, StandardCharsets.UTF_8)
                                            : text.toString());
        }
        return name.toString();
    }

    @Override
    public void dropRow() {
        column = 0;
        problem = null;
        raw = null;
        Arrays.fill(texts, null);
        rows.dropRow();
    }

    @Override
    public void nothing() {
        texts[column++] = null;
        rows.nothing();
    }

    @Override
    public void truth(boolean value) {
        column++;
        rows.truth(value);
    }

    @Override
    public void number(double value) {
        column++;
        rows.number(value);
    }

    @Override
    public void decimal(BigDecimal value) {
        column++;
        rows.decimal(value);
    }

    @Override
    public void date(int epochDays) {
        column++;
        rows.date(epochDays);
    }

    @Override
    public void time(long micros) {
        column++;
        rows.time(micros);
    }

    @Override
    public void timestamp(long epochMicros) {
        column++;
        rows.timestamp(epochMicros);
    }

    @Override
    public void uuid(long mostSignificant, long leastSignificant) {
        column++;
        rows.uuid(mostSignificant, leastSignificant);
    }

    @Override
    public void json(String value) {
        column++;
        rows.json(value);
    }

    @Override
    public void value(@Nullable Object value) {
        switch (value) {
            case String text -> text(text);
            case byte[] bytes -> bytes(bytes);
            case Long whole -> integer(whole);
            case Integer whole -> integer(whole);
            case null -> nothing();
            default -> {
                column++;
                rows.value(value);
            }
        }
    }

    @Override
    public long rows() {
        return rows.rows();
    }

    @Override
    public void close() {
        rows.close();
    }
}
