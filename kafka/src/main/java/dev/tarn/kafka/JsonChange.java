package dev.tarn.kafka;

import dev.tarn.model.table.Schema;
import dev.tarn.spi.OpenOutlet.Change;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Rows as JSON, by the columns of the table. */
final class JsonChange implements RowCoding {
    private final FeedOptions options;
    private final List<byte[]> labels;
    private final int[] key;
    private final byte[][] keyLabels;

    /**
     * @param columns of the rows
     * @param key where the columns of the key are
     */
    JsonChange(FeedOptions options, Schema columns, int[] key) {
        this.options = options;
        this.labels = columns.names().stream().map(JsonChange::label).toList();
        this.key = key.clone();
        this.keyLabels =
                options.feed().key().stream().map(JsonChange::label).toArray(byte[][]::new);
    }

    private static byte[] label(String name) {
        return new JsonBytes().text(name).put(':').copy();
    }

    @Override
    public byte[] key(List<@Nullable Object> row) {
        if (options.keyFormat() == FeedOptions.KeyFormat.TEXT) {
            return String.valueOf(row.get(key[0])).getBytes(StandardCharsets.UTF_8);
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

    @Override
    public byte[] row(List<@Nullable Object> row) {
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

    @Override
    public byte[] enveloped(Change change) {
        JsonBytes json = new JsonBytes().ascii("{\"before\":");
        side(change.before(), json);
        json.ascii(",\"after\":");
        side(change.after(), json);
        String op = RowCoding.letter(change.kind());
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

    /** A value, however deep it is. */
    static void value(@Nullable Object value, JsonBytes json) {
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
}
