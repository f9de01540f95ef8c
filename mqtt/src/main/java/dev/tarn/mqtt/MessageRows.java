package dev.tarn.mqtt;

import dev.tarn.model.table.Field;
import dev.tarn.model.table.Schema;
import dev.tarn.model.table.Type;
import dev.tarn.model.table.Type.Primitive;
import dev.tarn.mqtt.MqttSettings.Form;
import dev.tarn.mqtt.Packet.Message;
import dev.tarn.mqtt.Session.Arrived;
import dev.tarn.spi.OpenSource.Changes;
import dev.tarn.spi.OpenSource.Refusals;
import dev.tarn.spi.OpenSource.RowPlace;
import dev.tarn.spi.RowSink;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** A row for each message, or for each line of one. */
final class MessageRows {
    static final String VALUE = "value";
    static final RowPlace PLACE = new RowPlace(List.of("_topic"), "_number");

    private static final String KIND = "_op";
    private static final String RECEIVED = "_received_at";
    private static final int MOST_SHOWN = 4000;

    private final MqttSettings settings;
    private final List<String> names;
    private final Schema columns;

    MessageRows(MqttSettings settings) {
        this.settings = settings;
        Set<String> names = new LinkedHashSet<>();
        settings.filters().forEach(f -> names.addAll(f.names()));
        this.names = List.copyOf(names);
        List<Field> fields = new ArrayList<>();
        fields.add(Field.of("_topic", Primitive.VARCHAR));
        fields.add(Field.of("_number", Primitive.BIGINT));
        fields.add(Field.of(RECEIVED, Primitive.TIMESTAMPTZ));
        fields.add(Field.of("_qos", Primitive.INTEGER));
        fields.add(Field.of("_retained", Primitive.BOOLEAN));
        fields.add(Field.of("_content_type", Primitive.VARCHAR));
        fields.add(Field.of("_properties", Type.MapOf.of(Primitive.VARCHAR, Primitive.VARCHAR)));
        names.forEach(n -> fields.add(Field.of(n, Primitive.VARCHAR)));
        if (settings.states()) {
            fields.add(Field.of(KIND, Primitive.VARCHAR));
        }
        fields.add(
                Field.of(
                        VALUE,
                        settings.form() == Form.BYTES ? Primitive.BINARY : Primitive.VARCHAR));
        this.columns = new Schema(fields);
    }

    Schema columns() {
        return columns;
    }

    /** The columns of the table, as far as they are known before messages are read. */
    Schema tableColumns() {
        return new Schema(columns.fields().stream().filter(f -> !f.name().equals(KIND)).toList());
    }

    /** Whether values are objects whose members become columns. */
    boolean documents() {
        return settings.form() == Form.JSON || settings.form() == Form.CSV;
    }

    /** How messages change what earlier ones told; empty where all of them are kept. */
    Optional<Changes> changes() {
        if (!settings.states()) {
            return Optional.empty();
        }
        List<String> about =
                columns.fields().stream()
                        .map(Field::name)
                        .filter(n -> !n.equals("_topic") && !n.equals(VALUE) && !names.contains(n))
                        .toList();
        return Optional.of(new Changes(KIND, Optional.empty(), Optional.of(RECEIVED), about));
    }

    /** Tells what a message says, or why it says nothing; returns how many rows that are. */
    long tell(Arrived arrived, long number, RowSink sink, Refusals refusals) {
        Message message = arrived.message();
        if (!message.isWhole()) {
            refuse(
                    arrived,
                    number,
                    "the message has %d bytes, and 'max_message_bytes' allows %d"
                            .formatted(message.length(), settings.mostBytes()),
                    refusals);
            return 1;
        }
        boolean text = settings.form() != Form.BYTES;
        if (text && !Texts.isText(message.payload())) {
            refuse(arrived, number, "the message is not UTF-8", refusals);
            return 1;
        }
        if (settings.form() != Form.CSV || message.payload().length == 0) {
            row(arrived, number, value(message), sink);
            return 1;
        }
        long count = 0;
        for (CsvPayload.Line line : CsvPayload.read(settings, message.payload())) {
            count++;
            if (line.problem().isEmpty()) {
                row(arrived, number, Optional.of(line.object()), sink);
            } else {
                refusals.refuse(
                        message.topic(),
                        number,
                        line.problem(),
                        Texts.shown(message.payload(), MOST_SHOWN),
                        beside(arrived, number));
            }
        }
        return Math.max(1, count);
    }

    /** A message without a payload takes a value away, or says none. */
    private Optional<byte[]> value(Message message) {
        boolean none = message.payload().length == 0 && (documents() || settings.states());
        return none ? Optional.empty() : Optional.of(message.payload());
    }

    private void refuse(Arrived arrived, long number, String reason, Refusals refusals) {
        Message message = arrived.message();
        refusals.refuse(
                message.topic(),
                number,
                reason,
                Texts.shown(message.payload(), MOST_SHOWN),
                beside(arrived, number));
    }

    /** What is known of a message that cannot be read. */
    private String beside(Arrived arrived, long number) {
        StringBuilder json = new StringBuilder("{\"_topic\":");
        json.append(Texts.quoted(arrived.message().topic()));
        json.append(",\"_number\":").append(number);
        json.append(",\"_received_at\":\"").append(arrived.at()).append('"');
        levels(arrived.message().topic())
                .forEach((name, level) ->
                        json.append(',')
                                .append(Texts.quoted(name))
                                .append(':')
                                .append(Texts.quoted(level)));
        return json.append('}').toString();
    }

    private Map<String, String> levels(String topic) {
        return settings.filters().stream()
                .flatMap(f -> f.match(topic).stream())
                .findFirst()
                .orElse(Map.of());
    }

    private void row(Arrived arrived, long number, Optional<byte[]> value, RowSink sink) {
        Message message = arrived.message();
        sink.text(message.topic());
        sink.integer(number);
        sink.timestamp(Duration.between(Instant.EPOCH, arrived.at()).toNanos() / 1000);
        sink.integer(message.quality());
        sink.truth(message.retained());
        if (message.contentType().isEmpty()) {
            sink.nothing();
        } else {
            sink.text(message.contentType());
        }
        if (message.properties().isEmpty()) {
            sink.nothing();
        } else {
            sink.json(
                    message.properties().entrySet().stream()
                            .map(e -> Texts.quoted(e.getKey()) + ":" + Texts.quoted(e.getValue()))
                            .collect(Collectors.joining(",", "{", "}")));
        }
        Map<String, String> levels = names.isEmpty() ? Map.of() : levels(message.topic());
        for (String name : names) {
            String level = levels.get(name);
            if (level == null) {
                sink.nothing();
            } else {
                sink.text(level);
            }
        }
        if (settings.states()) {
            sink.text(value.isPresent() ? Changes.UPDATE : Changes.DELETE);
        }
        if (value.isPresent()) {
            sink.bytes(value.get());
        } else {
            sink.nothing();
        }
        sink.endRow();
    }
}
