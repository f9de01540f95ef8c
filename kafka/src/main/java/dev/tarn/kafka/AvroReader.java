package dev.tarn.kafka;

import java.io.EOFException;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.time.LocalDate;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.avro.LogicalType;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.util.Utf8;
import org.jspecify.annotations.Nullable;

/**
 * Turns values of one Avro schema into JSON, with a tree of small readers that is made once. A
 * column of the result has the type that {@link AvroColumns} says.
 */
final class AvroReader {
    /** Items of a list that may have no bytes. */
    private static final long MOST_NOTHINGS = 1 << 20;

    private final Part root;
    private @Nullable BinaryDecoder decoder;

    AvroReader(Schema schema) {
        this.root = new Parts().part(schema);
    }

    /**
     * Appends a value.
     *
     * @throws Undecodable if the bytes are no value of the schema
     */
    void read(byte[] message, int from, JsonBytes out) throws Undecodable {
        BinaryDecoder in =
                DecoderFactory.get().binaryDecoder(message, from, message.length - from, decoder);
        decoder = in;
        try {
            root.read(in, out);
            if (!in.isEnd()) {
                throw new Undecodable("there are bytes behind the end of the Avro value");
            }
        } catch (EOFException e) {
            throw new Undecodable("the Avro value ends too early");
        } catch (StackOverflowError e) {
            throw new Undecodable("the Avro value is nested too deeply");
        } catch (IOException | RuntimeException e) {
            throw new Undecodable("the bytes are no value of the Avro schema");
        }
    }

    /** A time of a day by the nanoseconds before it. */
    static void time(long nanos, JsonBytes out) {
        out.put('"').ascii(LocalTime.ofNanoOfDay(nanos).toString()).put('"');
    }

    /** A decimal by its digits, with all that stand behind the point. */
    static void decimal(byte[] digits, int scale, JsonBytes out) {
        out.put('"').ascii(new BigDecimal(new BigInteger(digits), scale).toPlainString()).put('"');
    }

    static void uuid(byte[] bytes, JsonBytes out) {
        ByteBuffer b = ByteBuffer.wrap(bytes);
        out.text(new UUID(b.getLong(), b.getLong()).toString());
    }

    /** Reads one part of a value. */
    private interface Part {
        void read(BinaryDecoder in, JsonBytes out) throws IOException, Undecodable;
    }

    /** Makes readers; named types may contain themselves. */
    private static final class Parts {
        private final Map<String, Later> known = new HashMap<>();

        /** A reader that is known before it is made. */
        private static final class Later implements Part {
            private @Nullable Part made;

            @Override
            public void read(BinaryDecoder in, JsonBytes out) throws IOException, Undecodable {
                Part part = made;
                if (part == null) {
                    throw new IllegalStateException("A type was read before it was known.");
                }
                part.read(in, out);
            }
        }

        Part part(Schema avro) {
            LogicalType logical = avro.getLogicalType();
            if (logical instanceof LogicalTypes.Decimal d) {
                return decimal(avro, d.getScale());
            }
            String name = logical == null ? "" : logical.getName();
            return switch (avro.getType()) {
                case NULL -> (in, out) -> out.nothing();
                case BOOLEAN -> (in, out) -> out.truth(in.readBoolean());
                case INT -> ofInt(name);
                case LONG -> ofLong(name);
                case FLOAT -> (in, out) -> out.number(in.readFloat());
                case DOUBLE -> (in, out) -> out.number(in.readDouble());
                case BYTES ->
                        (in, out) -> {
                            byte[] bytes = bytes(in);
                            Bytes.text(bytes, 0, bytes.length, out);
                        };
                case FIXED -> fixed(avro.getFixedSize(), name.equals("uuid"));
                case STRING -> text();
                case ENUM -> symbols(avro.getEnumSymbols());
                case ARRAY -> list(part(avro.getElementType()));
                case MAP -> map(part(avro.getValueType()));
                case UNION -> union(avro.getTypes().stream().map(this::part).toList());
                case RECORD -> record(avro);
            };
        }

        private static Part ofInt(String logical) {
            return switch (logical) {
                case "date" ->
                        (in, out) ->
                                out.put('"')
                                        .ascii(LocalDate.ofEpochDay(in.readInt()).toString())
                                        .put('"');
                case "time-millis" -> (in, out) -> time(in.readInt() * 1_000_000L, out);
                default -> (in, out) -> out.number(in.readInt());
            };
        }

        private static Part ofLong(String logical) {
            return switch (logical) {
                case "time-micros" -> (in, out) -> time(in.readLong() * 1_000, out);
                case "timestamp-millis" ->
                        (in, out) -> Times.write(in.readLong(), 1_000, true, out);
                case "timestamp-micros" ->
                        (in, out) -> Times.write(in.readLong(), 1_000_000, true, out);
                case "timestamp-nanos" ->
                        (in, out) -> Times.write(in.readLong(), 1_000_000_000, true, out);
                case "local-timestamp-millis" ->
                        (in, out) -> Times.write(in.readLong(), 1_000, false, out);
                case "local-timestamp-micros" ->
                        (in, out) -> Times.write(in.readLong(), 1_000_000, false, out);
                case "local-timestamp-nanos" ->
                        (in, out) -> Times.write(in.readLong(), 1_000_000_000, false, out);
                default -> (in, out) -> out.number(in.readLong());
            };
        }

