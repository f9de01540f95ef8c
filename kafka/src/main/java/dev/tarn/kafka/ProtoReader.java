package dev.tarn.kafka;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads the bytes of one message of protocol buffers and writes it as JSON. */
final class ProtoReader {
    private static final int MOST_DEPTH = 100;
    private static final int VARINT = 0;
    private static final int FIXED64 = 1;
    static final int BYTES = 2;
    private static final int FIXED32 = 5;
    private static final Value NONE = new Value(-1, 0, 0, 0);

    private final byte[] bytes;
    private final int end;
    private final ProtoFile file;
    private int at;

    ProtoReader(byte[] bytes, int from, int end, ProtoFile file) {
        this.bytes = bytes;
        this.at = from;
        this.end = end;
        this.file = file;
    }

    /** A small whole number as the head of a registered message has it. */
    int zigzag() throws Undecodable {
        long value = varint();
        return (int) ((value >>> 1) ^ -(value & 1));
    }

    /** Reads a message to its end. */
    void message(ProtoMessage message, JsonBytes out) throws Undecodable {
        message(message, out, 0);
    }

    /** Where the values of a field stand. */
    record Value(int wire, int from, int to, long number) {}

    private void message(ProtoMessage message, JsonBytes out, int depth) throws Undecodable {
        if (depth > MOST_DEPTH) {
            throw new Undecodable("the message is nested too deeply");
        }
        List<@Nullable List<Value>> found = new ArrayList<>();
        for (int i = 0; i < message.fields().size(); i++) {
            found.add(null);
        }
        while (at < end) {
            long tag = varint();
            int number = (int) (tag >>> 3);
            Value value = value((int) tag & 7);
            int place = place(message, number);
            if (place >= 0) {
                List<Value> values = found.get(place);
                if (values == null) {
                    values = new ArrayList<>(1);
                    found.set(place, values);
                }
                values.add(value);
                if (message.fields().get(place).choice() > 0) {
                    forgetOthers(message, place, found);
                }
            }
        }
        if (special(message, found, out, depth)) {
            return;
        }
        out.put('{');
        boolean first = true;
        for (int i = 0; i < found.size(); i++) {
            ProtoMessage.Field field = message.fields().get(i);
            List<Value> values = found.get(i);
            boolean map = field.key().isPresent();
            if (values == null && !field.always() && !field.repeated() && !map) {
                continue;
            }
            if (values == null && field.always() && !map && isMessage(field.type(), message)) {
                continue;
            }
            if (!first) {
                out.put(',');
            }
            first = false;
            out.text(field.name()).put(':');
            if (map) {
                map(field, message, values == null ? List.of() : values, out, depth);
            } else if (field.repeated()) {
                list(field, message, values == null ? List.of() : values, out, depth);
            } else if (values == null) {
                zero(field, message, out);
            } else {
                last(field.type(), message, values, out, depth);
            }
        }
        out.put('}');
    }

    /** The value of a field that was sent several times: of messages all parts together. */
    private void last(
            String type, ProtoMessage within, List<Value> values, JsonBytes out, int depth)
            throws Undecodable {
        if (values.size() == 1 || !isMessage(type, within)) {
            one(type, within, values.getLast(), out, depth);
            return;
        }
        ByteArrayOutputStream parts = new ByteArrayOutputStream();
        for (Value value : values) {
            if (value.wire() != BYTES) {
                throw new Undecodable("the message has a field that is no " + type);
            }
            parts.write(bytes, value.from(), value.to() - value.from());
        }
        byte[] whole = parts.toByteArray();
        new ProtoReader(whole, 0, whole.length, file)
                .one(type, within, new Value(BYTES, 0, whole.length, 0), out, depth);
    }

    /** Of the members of a {@code oneof} the last one counts. */
    private static void forgetOthers(
            ProtoMessage message, int place, List<@Nullable List<Value>> found) {
        int choice = message.fields().get(place).choice();
        for (int i = 0; i < found.size(); i++) {
            if (i != place && message.fields().get(i).choice() == choice) {
                found.set(i, null);
            }
        }
    }

    static int place(ProtoMessage message, int number) {
        for (int i = 0; i < message.fields().size(); i++) {
            if (message.fields().get(i).number() == number) {
                return i;
            }
        }
        return -1;
    }

    private boolean isMessage(String type, ProtoMessage within) {
        return file.message(type, within.name()) != null || ProtoKnown.message(type) != null;
    }

    private Value value(int wire) throws Undecodable {
        return switch (wire) {
            case VARINT -> new Value(wire, 0, 0, varint());
            case FIXED64 -> fixed(wire, 8);
            case FIXED32 -> fixed(wire, 4);
            case BYTES -> {
                long length = varint();
                if (length < 0 || length > end - at) {
                    throw new Undecodable("the message ends too early");
                }
                int from = at;
                at += (int) length;
                yield new Value(wire, from, at, 0);
            }
            default -> throw new Undecodable("the bytes are no message of protocol buffers");
        };
    }

