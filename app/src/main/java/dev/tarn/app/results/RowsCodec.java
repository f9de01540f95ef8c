package dev.tarn.app.results;

import dev.tarn.model.table.Field;
import dev.tarn.model.table.Schema;
import dev.tarn.model.table.Type;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Columns and values as bytes. A value of a kind that results do not have is not written. */
final class RowsCodec {
    private RowsCodec() {}

    private enum Kind {
        NULL('n'),
        TRUE('t'),
        FALSE('f'),
        INTEGER('i'),
        LONG('l'),
        FLOAT('r'),
        DOUBLE('d'),
        DECIMAL('e'),
        TEXT('s'),
        BYTES('b'),
        DATE('D'),
        TIME('T'),
        DATE_TIME('S'),
        INSTANT('I'),
        UUID('u'),
        LIST('L'),
        MAP('M');

        private final char code;

        Kind(char code) {
            this.code = code;
        }

        static Kind of(int code) throws IOException {
            for (Kind kind : values()) {
                if (kind.code == code) {
                    return kind;
                }
            }
            throw new IOException("a value of kind " + code);
        }
    }

    private static final int PRIMITIVE = 199;
    private static final int DECIMAL = 200;
    private static final int STRUCT = 201;
    private static final int LIST = 202;
    private static final int MAP = 203;

    static void write(Schema schema, DataOutputStream out) throws IOException {
        fields(schema.fields(), out);
    }

    static Schema schema(DataInputStream in) throws IOException {
        return new Schema(fields(in));
    }

    /**
     * @return false when the value is of a kind that cannot be kept; what was written is of no use
     */
    static boolean write(@Nullable Object value, DataOutputStream out) throws IOException {
        switch (value) {
            case null -> kind(Kind.NULL, out);
            case Boolean b -> kind(b ? Kind.TRUE : Kind.FALSE, out);
            case Integer i -> kind(Kind.INTEGER, out).writeInt(i);
            case Long l -> kind(Kind.LONG, out).writeLong(l);
            case Float f -> kind(Kind.FLOAT, out).writeInt(Float.floatToRawIntBits(f));
            case Double d -> kind(Kind.DOUBLE, out).writeLong(Double.doubleToRawLongBits(d));
            case BigDecimal d -> {
                kind(Kind.DECIMAL, out).writeInt(d.scale());
                bytes(d.unscaledValue().toByteArray(), out);
            }
            case String s -> bytes(s.getBytes(StandardCharsets.UTF_8), kind(Kind.TEXT, out));
            case byte[] b -> bytes(b, kind(Kind.BYTES, out));
            case LocalDate d -> kind(Kind.DATE, out).writeLong(d.toEpochDay());
            case LocalTime t -> kind(Kind.TIME, out).writeLong(t.toNanoOfDay());
            case LocalDateTime t -> {
                kind(Kind.DATE_TIME, out).writeLong(t.toLocalDate().toEpochDay());
                out.writeLong(t.toLocalTime().toNanoOfDay());
            }
            case Instant i -> {
                kind(Kind.INSTANT, out).writeLong(i.getEpochSecond());
                out.writeInt(i.getNano());
            }
            case UUID u -> {
                kind(Kind.UUID, out).writeLong(u.getMostSignificantBits());
                out.writeLong(u.getLeastSignificantBits());
            }
            case List<?> list -> {
                kind(Kind.LIST, out).writeInt(list.size());
                for (Object each : list) {
                    if (!write(each, out)) {
                        return false;
                    }
                }
            }
            case Map<?, ?> map -> {
                kind(Kind.MAP, out).writeInt(map.size());
                for (Map.Entry<?, ?> each : map.entrySet()) {
                    if (!write(each.getKey(), out) || !write(each.getValue(), out)) {
                        return false;
                    }
                }
            }
            default -> {
                return false;
            }
        }
        return true;
    }