        private static Part decimal(Schema avro, int scale) {
            int size = avro.getType() == Schema.Type.FIXED ? avro.getFixedSize() : -1;
            return (in, out) -> {
                byte[] digits = size < 0 ? bytes(in) : fixed(in, size);
                AvroReader.decimal(digits, scale, out);
            };
        }

        private static byte[] bytes(BinaryDecoder in) throws IOException {
            byte[] bytes = new byte[length(in)];
            in.readFixed(bytes);
            return bytes;
        }

        /** How long what follows is; the library would make room for whatever is said there. */
        private static int length(BinaryDecoder in) throws IOException {
            long length = in.readLong();
            if (length < 0 || length > in.inputStream().available()) {
                throw new EOFException();
            }
            return (int) length;
        }

        private static void text(BinaryDecoder in, Utf8 buffer) throws IOException {
            buffer.setByteLength(length(in));
            in.readFixed(buffer.getBytes(), 0, buffer.getByteLength());
        }

        /** Items may have no bytes at all, and then nothing else ends a list of too many. */
        private static long items(BinaryDecoder in, long count) throws IOException, Undecodable {
            if (count > Math.max(MOST_NOTHINGS, in.inputStream().available())) {
                throw new Undecodable("the Avro value has a list of more items than bytes");
            }
            return count;
        }

        private static byte[] fixed(BinaryDecoder in, int size) throws IOException {
            byte[] bytes = new byte[size];
            in.readFixed(bytes);
            return bytes;
        }

        private static Part fixed(int size, boolean uuid) {
            return (in, out) -> {
                byte[] bytes = fixed(in, size);
                if (uuid) {
                    uuid(bytes, out);
                } else {
                    Bytes.text(bytes, 0, size, out);
                }
            };
        }

        private static Part text() {
            Utf8 buffer = new Utf8();
            return (in, out) -> {
                text(in, buffer);
                out.text(buffer.getBytes(), 0, buffer.getByteLength());
            };
        }

        private static Part symbols(List<String> symbols) {
            return (in, out) -> {
                int symbol = in.readEnum();
                if (symbol < 0 || symbol >= symbols.size()) {
                    throw new Undecodable("the Avro value has an unknown enum symbol");
                }
                out.text(symbols.get(symbol));
            };
        }

        private static Part list(Part element) {
            return (in, out) -> {
                out.put('[');
                boolean first = true;
                for (long n = items(in, in.readArrayStart());
                        n > 0;
                        n = items(in, in.arrayNext())) {
                    for (long i = 0; i < n; i++) {
                        if (!first) {
                            out.put(',');
                        }
                        first = false;
                        element.read(in, out);
                    }
                }
                out.put(']');
            };
        }

        private static Part map(Part value) {
            Utf8 buffer = new Utf8();
            return (in, out) -> {
                out.put('{');
                boolean first = true;
                for (long n = items(in, in.readMapStart()); n > 0; n = items(in, in.mapNext())) {
                    for (long i = 0; i < n; i++) {
                        if (!first) {
                            out.put(',');
                        }
                        first = false;
                        text(in, buffer);
                        out.text(buffer.getBytes(), 0, buffer.getByteLength()).put(':');
                        value.read(in, out);
                    }
                }
                out.put('}');
            };
        }

        private static Part union(List<Part> branches) {
            return (in, out) -> {
                int branch = in.readIndex();
                if (branch < 0 || branch >= branches.size()) {
                    throw new Undecodable("the Avro value has an unknown branch of a union");
                }
                branches.get(branch).read(in, out);
            };
        }

        private Part record(Schema avro) {
            Later known = this.known.get(avro.getFullName());
            if (known != null) {
                return known;
            }
            Later later = new Later();
            this.known.put(avro.getFullName(), later);
            List<byte[]> names = new ArrayList<>();
            List<Part> parts = new ArrayList<>();
            for (Schema.Field field : avro.getFields()) {
                JsonBytes label = names.isEmpty() ? new JsonBytes() : new JsonBytes().put(',');
                names.add(label.text(AvroNames.column(field)).put(':').copy());
                parts.add(part(field.schema()));
            }
            byte[][] labels = names.toArray(byte[][]::new);
            Part[] readers = parts.toArray(Part[]::new);
            Part made =
                    (in, out) -> {
                        out.put('{');
                        for (int i = 0; i < readers.length; i++) {
                            out.put(labels[i]);
                            readers[i].read(in, out);
                        }
                        out.put('}');
                    };
            later.made = made;
            return made;
        }
    }
}
