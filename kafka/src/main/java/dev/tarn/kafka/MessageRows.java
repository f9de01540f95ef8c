package dev.tarn.kafka;

import dev.tarn.kafka.KafkaOptions.Coding;
import dev.tarn.kafka.KafkaOptions.Envelope;
import dev.tarn.model.graph.ConnectorSpec.Write;
import dev.tarn.model.table.Field;
import dev.tarn.model.table.Schema;
import dev.tarn.model.table.Type;
import dev.tarn.model.table.Type.Primitive;
import dev.tarn.spi.OpenSource.Refusals;
import dev.tarn.spi.OpenSource.RowPlace;
import dev.tarn.spi.RowSink;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/** One row for each message: what Kafka knows of it, its key, and what its value says. */
final class MessageRows {
    static final String VALUE = "value";
    static final String DELETED = "_deleted";

    static final RowPlace PLACE = new RowPlace(List.of("_topic", "_partition"), "_offset");

    private static final int MOST_SHOWN = 4000;

    private final KafkaOptions options;
    private final boolean changes;
    private final Schema columns;
    private final Optional<Decoder> keys;
    private final Optional<Decoder> values;
    private final JsonBytes out = new JsonBytes();
    private final Unwrapped unwrapped = new Unwrapped();

    /**
     * @param registry where schemas are asked for; empty when no message names one
     */
    MessageRows(KafkaOptions options, Write write, Optional<SchemaRegistry> registry) {
        this.options = options;
        this.changes = write != Write.APPEND;
        this.keys = Decoders.of(options.key(), registry);
        this.values = Decoders.of(options.value(), registry);
        List<Field> fields = new ArrayList<>();
        fields.add(Field.of("_topic", Primitive.VARCHAR));
        fields.add(Field.of("_partition", Primitive.INTEGER));
        fields.add(Field.of("_offset", Primitive.BIGINT));
        fields.add(Field.of("_timestamp", Primitive.TIMESTAMPTZ));
        fields.add(Field.of("_key", binary(options.key())));
        fields.add(Field.of("_headers", Type.MapOf.of(Primitive.VARCHAR, Primitive.VARCHAR)));
        switch (options.envelope()) {
            case NONE -> {}
            case DEBEZIUM -> {
                fields.add(Field.of("_op", Primitive.VARCHAR));
                fields.add(Field.of("_source", Primitive.VARCHAR));
                fields.add(Field.of("_changed_at", Primitive.TIMESTAMPTZ));
            }
            case CLOUDEVENTS -> {
                for (String name : Unwrapped.EVENT) {
                    fields.add(Field.of("_event_" + name, Primitive.VARCHAR));
                }
            }
        }
        if (deletes()) {
            fields.add(Field.of(DELETED, Primitive.BOOLEAN));
        }
        fields.add(Field.of(VALUE, binary(options.value())));
        this.columns = new Schema(fields);
    }

    private static Primitive binary(Coding coding) {
        return coding == Coding.BYTES ? Primitive.BINARY : Primitive.VARCHAR;
    }

    Schema columns() {
        return columns;
    }

    /** Whether values are objects whose members become columns. */
    boolean documents() {
        return options.value() != Coding.TEXT && options.value() != Coding.BYTES;
    }

    /** The schemas that values were found to have. */
    List<Schema> members() {
        return options.envelope() == Envelope.NONE
                ? values.map(Decoder::columns).orElse(List.of())
                : List.of();
    }

    /** Whether rows tell that others are to go. */
    boolean deletes() {
        return changes;
    }

    /** Tells a message as a row, or why it is none. */
    void tell(ConsumerRecord<byte[], byte[]> message, RowSink sink, Refusals refusals) {
        try {
            row(message, sink);
        } catch (Undecodable e) {
            sink.dropRow();
            byte[] value = message.value();
            refusals.refuse(
                    message.topic() + "/" + message.partition(),
                    message.offset(),
                    e.reason(),
                    value == null ? "" : Bytes.shown(value, MOST_SHOWN));
        }
    }

    private void row(ConsumerRecord<byte[], byte[]> message, RowSink sink) throws Undecodable {
        byte[] value = message.value();
        if (value == null && options.envelope() == Envelope.DEBEZIUM) {
            // It only lets the topic forget the row; that the row is gone was said before.
            return;
        }
        if (value != null && value.length > options.mostMessageBytes()) {
            throw new Undecodable(
                    "the message has %d bytes, and 'max_message_bytes' allows %d"
                            .formatted(value.length, options.mostMessageBytes()));
        }
        byte[] decoded = value == null ? null : decoded(values, value);
        boolean deleted = value == null;
        if (decoded != null && options.envelope() != Envelope.NONE) {
            unwrapped.read(options.envelope(), decoded, message.headers());
            deleted = unwrapped.deleted;
            decoded = unwrapped.row;
        }
        sink.text(message.topic());
        sink.integer(message.partition());
        sink.integer(message.offset());
        sink.timestamp(message.timestamp() * 1000);
        byte[] key = message.key();
        told(sink, key == null ? null : key(key));
        headers(message, sink);
        switch (options.envelope()) {
            case NONE -> {}
            case DEBEZIUM -> {
                told(sink, unwrapped.operation);
                told(sink, unwrapped.source);
                if (unwrapped.changedAt < 0) {
                    sink.nothing();
                } else {
                    sink.timestamp(unwrapped.changedAt * 1000);
                }
            }
            case CLOUDEVENTS -> {
                for (int i = 0; i < Unwrapped.EVENT.size(); i++) {
                    told(sink, value == null ? null : unwrapped.event.get(i).orElse(null));
                }
            }
        }
        if (deletes()) {
            sink.truth(deleted);
        }
        told(sink, decoded);
        sink.endRow();
    }

    private static void told(RowSink sink, byte @Nullable [] text) {
        if (text == null) {
            sink.nothing();
        } else {
            sink.bytes(text);
        }
    }

    private byte[] key(byte[] key) throws Undecodable {
        try {
            return decoded(keys, key);
        } catch (Undecodable e) {
            throw new Undecodable("its key: " + e.reason());
        }
    }

    private byte[] decoded(Optional<Decoder> decoder, byte[] bytes) throws Undecodable {
        if (decoder.isEmpty()) {
            return bytes;
        }
        out.clear();
        decoder.get().decode(bytes, out);
        return out.copy();
    }

    private void headers(ConsumerRecord<byte[], byte[]> message, RowSink sink) {
        Header[] headers = message.headers().toArray();
        if (headers.length == 0) {
            sink.nothing();
            return;
        }
        out.clear();
        out.put('{');
        for (int i = 0; i < headers.length; i++) {
            if (isRepeated(headers, i)) {
                continue;
            }
            if (out.size() > 1) {
                out.put(',');
            }
            out.text(headers[i].key()).put(':');
            byte[] value = headers[i].value();
            if (value == null) {
                out.nothing();
            } else {
                out.text(Bytes.shown(value, Integer.MAX_VALUE));
            }
        }
        out.put('}');
        sink.json(new String(out.copy(), StandardCharsets.UTF_8));
    }

    /** Of headers with the same name, the last counts. */
    private static boolean isRepeated(Header[] headers, int place) {
        for (int i = place + 1; i < headers.length; i++) {
            if (headers[i].key().equals(headers[place].key())) {
                return true;
            }
        }
        return false;
    }
}
