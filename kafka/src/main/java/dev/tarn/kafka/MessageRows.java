package dev.tarn.kafka;

import dev.tarn.kafka.Decoder.Taken;
import dev.tarn.kafka.KafkaOptions.Coding;
import dev.tarn.kafka.KafkaOptions.Envelope;
import dev.tarn.model.graph.ConnectorSpec.Write;
import dev.tarn.model.table.Field;
import dev.tarn.model.table.Schema;
import dev.tarn.model.table.Type;
import dev.tarn.model.table.Type.Primitive;
import dev.tarn.spi.OpenSource.Changes;
import dev.tarn.spi.OpenSource.Refusals;
import dev.tarn.spi.OpenSource.RowPlace;
import dev.tarn.spi.RowSink;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/** One row for each message: what Kafka knows of it, its key, and what its value says. */
final class MessageRows {
    static final String VALUE = "value";
    private static final String KIND = "_op";
    private static final String UNTOLD = "_untold";
    private static final byte[] UPDATE = bytes(Changes.UPDATE);
    private static final byte[] DELETE = bytes(Changes.DELETE);

    static final RowPlace PLACE = new RowPlace(List.of("_topic", "_partition"), "_offset");

    private static final int MOST_SHOWN = 4000;

    private final KafkaOptions options;
    private final boolean states;
    private final Schema columns;
    private final Optional<Decoder> keys;
    private final Optional<Decoder> values;
    private final JsonBytes out = new JsonBytes();
    private final Unwrapped unwrapped = new Unwrapped();

    /** The topic of the last message, which most often is that of the next one. */
    private String topic = "";

    private byte[] topicBytes = {};

    /**
     * @param registry where schemas are asked for; empty when no message names one
     */
    MessageRows(KafkaOptions options, Write write, Optional<SchemaRegistry> registry) {
        this.options = options;
        this.states = write != Write.APPEND;
        this.keys = Decoders.of(options.key(), Envelope.NONE, registry);
        this.values = Decoders.of(options.value(), options.envelope(), registry);
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
                fields.add(Field.of(KIND, Primitive.VARCHAR));
                fields.add(Field.of("_source", Primitive.VARCHAR));
                fields.add(Field.of("_changed_at", Primitive.TIMESTAMPTZ));
            }
            case CLOUDEVENTS -> {
                for (String name : Unwrapped.EVENT) {
                    fields.add(Field.of("_event_" + name, Primitive.VARCHAR));
                }
            }
        }
        if (states) {
            fields.add(Field.of(isDebezium() ? UNTOLD : KIND, Primitive.VARCHAR));
        }
        fields.add(Field.of(VALUE, binary(options.value())));
        this.columns = new Schema(fields);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static Primitive binary(Coding coding) {
        return coding == Coding.BYTES ? Primitive.BINARY : Primitive.VARCHAR;
    }

    /** The columns that are told. */
    Schema columns() {
        return columns;
    }

    /** Whether values are objects whose members become columns. */
    boolean documents() {
        return options.value() != Coding.TEXT && options.value() != Coding.BYTES;
    }

    /** The schemas that values were found to have. */
    List<Schema> members() {
        boolean known =
                options.envelope() == Envelope.NONE
                        || (isDebezium() && options.value() == Coding.AVRO);
        return known ? values.map(Decoder::columns).orElse(List.of()) : List.of();
    }

    /** Members of which one of these schemas does not say what they are. */
    Set<String> untold() {
        return values.map(Decoder::untold).orElse(Set.of());
    }

    private boolean isDebezium() {
        return options.envelope() == Envelope.DEBEZIUM;
    }

    /** How messages change what earlier ones told; empty where all of them are kept. */
    Optional<Changes> changes() {
        if (!states) {
            return Optional.empty();
        }
        List<String> about = new ArrayList<>();
        for (Field field : columns.fields()) {
            if (!field.name().equals("_key") && !field.name().equals(VALUE)) {
                about.add(field.name());
            }
        }
        return Optional.of(
                new Changes(
                        KIND,
                        isDebezium() ? Optional.of(UNTOLD) : Optional.empty(),
                        Optional.of(isDebezium() ? "_changed_at" : "_timestamp"),
                        about));
    }

    /** The columns of the table, as far as they are known before messages are read. */
    Schema tableColumns() {
        return new Schema(
                columns.fields().stream()
                        .filter(f -> !states || !(f.name().equals(KIND) || f.name().equals(UNTOLD)))
                        .toList());
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
                    value == null ? "" : Bytes.shown(value, MOST_SHOWN),
                    beside(message));
        }
    }

    /** What is known of a message that cannot be read. */
    private String beside(ConsumerRecord<byte[], byte[]> message) {
        JsonBytes json = new JsonBytes();
        json.put('{').text("_topic").put(':').text(message.topic());
        json.put(',').text("_partition").put(':').number(message.partition());
        json.put(',').text("_offset").put(':').number(message.offset());
        String time = Instant.ofEpochMilli(message.timestamp()).toString();
        json.put(',').text("_timestamp").put(':').text(time);
        byte[] key = message.key();
        if (key != null && options.key() == Coding.TEXT) {
            json.put(',').text("_key").put(':').text(new String(key, StandardCharsets.UTF_8));
        }
        return new String(json.put('}').copy(), StandardCharsets.UTF_8);
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
        Taken taken = value == null ? null : taken(value);
        byte[] decoded = value == null || taken != null ? null : decoded(values, value);
        boolean deleted = value == null;
        if (decoded != null && options.envelope() != Envelope.NONE) {
            unwrapped.read(options.envelope(), decoded, message.headers());
            deleted = unwrapped.deleted;
            decoded = unwrapped.row;
        }
        sink.bytes(topic(message.topic()));
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
        if (states) {
            told(sink, isDebezium() ? unwrapped.untold : deleted ? DELETE : UPDATE);
        }
        if (value != null && taken != null) {
            sink.object(taken.form(), value, taken.from(), value.length);
        } else {
            told(sink, decoded);
        }
        sink.endRow();
    }

    /** What has taken a value apart; null if its JSON is told. */
    private @Nullable Taken taken(byte[] value) throws Undecodable {
        return options.envelope() == Envelope.NONE && values.isPresent()
                ? values.get().taken(value).orElse(null)
                : null;
    }

    private byte[] topic(String name) {
        if (!name.equals(topic)) {
            topic = name;
            topicBytes = bytes(name);
        }
        return topicBytes;
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
        return decoder.isEmpty() ? bytes : decoder.get().decoded(bytes, out);
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