    private Value fixed(int wire, int length) throws Undecodable {
        require(length);
        long number = little(at, length);
        at += length;
        return new Value(wire, at - length, at, number);
    }

    private long little(int from, int length) {
        long number = 0;
        for (int i = length - 1; i >= 0; i--) {
            number = (number << 8) | (bytes[from + i] & 0xff);
        }
        return number;
    }

    private void require(int length) throws Undecodable {
        if (end - at < length) {
            throw new Undecodable("the message ends too early");
        }
    }

    private long varint() throws Undecodable {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            require(1);
            byte b = bytes[at++];
            value |= (long) (b & 0x7f) << shift;
            if (b >= 0) {
                return value;
            }
        }
        throw new Undecodable("the bytes are no message of protocol buffers");
    }

    private void list(
            ProtoMessage.Field field,
            ProtoMessage within,
            List<Value> values,
            JsonBytes out,
            int depth)
            throws Undecodable {
        out.put('[');
        boolean first = true;
        int wire = wire(field.type(), within);
        for (Value value : values) {
            if (value.wire() == BYTES && wire != BYTES) {
                ProtoReader packed = new ProtoReader(bytes, value.from(), value.to(), file);
                while (packed.at < packed.end) {
                    comma(first, out);
                    first = false;
                    packed.one(field.type(), within, packed.value(wire), out, depth);
                }
            } else {
                comma(first, out);
                first = false;
                one(field.type(), within, value, out, depth);
            }
        }
        out.put(']');
    }

    private static void comma(boolean first, JsonBytes out) {
        if (!first) {
            out.put(',');
        }
    }

    private void map(
            ProtoMessage.Field field,
            ProtoMessage within,
            List<Value> entries,
            JsonBytes out,
            int depth)
            throws Undecodable {
        Map<String, Value> last = new LinkedHashMap<>();
        for (Value entry : entries) {
            if (entry.wire() != BYTES) {
                throw new Undecodable("the message has a map that is none");
            }
            ProtoReader in = new ProtoReader(bytes, entry.from(), entry.to(), file);
            JsonBytes name = new JsonBytes();
            Value key = null;
            Value value = null;
            while (in.at < in.end) {
                int tag = (int) in.varint();
                Value read = in.value(tag & 7);
                key = tag >>> 3 == 1 ? read : key;
                value = tag >>> 3 == 2 ? read : value;
            }
            key(field.key().orElseThrow(), within, key, name);
            last.put(name.toString(), value == null ? NONE : value);
        }
        out.put('{');
        boolean first = true;
        for (Map.Entry<String, Value> entry : last.entrySet()) {
            comma(first, out);
            first = false;
            byte[] name = entry.getKey().getBytes(StandardCharsets.UTF_8);
            out.put(name, 0, name.length).put(':');
            if (!entry.getValue().equals(NONE)) {
                one(field.type(), within, entry.getValue(), out, depth);
            } else if (isMessage(field.type(), within)) {
                new ProtoReader(bytes, 0, 0, file)
                        .one(field.type(), within, new Value(BYTES, 0, 0, 0), out, depth);
            } else {
                zero(field, within, out);
            }
        }
        out.put('}');
    }

    /** A key as the name of a member, in quotes. */
    private void key(String type, ProtoMessage within, @Nullable Value key, JsonBytes out)
            throws Undecodable {
        boolean text = type.equals("string");
        if (!text) {
            out.put('"');
        }
        if (key == null) {
            zero(
                    new ProtoMessage.Field("key", 1, type, Optional.empty(), false, true, 0),
                    within,
                    out);
        } else {
            one(type, within, key, out, 0);
        }
        if (!text) {
            out.put('"');
        }
    }

    private int wire(String type, ProtoMessage within) {
        return switch (type) {
            case "double", "fixed64", "sfixed64" -> FIXED64;
            case "float", "fixed32", "sfixed32" -> FIXED32;
            case "string", "bytes" -> BYTES;
            case "int32", "int64", "uint32", "uint64", "sint32", "sint64", "bool" -> VARINT;
            default -> file.symbols(type, within.name()) != null ? VARINT : BYTES;
        };
    }

    private void one(String type, ProtoMessage within, Value value, JsonBytes out, int depth)
            throws Undecodable {
        if (value.wire() != wire(type, within)) {
            throw new Undecodable("the message has a field that is no " + type);
        }
        long number = value.number();
        switch (type) {
            case "double" -> out.number(Double.longBitsToDouble(number));
            case "float" -> out.number(Float.intBitsToFloat((int) number));
            case "int32", "sfixed32" -> {
                int small = (int) number;
                out.number(small);
            }
            case "int64", "sfixed64" -> out.number(number);
            case "uint32", "fixed32" -> out.number(number & 0xffff_ffffL);
            case "uint64", "fixed64" -> out.ascii(Long.toUnsignedString(number));
            case "sint32", "sint64" -> out.number((number >>> 1) ^ -(number & 1));
            case "bool" -> out.truth(number != 0);
            case "string" -> {
                byte[] text = Arrays.copyOfRange(bytes, value.from(), value.to());
                if (!Bytes.isUtf8(text)) {
                    throw new Undecodable("the message has a string that is not UTF-8");
                }
                out.text(text, 0, text.length);
            }
            case "bytes" -> Bytes.text(bytes, value.from(), value.to() - value.from(), out);
            default -> named(type, within, value, out, depth);
        }
    }

    private void named(String type, ProtoMessage within, Value value, JsonBytes out, int depth)
            throws Undecodable {
        List<String> symbols = file.symbols(type, within.name());
        if (symbols != null) {
            symbol(symbols, (int) value.number(), out);
            return;
        }
        ProtoReader part = new ProtoReader(bytes, value.from(), value.to(), file);
        ProtoMessage message = file.message(type, within.name());
        if (message == null) {
            message = ProtoKnown.message(type);
        }
        if (message == null) {
            throw new Undecodable(
                    "its schema names the type '" + type + "', which it does not have");
        }
        if (isWrapper(message)) {
            part.wrapped(message, out, depth);
        } else {
            part.message(message, out, depth + 1);
        }
    }

    private static void symbol(List<String> symbols, int number, JsonBytes out) {
        String head = number + "=";
        for (String symbol : symbols) {
            if (symbol.startsWith(head)) {
                out.text(symbol.substring(head.length()));
                return;
            }
        }
        out.text(String.valueOf(number));
    }

    private void zero(ProtoMessage.Field field, ProtoMessage within, JsonBytes out) {
        switch (field.type()) {
            case "string", "bytes" -> out.text("");
            case "bool" -> out.truth(false);
            case "double", "float" -> out.number(0.0);
            default -> {
                List<String> symbols = file.symbols(field.type(), within.name());
                if (symbols != null) {
                    symbol(symbols, 0, out);
                } else if (isMessage(field.type(), within)) {
                    out.nothing();
                } else {
                    out.number(0);
                }
            }
        }
    }

    /** The value in a message that only says whether there is one. */
    private void wrapped(ProtoMessage message, JsonBytes out, int depth) throws Undecodable {
        ProtoMessage.Field field = message.fields().getFirst();
        Value last = null;
        while (at < end) {
            int tag = (int) varint();
            Value value = value(tag & 7);
            last = tag >>> 3 == field.number() ? value : last;
        }
        if (last == null) {
            zero(field, message, out);
        } else {
            one(field.type(), message, last, out, depth);
        }
    }

    private static boolean isWrapper(ProtoMessage message) {
        return message.name().startsWith("google.protobuf.")
                && message.name().endsWith("Value")
                && message.fields().size() == 1
                && message.fields().getFirst().name().equals("value");
    }

    /**
     * Writes a message whose JSON is no object of its fields.
     *
     * @return false if it is none of these
     */
    private boolean special(
            ProtoMessage message, List<@Nullable List<Value>> found, JsonBytes out, int depth)
            throws Undecodable {
        switch (message.name()) {
            case "google.protobuf.Timestamp" -> ProtoScalars.time(message, found, out);
            case "google.protobuf.Struct" ->
                    map(message.fields().getFirst(), message, all(found, 0), out, depth);
            case "google.protobuf.ListValue" ->
                    list(message.fields().getFirst(), message, all(found, 0), out, depth);
            case "google.protobuf.Value" -> any(message, found, out, depth);
            case "google.type.Date" -> ProtoScalars.date(message, found, out);
            case "confluent.type.Decimal" -> ProtoScalars.decimal(message, found, bytes, out);
            default -> {
                return false;
            }
        }
        return true;
    }

    private static List<Value> all(List<@Nullable List<Value>> found, int place) {
        List<Value> values = found.get(place);
        return values == null ? List.of() : values;
    }

    /** Whichever value is there. */
    private void any(
            ProtoMessage message, List<@Nullable List<Value>> found, JsonBytes out, int depth)
            throws Undecodable {
        for (int i = 0; i < found.size(); i++) {
            ProtoMessage.Field field = message.fields().get(i);
            List<Value> values = found.get(i);
            if (values != null && !field.name().equals("null_value")) {
                one(field.type(), message, values.getLast(), out, depth);
                return;
            }
        }
        out.nothing();
    }
}
