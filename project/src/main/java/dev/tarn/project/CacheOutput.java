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
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Writes values as bytes that {@link CacheInput} reads back, or that a key sums up. Parts cannot
 * run into each other.
 */
final class CacheOutput {
    /** Kinds of plain values. */
    static final int NULL = 0;

    static final int TRUE = 1;
    static final int FALSE = 2;
    static final int LONG = 3;
    static final int DOUBLE = 4;
    static final int TEXT = 5;
    static final int LIST = 6;
    static final int MAP = 7;

    /** Kinds of values of YAML files. */
    static final int SCALAR = 0;

    static final int SCALAR_AS_WRITTEN = 1;
    static final int SEQUENCE = 2;
    static final int MAPPING = 3;

    private byte[] bytes = new byte[256];
    private int length;
    private boolean complete = true;
    private String lastFile = "";

    /** False once a value was met that has no form in bytes; what was written is of no use then. */
    boolean complete() {
        return complete;
    }

    byte[] toBytes() {
        return Arrays.copyOf(bytes, length);
    }

    /** The sum of everything written. */
    CacheKey toKey() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(bytes, 0, length);
            return CacheKey.of(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    CacheOutput raw(int value) {
        if (length == bytes.length) {
            bytes = Arrays.copyOf(bytes, length * 2);
        }
        bytes[length++] = (byte) value;
        return this;
    }

    CacheOutput number(long value) {
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            raw((int) (rest & 0x7F) | 0x80);
            rest >>>= 7;
        }
        return raw((int) rest);
    }

    CacheOutput flag(boolean value) {
        return raw(value ? 1 : 0);
    }

    CacheOutput fixed(long value) {
        for (int shift = 56; shift >= 0; shift -= 8) {
            raw((int) (value >>> shift));
        }
        return this;
    }

    CacheOutput key(CacheKey key) {
        return fixed(key.high()).fixed(key.low());
    }

    CacheOutput text(String text) {
        boolean wide = false;
        for (int i = 0; i < text.length() && !wide; i++) {
            wide = text.charAt(i) > 0xFF;
        }
        number(((long) text.length() << 1) | (wide ? 1 : 0));
        if (wide) {
            for (int i = 0; i < text.length(); i++) {
                number(text.charAt(i));
            }
        } else {
            raw(text.getBytes(StandardCharsets.ISO_8859_1), 0, text.length());
        }
        return this;
    }

    CacheOutput raw(byte[] part, int from, int count) {
        if (length + count > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + count));
        }
        System.arraycopy(part, from, bytes, length, count);
        length += count;
        return this;
    }

    CacheOutput text(Optional<String> text) {
        flag(text.isPresent());
        text.ifPresent(this::text);
        return this;
    }

    CacheOutput texts(Collection<String> texts) {
        number(texts.size());
        texts.forEach(this::text);
        return this;
    }

    CacheOutput place(Place place) {
        boolean same = place.file().equals(lastFile);
        flag(same);
        if (!same) {
            text(place.file());
            lastFile = place.file();
        }
        return number(place.line()).number(place.column());
    }

    /** A value of a template or of a YAML file. */
    CacheOutput plain(@Nullable Object value) {
        switch (value) {
            case null -> raw(NULL);
            case Boolean flag -> raw(flag ? TRUE : FALSE);
            case Long number -> raw(LONG).number(number);
            case Double number -> raw(DOUBLE).fixed(Double.doubleToRawLongBits(number));
            case String text -> raw(TEXT).text(text);
            case List<?> list -> {
                raw(LIST).number(list.size());
                list.forEach(this::plain);
            }
            case Map<?, ?> map -> {
                raw(MAP).number(map.size());
                map.forEach((k, v) -> plain(k).plain(v));
            }
            default -> complete = false;
        }
        return this;
    }

    CacheOutput yaml(YamlValue value) {
        switch (value) {
            case Scalar scalar -> {
                boolean asWritten = scalar.text().equals(scalar.plain());
                raw(asWritten ? SCALAR_AS_WRITTEN : SCALAR).place(scalar.place());
                text(scalar.text());
                if (!asWritten) {
                    plain(
                            scalar.plain() instanceof List || scalar.plain() instanceof Map
                                    ? this
                                    : scalar.plain());
                }
            }
            case Sequence list -> {
                raw(SEQUENCE).place(list.place()).number(list.items().size());
                list.items().forEach(this::yaml);
            }
            case Mapping mapping -> {
                raw(MAPPING).place(mapping.place()).number(mapping.entries().size());
                for (Entry e : mapping.entries()) {
                    text(e.key()).plain(e.plainKey()).place(e.keyPlace()).yaml(e.value());
                }
            }
        }
        return this;
    }

    CacheOutput yaml(Map<String, YamlValue> values) {
        number(values.size());
        values.forEach((key, value) -> text(key).yaml(value));
        return this;
    }

    /** Columns with their types; ids, defaults and words about them aside. */
    CacheOutput schema(Schema schema) {
        return fields(schema.fields());
    }

    private CacheOutput fields(List<Field> fields) {
        number(fields.size());
        fields.forEach(this::field);
        return this;
    }

    private void field(Field field) {
        text(field.name()).flag(field.required()).type(field.type());
    }

    private void type(Type type) {
        switch (type) {
            case Type.Primitive primitive -> raw(0).text(primitive.name());
            case Type.Decimal decimal -> raw(1).number(decimal.precision()).number(decimal.scale());
            case Type.Struct struct -> raw(2).fields(struct.fields());
            case Type.ListOf list -> raw(3).field(list.element());
            case Type.MapOf map -> {
                raw(4).field(map.key());
                field(map.value());
            }
        }
    }
}
