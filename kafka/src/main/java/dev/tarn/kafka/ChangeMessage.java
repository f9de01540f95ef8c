package dev.tarn.kafka;

import dev.tarn.model.table.Schema;
import dev.tarn.spi.OpenOutlet.Change;
import dev.tarn.spi.OpenOutlet.Kind;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.jspecify.annotations.Nullable;

/** Changes of rows as messages. */
final class ChangeMessage {
    private final FeedOptions options;
    private final RowCoding keys;
    private final RowCoding values;

    /**
     * @param columns of the rows
     * @throws dev.tarn.model.TarnException {@code DELIVERY_FAILED}, {@code DELIVERY_REFUSED} where
     *     a registry has to know the columns
     */
    ChangeMessage(FeedOptions options, Schema columns, FeedSubjects subjects) {
        this.options = options;
        int[] key = options.feed().key().stream().mapToInt(k -> place(columns, k)).toArray();
        RowCoding json = new JsonChange(options, columns, key);
        RowCoding avro =
                options.isRegistered() ? new AvroChange(options, columns, key, subjects) : json;
        this.keys = options.keyFormat() == FeedOptions.KeyFormat.AVRO ? avro : json;
        this.values = options.valueFormat() == FeedOptions.ValueFormat.AVRO ? avro : json;
    }

    private static int place(Schema columns, String name) {
        for (int i = 0; i < columns.fields().size(); i++) {
            if (columns.fields().get(i).name().equalsIgnoreCase(name)) {
                return i;
            }
        }
        throw new IllegalStateException("The feed's key is no column.");
    }

    /** The messages that tell a change, in their order. */
    List<ProducerRecord<byte[], byte[]>> of(Change change) {
        List<ProducerRecord<byte[], byte[]>> messages = new ArrayList<>();
        List<@Nullable Object> row = change.after() == null ? change.before() : change.after();
        if (row == null) {
            return messages;
        }
        byte[] name = options.feed().key().isEmpty() ? null : keys.key(row);
        boolean gone = change.kind() == Kind.DELETED;
        switch (options.envelope()) {
            case NONE -> messages.add(message(change, name, gone ? null : values.row(row)));
            case DEBEZIUM -> {
                messages.add(message(change, name, values.enveloped(change)));
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

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
