package dev.tarn.kafka;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.tarn.kafka.KafkaOptions.Envelope;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/** What was in an envelope; one is used for all messages. */
final class Unwrapped {
    /** The attributes of CloudEvents that become columns. */
    static final List<String> EVENT =
            List.of("id", "source", "type", "subject", "time", "dataschema");

    private static final JsonFactory JSON = new JsonFactory();

    /** What stands for a value that the database did not write to its log again. */
    private static final String UNAVAILABLE = "__debezium_unavailable_value";

    private static final byte[] DATA_NULL = "null".getBytes(StandardCharsets.US_ASCII);

    byte @Nullable [] row;
    boolean deleted;
    byte @Nullable [] operation;
    byte @Nullable [] source;

    /** A JSON list of the members that the change does not tell; null for none. */
    byte @Nullable [] untold;

    long changedAt;
    final List<Optional<byte[]>> event = new ArrayList<>();

    /**
     * Opens an envelope.
     *
     * @param json the message's value
     */
    void read(Envelope envelope, byte[] json, Headers headers) throws Undecodable {
        row = null;
        deleted = false;
        operation = null;
        source = null;
        untold = null;
        changedAt = -1;
        event.clear();
        switch (envelope) {
            case NONE -> row = json;
            case DEBEZIUM -> debezium(json);
            case CLOUDEVENTS -> cloudEvent(json, headers);
        }
    }

    private void debezium(byte[] json) throws Undecodable {
        Map<String, byte[]> members = members(json);
        byte[] payload = members.get("payload");
        if (payload != null && members.containsKey("schema")) {
            if (Arrays.equals(payload, DATA_NULL)) {
                throw new Undecodable("the change has no payload");
            }
            members = members(payload);
        }
        byte[] op = text(members.get("op"));
        if (op == null) {
            throw new Undecodable(
                    "the message is no change of Debezium: it has no 'op'; if the connector unwraps its changes, leave 'envelope' out");
        }
        operation = op;
        deleted = op.length == 1 && op[0] == 'd';
        row = present(members.get(deleted ? "before" : "after"));
        if (row == null && !(op.length == 1 && (op[0] == 't' || op[0] == 'm'))) {
            throw new Undecodable(
                    deleted
                            ? "the change does not say which row was deleted: it has no 'before'"
                            : "the change has no 'after'");
        }
        source = present(members.get("source"));
        untold = row == null ? null : untold(row);
        byte[] time = present(members.get("ts_ms"));
        if (time != null) {
            changedAt = number(time);
        }
    }

    private static long number(byte[] text) throws Undecodable {
        try {
            return Long.parseLong(new String(text, StandardCharsets.US_ASCII));
        } catch (NumberFormatException e) {
            throw new Undecodable("its 'ts_ms' is no whole number");
        }
    }

    private static byte @Nullable [] untold(byte[] row) throws Undecodable {
        if (!new String(row, StandardCharsets.ISO_8859_1).contains(UNAVAILABLE)) {
            return null;
        }
        String value = '"' + UNAVAILABLE + '"';
        JsonBytes names = new JsonBytes();
        names.put('[');
        for (Map.Entry<String, byte[]> member : new TreeMap<>(members(row)).entrySet()) {
            if (value.equals(new String(member.getValue(), StandardCharsets.UTF_8))) {
                if (names.size() > 1) {
                    names.put(',');
                }
                names.text(member.getKey());
            }
        }
        names.put(']');
        return names.size() > 2 ? names.copy() : null;
    }

    private void cloudEvent(byte[] json, Headers headers) throws Undecodable {
        Header binary = headers.lastHeader("ce_specversion");
        if (binary != null) {
            for (String name : EVENT) {
                event.add(Optional.ofNullable(headers.lastHeader("ce_" + name)).map(Header::value));
            }
            row = json;
            return;
        }
        Map<String, byte[]> members = members(json);
        if (!members.containsKey("specversion")) {
            throw new Undecodable(
                    "the message is no CloudEvent: it has neither 'specversion' nor the header 'ce_specversion'");
        }
        for (String name : EVENT) {
            event.add(Optional.ofNullable(text(members.get(name))));
        }
        if (members.containsKey("data_base64")) {
            throw new Undecodable("the event has its data as 'data_base64', not as an object");
        }
        row = present(members.get("data"));
    }

    private static byte @Nullable [] present(byte @Nullable [] json) {
        return json == null || Arrays.equals(json, DATA_NULL) ? null : json;
    }

    /** What stands in the quotes of a JSON text. */
    private static byte @Nullable [] text(byte @Nullable [] json) throws Undecodable {
        if (present(json) == null) {
            return null;
        }
        try (JsonParser parser = JSON.createParser(json)) {
            parser.nextToken();
            return parser.getText().getBytes(StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new Undecodable("the envelope is no JSON");
        }
    }

    /** The members of an object, each as it stands there. */
    private static Map<String, byte[]> members(byte[] json) throws Undecodable {
        try (JsonParser parser = JSON.createParser(json)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new Undecodable("the envelope is no JSON object");
            }
            Map<String, byte[]> members = new HashMap<>();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                parser.nextToken();
                int from = (int) parser.currentTokenLocation().getByteOffset();
                parser.skipChildren();
                parser.finishToken();
                int to = (int) parser.currentLocation().getByteOffset();
                members.put(name, Arrays.copyOfRange(json, from, to));
            }
            return members;
        } catch (IOException e) {
            throw new Undecodable("the envelope is no JSON");
        }
    }
}
