package dev.tarn.project;

import dev.tarn.model.Place;
import dev.tarn.model.table.Field;
import dev.tarn.model.table.Schema;
import dev.tarn.model.table.Type;
import dev.tarn.project.YamlValue.Entry;
import dev.tarn.project.YamlValue.Mapping;
import dev.tarn.project.YamlValue.Scalar;
import dev.tarn.project.YamlValue.Sequence;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads what {@link CacheOutput} wrote. Bytes of another origin end in a {@link Broken}. */
final class CacheInput {
    private final byte[] bytes;
    private int at;
    private final int end;
    private String lastFile = "";

    /** The bytes are not what they should be. */
    static final class Broken extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Broken(String message) {
            super(message);
        }
    }

    CacheInput(byte[] bytes, int from, int length) {
        this.bytes = bytes;
        this.at = from;
        this.end = from + length;
    }

    int position() {
        return at;
    }

    CacheInput skip(int count) {
        need(count);
        at += count;
        return this;
    }

    private void need(long count) {
        if (count < 0 || count > end - at) {
            throw new Broken("It ends too early");
        }
    }

    int raw() {
        need(1);
        return bytes[at++] & 0xFF;
    }

    long number() {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            int part = raw();
            value |= (long) (part & 0x7F) << shift;
            if ((part & 0x80) == 0) {
                return value;
            }
        }
        throw new Broken("A number does not end");
    }

    /** A number of things of which each takes a byte at least. */
    int count() {
        long count = number();
        need(count);
        return (int) count;
    }

    boolean flag() {
        return raw() == 1;
    }

    long fixed() {
        long value = 0;
        for (int i = 0; i < 8; i++) {
            value = value << 8 | raw();
        }
        return value;
    }

    CacheKey key() {
        long high = fixed();
        return new CacheKey(high, fixed());
    }

    String text() {
        long head = number();
        long length = head >>> 1;
        need(length);
        if ((head & 1) == 0) {
            String text = new String(bytes, at, (int) length, StandardCharsets.ISO_8859_1);
            at += (int) length;
            return text;
        }
        StringBuilder text = new StringBuilder((int) length);
        for (long i = 0; i < length; i++) {
            text.append((char) number());
        }
        return text.toString();
    }

    Optional<String> optionalText() {
        return flag() ? Optional.of(text()) : Optional.empty();
    }

    List<String> texts() {
        int size = count();
        List<String> texts = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            texts.add(text());
        }
        return texts;
    }

    Place place() {
        if (!flag()) {
            lastFile = text();
        }
        int line = (int) number();
        return new Place(lastFile, line, (int) number());
    }

    @Nullable Object plain() {
        return switch (raw()) {
            case CacheOutput.NULL -> null;
            case CacheOutput.TRUE -> true;
            case CacheOutput.FALSE -> false;
            case CacheOutput.LONG -> number();
            case CacheOutput.DOUBLE -> Double.longBitsToDouble(fixed());
            case CacheOutput.TEXT -> text();
            case CacheOutput.LIST -> {
                int size = count();
                List<@Nullable Object> list = new ArrayList<>(size);
                for (int i = 0; i < size; i++) {
                    list.add(plain());
                }
                yield list;
            }
            case CacheOutput.MAP -> {
                int size = count();
                Map<Object, @Nullable Object> map = new LinkedHashMap<>();
                for (int i = 0; i < size; i++) {
                    Object key = plain();
                    map.put(key == null ? "" : key, plain());
                }
                yield map;
            }
            default -> throw new Broken("There is no such kind of value");
        };
    }

    YamlValue yaml() {
        int kind = raw();
        Place place = place();
        return switch (kind) {
            case CacheOutput.SCALAR_AS_WRITTEN -> {
                String text = text();
                yield new Scalar(place, text, text);
            }
            case CacheOutput.SCALAR -> {
                String text = text();
                yield new Scalar(place, plain(), text);
            }
            case CacheOutput.SEQUENCE -> {
                int size = count();
                List<YamlValue> items = new ArrayList<>(size);
                for (int i = 0; i < size; i++) {
                    items.add(yaml());
                }
                yield new Sequence(place, items);
            }
            case CacheOutput.MAPPING -> {
                int size = count();
                List<Entry> entries = new ArrayList<>(size);
                for (int i = 0; i < size; i++) {
                    String key = text();
                    Object plainKey = plain();
                    Place keyPlace = place();
                    entries.add(
                            new Entry(key, plainKey == null ? key : plainKey, keyPlace, yaml()));
                }
                yield new Mapping(place, entries);
            }
            default -> throw new Broken("There is no such kind of YAML");
        };
    }

    Map<String, YamlValue> yamlMap() {
        int size = count();
        Map<String, YamlValue> values = new LinkedHashMap<>();
        for (int i = 0; i < size; i++) {
            String key = text();
            values.put(key, yaml());
        }
        return values;
    }

    Schema schema() {
        return new Schema(fields());
    }

    private List<Field> fields() {
        int size = count();
        List<Field> fields = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            fields.add(field());
        }
        return fields;
    }

    private Field field() {
        String name = text();
        boolean required = flag();
        Field field = Field.of(name, type());
        return required ? field.asRequired() : field;
    }

    private Type type() {
        return switch (raw()) {
            case 0 -> primitive(text());
            case 1 -> {
                int precision = (int) number();
                yield new Type.Decimal(precision, (int) number());
            }
            case 2 -> new Type.Struct(fields());
            case 3 -> new Type.ListOf(field());
            case 4 -> {
                Field key = field();
                yield new Type.MapOf(key, field());
            }
            default -> throw new Broken("There is no such kind of type");
        };
    }

    private static Type primitive(String name) {
        try {
            return Type.Primitive.valueOf(name);
        } catch (IllegalArgumentException e) {
            throw new Broken("There is no type " + name);
        }
    }
}