    static @Nullable Object value(DataInputStream in) throws IOException {
        return switch (Kind.of(in.readUnsignedByte())) {
            case NULL -> null;
            case TRUE -> true;
            case FALSE -> false;
            case INTEGER -> in.readInt();
            case LONG -> in.readLong();
            case FLOAT -> Float.intBitsToFloat(in.readInt());
            case DOUBLE -> Double.longBitsToDouble(in.readLong());
            case DECIMAL -> {
                int scale = in.readInt();
                yield new BigDecimal(new BigInteger(bytes(in)), scale);
            }
            case TEXT -> new String(bytes(in), StandardCharsets.UTF_8);
            case BYTES -> bytes(in);
            case DATE -> LocalDate.ofEpochDay(in.readLong());
            case TIME -> LocalTime.ofNanoOfDay(in.readLong());
            case DATE_TIME -> {
                LocalDate date = LocalDate.ofEpochDay(in.readLong());
                yield date.atTime(LocalTime.ofNanoOfDay(in.readLong()));
            }
            case INSTANT -> {
                long seconds = in.readLong();
                yield Instant.ofEpochSecond(seconds, in.readInt());
            }
            case UUID -> {
                long most = in.readLong();
                yield new UUID(most, in.readLong());
            }
            case LIST -> list(in);
            case MAP -> map(in);
        };
    }

    private static List<@Nullable Object> list(DataInputStream in) throws IOException {
        int size = in.readInt();
        List<@Nullable Object> list = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            list.add(value(in));
        }
        return Collections.unmodifiableList(list);
    }

    private static Map<@Nullable Object, @Nullable Object> map(DataInputStream in)
            throws IOException {
        int size = in.readInt();
        Map<@Nullable Object, @Nullable Object> map = new LinkedHashMap<>();
        for (int i = 0; i < size; i++) {
            Object key = value(in);
            map.put(key, value(in));
        }
        return Collections.unmodifiableMap(map);
    }

    private static DataOutputStream kind(Kind kind, DataOutputStream out) throws IOException {
        out.writeByte(kind.code);
        return out;
    }

    private static void bytes(byte[] bytes, DataOutputStream out) throws IOException {
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    private static byte[] bytes(DataInputStream in) throws IOException {
        int length = in.readInt();
        if (length < 0 || length > in.available()) {
            throw new IOException("a length of " + length);
        }
        byte[] bytes = new byte[length];
        in.readFully(bytes);
        return bytes;
    }

    private static void fields(List<Field> fields, DataOutputStream out) throws IOException {
        out.writeInt(fields.size());
        for (Field field : fields) {
            out.writeInt(field.id());
            text(field.name(), out);
            out.writeBoolean(field.required());
            write(field.initialDefault().orElse(null), out);
            write(field.doc().orElse(null), out);
            type(field.type(), out);
        }
    }

    private static List<Field> fields(DataInputStream in) throws IOException {
        int size = in.readInt();
        List<Field> fields = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            int id = in.readInt();
            String name = text(in);
            boolean required = in.readBoolean();
            Optional<String> initial = Optional.ofNullable((String) value(in));
            Optional<String> doc = Optional.ofNullable((String) value(in));
            fields.add(new Field(id, name, type(in), required, initial, doc));
        }
        return fields;
    }

    private static void type(Type type, DataOutputStream out) throws IOException {
        switch (type) {
            case Type.Primitive p -> {
                out.writeByte(PRIMITIVE);
                text(p.sql(), out);
            }
            case Type.Decimal d -> {
                out.writeByte(DECIMAL);
                out.writeByte(d.precision());
                out.writeByte(d.scale());
            }
            case Type.Struct s -> {
                out.writeByte(STRUCT);
                fields(s.fields(), out);
            }
            case Type.ListOf l -> {
                out.writeByte(LIST);
                fields(List.of(l.element()), out);
            }
            case Type.MapOf m -> {
                out.writeByte(MAP);
                fields(List.of(m.key(), m.value()), out);
            }
        }
    }

    private static Type type(DataInputStream in) throws IOException {
        int tag = in.readUnsignedByte();
        return switch (tag) {
            case DECIMAL -> {
                int precision = in.readUnsignedByte();
                yield new Type.Decimal(precision, in.readUnsignedByte());
            }
            case STRUCT -> new Type.Struct(fields(in));
            case LIST -> new Type.ListOf(fields(in).getFirst());
            case MAP -> {
                List<Field> parts = fields(in);
                yield new Type.MapOf(parts.getFirst(), parts.getLast());
            }
            case PRIMITIVE -> primitive(text(in));
            default -> throw new IOException("a type of kind " + tag);
        };
    }

    private static Type primitive(String sql) throws IOException {
        for (Type.Primitive type : Type.Primitive.values()) {
            if (type.sql().equals(sql)) {
                return type;
            }
        }
        throw new IOException("the type " + sql);
    }

    private static void text(String text, DataOutputStream out) throws IOException {
        bytes(text.getBytes(StandardCharsets.UTF_8), out);
    }

    private static String text(DataInputStream in) throws IOException {
        return new String(bytes(in), StandardCharsets.UTF_8);
    }
}
