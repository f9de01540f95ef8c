package dev.tarn.kafka;

import dev.tarn.model.table.Schema;
import dev.tarn.spi.OpenOutlet.Change;
import dev.tarn.spi.OpenOutlet.Kind;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/** Changes of rows as messages: JSON by the columns of the table. */
final class ChangeMessage {
    private final FeedOptions options;
    private final List<byte[]> labels;
    private final int[] key;
    private final byte[][] keyLabels;

    /**
     * @param columns of the rows
     */
    ChangeMessage(FeedOptions options, Schema columns) {
        this.options = options;
        this.labels = columns.names().stream().map(ChangeMessage::label).toList();
        this.key = options.feed().key().stream().mapToInt(k -> place(columns, k)).toArray();
        this.keyLabels =
                options.feed().key().stream().map(ChangeMessage::label).toArray(byte[][]::new);
    }

    private static int place(Schema columns, String name) {
        for (int i = 0; i < columns.fields().size(); i++) {
            if (columns.fields().get(i).name().equalsIgnoreCase(name)) {
                return i;
            }
        }
        throw new IllegalStateException("The feed's key is no column.");
    }

    private static byte[] label(String name) {
        return new JsonBytes().text(name).put(':').copy();
    }

    /** The messages that tell a change, in their order. */
    List<ProducerRecord<byte[], byte[]>> of(Change change) {
        List<ProducerRecord<byte[], byte[]>> messages = new ArrayList<>();
        List<@Nullable Object> row = change.after() == null ? change.before() : change.after();
        if (row == null) {
            return messages;
        }
        byte[] name = key.length == 0 ? null : name(row);
        boolean gone = change.kind() == Kind.DELETED;
        switch (options.envelope()) {
            case NONE -> messages.add(message(change, name, gone ? null : object(row)));
            case DEBEZIUM -> {
                messages.add(message(change, name, enveloped(change)));
                if (gone && name != null) {
                    messages.add(message(change, name, null));
                }
            }
        }
        return messages;
    }

    private ProducerRecord<byte[], byte[]> message(
            Change change, byte @Nullable [] name, byte @Nullable [] value) {
        ProducerRecord<byte[], byte[]> message =
                new ProducerRecord<>(options.topic(), null, name, value);
        message.headers().add("tarn-change", utf8(word(change.kind())));
        message.headers().add("tarn-publication", utf8(Long.toString(change.publication())));
        return message;
    }

    private static String word(Kind kind) {
        return switch (kind) {
            case READ -> "read";
            case INSERTED -> "inserted";
            case UPDATED -> "updated";
            case DELETED -> "deleted";
        };
    }

    private byte[] name(List<@Nullable Object> row) {
        if (options.plainKey()) {
            return utf8(String.valueOf(row.get(key[0])));
        }
        JsonBytes json = new JsonBytes().put('{');
        for (int i = 0; i < key.length; i++) {
            if (i > 0) {
                json.put(',');
            }
            json.put(keyLabels[i]);
            value(row.get(key[i]), json);
        }
        return json.put('}').copy();
    }

    private byte[] object(List<@Nullable Object> row) {
        JsonBytes json = new JsonBytes();
        object(row, json);
        return json.copy();
    }

    private void object(List<@Nullable Object> row, JsonBytes json) {
        json.put('{');
        for (int i = 0; i < labels.size(); i++) {
            if (i > 0) {
                json.put(',');
            }
            json.put(labels.get(i));
            value(row.get(i), json);
        }
        json.put('}');
    }

    private byte[] enveloped(Change change) {
        JsonBytes json = new JsonBytes().ascii("{\"before\":");
        side(change.before(), json);
        json.ascii(",\"after\":");
        side(change.after(), json);
        String op =
                switch (change.kind()) {
                    case READ -> "r";
                    case INSERTED -> "c";
                    case UPDATED -> "u";
                    case DELETED -> "d";
                };
        long time = change.at().toEpochMilli();
        json.ascii(",\"source\":{\"connector\":\"tarn\",\"name\":")
                .text(options.feed().name())
                .ascii(",\"schema\":")
                .text(options.feed().table().schema())
                .ascii(",\"table\":")
                .text(options.feed().table().table())
                .ascii(",\"publication\":")
                .number(change.publication())
                .ascii(",\"ts_ms\":")
                .number(time);
        return json.ascii("},\"op\":").text(op).ascii(",\"ts_ms\":").number(time).put('}').copy();
    }

    private void side(@Nullable List<@Nullable Object> row, JsonBytes json) {
        if (row == null) {
            json.nothing();
        } else {
            object(row, json);
        }
    }

    private static void value(@Nullable Object value, JsonBytes json) {
        switch (value) {
            case null -> json.nothing();
            case Boolean truth -> json.truth(truth);
            case Integer whole -> json.number((long) whole);
            case Long whole -> json.number((long) whole);
            case Float number -> json.number((float) number);
            case Double number -> json.number((double) number);
            case BigDecimal number -> json.ascii(number.toPlainString());
            case byte[] bytes -> json.text(Base64.getEncoder().encodeToString(bytes));
            case List<?> list -> {
                json.put('[');
                int before = json.size();
                for (Object item : list) {
                    if (json.size() > before) {
                        json.put(',');
                    }
                    value(item, json);
                }
                json.put(']');
            }
            case Map<?, ?> map -> {
                json.put('{');
                int before = json.size();
                map.forEach((name, item) -> {
                    if (json.size() > before) {
                        json.put(',');
                    }
                    json.text(String.valueOf(name)).put(':');
                    value(item, json);
                });
                json.put('}');
            }
            default -> json.text(value.toString());
        }
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
