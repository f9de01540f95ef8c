package dev.tarn.ingest;

import dev.tarn.model.table.Field;
import dev.tarn.model.table.Schema;
import dev.tarn.model.table.Type;
import dev.tarn.model.table.Type.Primitive;
import dev.tarn.spi.ObjectForm;
import dev.tarn.spi.OpenSource.Refusals;
import dev.tarn.spi.OpenSource.RowPlace;
import dev.tarn.spi.RowSink;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Passes rows on, with a look at their documents; rows whose document is none are refused. Behind
 * the columns of the rows stand lanes with the values of their members.
 */
final class DocumentSink implements RowSink {
    private final RowSink rows;
    private final Refusals refusals;
    private final Lanes lanes;
    private final DocumentText documents;
    private final int document;
    private final int[] part;
    private final int number;

    /** The values of the columns that say where a row is from. */
    private final @Nullable Object[] texts;

    private final long[] numbers;

    private final boolean[] isNumber;
    private final Schema batch;
    private List<MemberLane> members = List.of();
    private int column;
    private @Nullable String problem;
    private byte @Nullable [] raw;

    /** How the object of this row is told, if it is no JSON. */
    private @Nullable ToldObjects told;

    private @Nullable ObjectForm lastForm;
    private @Nullable ToldObjects lastObjects;

    /** Says which members have lanes. */
    interface Lanes {
        /** Makes a fresh look at objects. */
        DocumentText look();

        /**
         * The lanes of columns.
         *
         * @param seen what is known of their values, by name
         */
        List<MemberLane> of(Collection<LineColumn> columns, Map<String, LineColumn> seen);
    }

    DocumentSink(
            RowSink rows,
            Refusals refusals,
            Schema batch,
            String document,
            Optional<RowPlace> place,
            Lanes lanes) {
        this.rows = rows;
        this.refusals = refusals;
        this.lanes = lanes;
        this.documents = lanes.look();
        List<String> names = batch.fields().stream().map(Field::name).toList();
        this.document = names.indexOf(document);
        this.part =
                place.map(p -> p.part().stream().mapToInt(names::indexOf).toArray())
                        .orElse(new int[0]);
        this.number = place.map(p -> names.indexOf(p.number())).orElse(-1);
        this.texts = new @Nullable Object[names.size()];
        this.numbers = new long[names.size()];
        this.isNumber = new boolean[names.size()];
        this.batch = batch;
    }

    Collection<LineColumn> columns() {
        return documents.columns();
    }

    List<MemberLane> members() {
        return members;
    }

    /** Looks at the first documents of all, before the first row, and makes lanes for members. */
    void learn(List<Consumer<DocumentText>> first) {
        DocumentText look = lanes.look();
        first.forEach(document -> document.accept(look));
        documents.expect(look.columns());
        Map<String, LineColumn> seen = new HashMap<>();
        look.columns().forEach(c -> seen.put(c.name, c));
        members = lanes.of(documents.columns(), seen);
        if (!members.isEmpty()) {
            rows.widen(new Schema(members.stream().map(m -> m.field).toList()));
        }
    }

    @Override
    public void bytes(byte[] value) {
        if (column != document) {
            isNumber[column] = false;
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
    public void object(ObjectForm form, byte[] bytes, int from, int to) {
        ToldObjects objects = column == document ? objects(form) : null;
        if (objects == null) {
            bytes(form.json(bytes, from, to));
            return;
        }
        column++;
        told = objects;
        rows.later(objects, bytes, from, to);
    }

    /** How objects of a form are told; null if their JSON has to be looked at. */
    private @Nullable ToldObjects objects(ObjectForm form) {
        if (!form.equals(lastForm)) {
            lastForm = form;
            lastObjects =
                    documents.expect(form)
                            ? ToldObjects.of(form, members, lanes.look()).orElse(null)
                            : null;
        }
        return lastObjects;
    }

    @Override
    public void text(String value) {
        if (column == document) {
            bytes(value.getBytes(StandardCharsets.UTF_8));
        } else {
            isNumber[column] = false;
            texts[column++] = value;
            rows.text(value);
        }
    }

    @Override
    public void integer(long value) {
        isNumber[column] = true;
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
            if (told != null) {
                told.tell(members, rows);
                told = null;
            } else {
                for (MemberLane member : members) {
                    documents.tell(member, rows);
                }
            }
            rows.endRow();
            return;
        }
        refusals.refuse(
                partName(),
                number < 0 ? 0 : numbers[number],
                wrong,
                new String(text, StandardCharsets.UTF_8),
                beside());
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

    /** The columns beside the document, as far as they are texts, whole numbers, times or JSON. */
    private String beside() {
        StringBuilder json = new StringBuilder("{");
        for (int i = 0; i < texts.length; i++) {
            Object text = texts[i];
            Type type = batch.fields().get(i).type();
            String name = batch.fields().get(i).name();
            if (i == document
                    || name.startsWith(ReadBatch.OURS)
                    || type == Primitive.BINARY
                    || (text == null && !isNumber[i])) {
                continue;
            }
            json.append(json.length() > 1 ? "," : "").append(DocumentText.quoted(name)).append(':');
            if (isNumber[i]) {
                json.append(
                        type == Primitive.TIMESTAMPTZ || type == Primitive.TIMESTAMP
                                ? '"'
                                        + Instant.EPOCH
                                                .plus(numbers[i], ChronoUnit.MICROS)
                                                .toString()
                                        + '"'
                                : String.valueOf(numbers[i]));
            } else {
                String value =
                        text instanceof byte[] utf8
                                ? new String(utf8, StandardCharsets.UTF_8)
                                : String.valueOf(text);
                json.append(type == Primitive.VARCHAR ? DocumentText.quoted(value) : value);
            }
        }
        return json.append('}').toString();
    }

    @Override
    public void dropRow() {
        column = 0;
        problem = null;
        raw = null;
        told = null;
        Arrays.fill(texts, null);
        rows.dropRow();
    }

    @Override
    public void nothing() {
        if (column == document) {
            documents.nothing();
        }
        isNumber[column] = false;
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
        isNumber[column] = true;
        texts[column] = null;
        numbers[column++] = epochMicros;
        rows.timestamp(epochMicros);
    }

    @Override
    public void uuid(long mostSignificant, long leastSignificant) {
        column++;
        rows.uuid(mostSignificant, leastSignificant);
    }

    @Override
    public void json(String value) {
        if (column == document) {
            text(value);
            return;
        }
        isNumber[column] = false;
        texts[column++] = value;
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
