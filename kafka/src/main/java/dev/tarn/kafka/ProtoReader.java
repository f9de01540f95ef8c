package dev.tarn.kafka;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads the bytes of one message of protocol buffers and writes it as JSON. */
final class ProtoReader {
    private static final int MOST_DEPTH = 100;
    private static final int VARINT = 0;
    private static final int FIXED64 = 1;
    private static final int BYTES = 2;
    private static final int FIXED32 = 5;

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
    private record Value(int wire, int from, int to, long number) {}

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
            }
        }
        if (isTime(message.name())) {
            time(message, found, out);
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
            if (values == null && field.always() && isMessage(field, message)) {
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
                one(field.type(), message, values.getLast(), out, depth);
            }
        }
        out.put('}');
    }

    private static int place(ProtoMessage message, int number) {
        for (int i = 0; i < message.fields().size(); i++) {
            if (message.fields().get(i).number() == number) {
                return i;
            }
        }
        return -1;
    }

    private boolean isMessage(ProtoMessage.Field field, ProtoMessage within) {
        return isTime(field.type()) || file.message(field.type(), within.name()) != null;
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
        String keyType = field.key().orElseThrow();
        out.put('{');
        for (int i = 0; i < entries.size(); i++) {
            comma(i == 0, out);
            ProtoReader entry =
                    new ProtoReader(bytes, entries.get(i).from(), entries.get(i).to(), file);
            Value key = null;
            Value value = null;
            while (entry.at < entry.end) {
                int tag = (int) entry.varint();
                Value read = entry.value(tag & 7);
                key = tag >>> 3 == 1 ? read : key;
                value = tag >>> 3 == 2 ? read : value;
            }
            boolean text = keyType.equals("string");
            if (!text) {
                out.put('"');
            }
            if (key == null) {
                zero(
                        new ProtoMessage.Field("key", 1, keyType, Optional.empty(), false, true),
                        within,
                        out);
            } else {
                one(keyType, within, key, out, depth);
            }
            if (!text) {
                out.put('"');
            }
            out.put(':');
            if (value == null) {
                zero(field, within, out);
            } else {
                one(field.type(), within, value, out, depth);
            }
        }
        out.put('}');
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
            message = wellKnown(type);
        }
        if (message == null) {
            throw new Undecodable(
                    "its schema names the type '" + type + "', which it does not have");
        }
        if (message.fields().size() == 1 && isWrapper(message.name())) {
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
                } else if (isMessage(field, within)) {
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

    private static boolean isTime(String name) {
        return name.equals("google.protobuf.Timestamp")
                || name.equals(".google.protobuf.Timestamp");
    }

    private static boolean isWrapper(String name) {
        return name.startsWith("google.protobuf.") && name.endsWith("Value");
    }

    /** Messages that come with protocol buffers, which registries need not have. */
    private static @Nullable ProtoMessage wellKnown(String type) {
        String name = type.startsWith(".") ? type.substring(1) : type;
        if (!name.startsWith("google.protobuf.")) {
            return null;
        }
        return switch (name.substring("google.protobuf.".length())) {
            case "Timestamp", "Duration" ->
                    new ProtoMessage(
                            name,
                            List.of(scalar("seconds", 1, "int64"), scalar("nanos", 2, "int32")),
                            List.of());
            case "StringValue" -> wrapper(name, "string");
            case "BytesValue" -> wrapper(name, "bytes");
            case "BoolValue" -> wrapper(name, "bool");
            case "Int32Value" -> wrapper(name, "int32");
            case "UInt32Value" -> wrapper(name, "uint32");
            case "Int64Value" -> wrapper(name, "int64");
            case "UInt64Value" -> wrapper(name, "uint64");
            case "FloatValue" -> wrapper(name, "float");
            case "DoubleValue" -> wrapper(name, "double");
            case "Empty" -> new ProtoMessage(name, List.of(), List.of());
            default -> null;
        };
    }

    private static ProtoMessage wrapper(String name, String type) {
        return new ProtoMessage(name, List.of(scalar("value", 1, type)), List.of());
    }

    private static ProtoMessage.Field scalar(String name, int number, String type) {
        return new ProtoMessage.Field(name, number, type, Optional.empty(), false, true);
    }

    private void time(ProtoMessage message, List<@Nullable List<Value>> found, JsonBytes out) {
        long seconds = 0;
        long nanos = 0;
        for (int i = 0; i < found.size(); i++) {
            List<Value> values = found.get(i);
            if (values != null) {
                long number = values.getLast().number();
                if (message.fields().get(i).number() == 1) {
                    seconds = number;
                } else {
                    nanos = (int) number;
                }
            }
        }
        Times.write(
                Math.addExact(Math.multiplyExact(seconds, 1_000_000L), nanos / 1000),
                1_000_000,
                true,
                out);
    }
}
