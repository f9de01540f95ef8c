package dev.tarn.jdbc;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the binary log says of a table before its rows: names, types, signs, character sets, the
 * words of enumerations. So nothing has to be known from elsewhere, however old the rows are.
 *
 * @param names empty where the server does not tell them
 */
record BinlogTable(MysqlTable of, List<Column> columns, List<String> names) {
    static final int FLOAT = 4;
    static final int DOUBLE = 5;
    static final int YEAR = 13;
    static final int VARCHAR = 15;
    static final int BIT = 16;
    static final int TIMESTAMP2 = 17;
    static final int DATETIME2 = 18;
    static final int TIME2 = 19;
    static final int JSON = 245;
    static final int DECIMAL = 246;
    static final int ENUM = 247;
    static final int SET = 248;
    static final int BLOB = 252;
    static final int VAR_STRING = 253;
    static final int STRING = 254;
    static final int GEOMETRY = 255;

    /** The character set of bytes that are no text. */
    static final int BINARY = 63;

    /**
     * A column.
     *
     * @param type as the log numbers it; enumerations and sets by their own numbers
     * @param meta the length, digits or precision
     * @param collation of its text
     * @param words of an enumeration or a set, as they are stored
     */
    record Column(
            int type,
            int meta,
            boolean isUnsigned,
            boolean isKey,
            int collation,
            List<byte[]> words) {
        boolean isBinary() {
            return collation == BINARY;
        }
    }

    /** What comes behind the types, by kind. */
    private record Further(Map<Integer, ByteBuffer> parts) {
        static Further of(ByteBuffer in) {
            Map<Integer, ByteBuffer> parts = new HashMap<>();
            while (in.hasRemaining()) {
                int kind = in.get() & 0xFF;
                int length = (int) packed(in);
                parts.put(kind, in.slice(in.position(), length));
                in.position(in.position() + length);
            }
            return new Further(parts);
        }

        ByteBuffer part(int kind) {
            return parts.getOrDefault(kind, ByteBuffer.allocate(0))
                    .duplicate()
                    .order(ByteOrder.LITTLE_ENDIAN);
        }

        /** Whether a bit is set, the first one being the highest. */
        boolean bit(int kind, int index) {
            ByteBuffer bits = part(kind);
            return index / 8 < bits.limit() && (bits.get(index / 8) >> (7 - index % 8) & 1) != 0;
        }

        /** The collations of columns with texts, in their order. */
        List<Integer> collations(int standard, int each, int count) {
            List<Integer> all = new ArrayList<>();
            ByteBuffer list = part(each);
            while (list.hasRemaining()) {
                all.add((int) packed(list));
            }
            if (!all.isEmpty()) {
                return all;
            }
            ByteBuffer others = part(standard);
            int usual = others.hasRemaining() ? (int) packed(others) : BINARY;
            for (int i = 0; i < count; i++) {
                all.add(usual);
            }
            while (others.hasRemaining()) {
                int index = (int) packed(others);
                all.set(index, (int) packed(others));
            }
            return all;
        }

        List<List<byte[]>> words(int kind) {
            List<List<byte[]>> all = new ArrayList<>();
            ByteBuffer in = part(kind);
            while (in.hasRemaining()) {
                long count = packed(in);
                List<byte[]> words = new ArrayList<>();
                for (long i = 0; i < count; i++) {
                    words.add(text(in));
                }
                all.add(words);
            }
            return all;
        }

        List<String> names() {
            List<String> names = new ArrayList<>();
            ByteBuffer in = part(4);
            while (in.hasRemaining()) {
                names.add(new String(text(in), StandardCharsets.UTF_8));
            }
            return names;
        }

        List<Integer> key() {
            List<Integer> key = new ArrayList<>();
            ByteBuffer plain = part(8);
            while (plain.hasRemaining()) {
                key.add((int) packed(plain));
            }
            ByteBuffer cut = part(9);
            while (cut.hasRemaining()) {
                key.add((int) packed(cut));
                packed(cut);
            }
            return key;
        }
    }

    /**
     * @param in behind the number of the table and its flags
     * @param isMariadb it counts geometries among the texts
     */
    static BinlogTable of(ByteBuffer in, boolean isMariadb) {
        String schema = new String(bytes(in, in.get() & 0xFF), StandardCharsets.UTF_8);
        in.get();
        String table = new String(bytes(in, in.get() & 0xFF), StandardCharsets.UTF_8);
        in.get();
        int count = (int) packed(in);
        byte[] types = bytes(in, count);
        packed(in);
        int[] metas = new int[count];
        int[] kinds = new int[count];
        for (int i = 0; i < count; i++) {
            kinds[i] = types[i] & 0xFF;
            metas[i] = meta(in, kinds[i]);
            if (kinds[i] == STRING) {
                int first = metas[i] & 0xFF;
                int second = metas[i] >> 8;
                boolean isLong = (first & 0x30) != 0x30;
                kinds[i] = isLong ? first | 0x30 : first;
                metas[i] = isLong ? second | ((first & 0x30) ^ 0x30) << 4 : second;
            }
        }
        bytes(in, (count + 7) / 8);
        return of(new MysqlTable(schema, table), kinds, metas, Further.of(in), isMariadb);
    }

    private static BinlogTable of(
            MysqlTable of, int[] kinds, int[] metas, Further further, boolean isMariadb) {
        int texts = 0;
        int chosen = 0;
        for (int kind : kinds) {
            texts += isText(kind, isMariadb) ? 1 : 0;
            chosen += isChosen(kind) ? 1 : 0;
        }
        List<Integer> ofTexts = further.collations(2, 3, texts);
        List<Integer> ofChosen = further.collations(10, 11, chosen);
        List<List<byte[]>> enums = further.words(6);
        List<List<byte[]>> sets = further.words(5);
        List<Integer> key = further.key();
        List<Column> columns = new ArrayList<>();
        int text = 0;
        int choice = 0;
        int number = 0;
        int enumeration = 0;
        int set = 0;
        for (int i = 0; i < kinds.length; i++) {
            int kind = kinds[i];
            int collation = BINARY;
            if (isText(kind, isMariadb)) {
                collation = ofTexts.get(text++);
            } else if (isChosen(kind)) {
                collation = ofChosen.get(choice++);
            }
            List<byte[]> words = List.of();
            if (kind == ENUM && enumeration < enums.size()) {
                words = enums.get(enumeration++);
            } else if (kind == SET && set < sets.size()) {
                words = sets.get(set++);
            }
            boolean isUnsigned = isNumber(kind) && further.bit(1, number++);
            columns.add(new Column(kind, metas[i], isUnsigned, key.contains(i), collation, words));
        }
        return new BinlogTable(of, List.copyOf(columns), further.names());
    }

    private static int meta(ByteBuffer in, int kind) {
        return switch (kind) {
            case FLOAT, DOUBLE, BLOB, GEOMETRY, JSON, TIMESTAMP2, DATETIME2, TIME2, 140, 242 ->
                    in.get() & 0xFF;
            case VARCHAR, BIT, DECIMAL, STRING, VAR_STRING, ENUM, SET, 141 ->
                    in.getShort() & 0xFFFF;
            default -> 0;
        };
    }

    private static boolean isText(int kind, boolean isMariadb) {
        return kind == VARCHAR
                || kind == VAR_STRING
                || kind == STRING
                || kind == BLOB
                || (isMariadb && kind == GEOMETRY);
    }

    private static boolean isChosen(int kind) {
        return kind == ENUM || kind == SET;
    }

    private static boolean isNumber(int kind) {
        return switch (kind) {
            case 1, 2, 3, FLOAT, DOUBLE, 8, 9, DECIMAL -> true;
            default -> kind == YEAR;
        };
    }

    static byte[] bytes(ByteBuffer in, int length) {
        byte[] bytes = new byte[length];
        in.get(bytes);
        return bytes;
    }

    private static byte[] text(ByteBuffer in) {
        return bytes(in, (int) packed(in));
    }

    /** A number that takes as many bytes as it needs. */
    static long packed(ByteBuffer in) {
        int first = in.get() & 0xFF;
        return switch (first) {
            case 252 -> in.getShort() & 0xFFFF;
            case 253 -> (in.get() & 0xFF) | (in.getShort() & 0xFFFF) << 8;
            case 254 -> in.getLong();
            default -> first;
        };
    }

    /**
     * The type of a column in the words of a table's definition; null for one that is not known.
     */
    static @Nullable String declared(Column column) {
        String sign = column.isUnsigned() ? " unsigned" : "";
        int meta = column.meta();
        return switch (column.type()) {
            case 1 -> "tinyint" + sign;
            case 2 -> "smallint" + sign;
            case 3 -> "int" + sign;
            case FLOAT -> "float" + sign;
            case DOUBLE -> "double" + sign;
            case 7, TIMESTAMP2 -> "timestamp(" + meta + ")";
            case 8 -> "bigint" + sign;
            case 9 -> "mediumint" + sign;
            case 10, 14 -> "date";
            case 12, DATETIME2 -> "datetime(" + meta + ")";
            case TIME2 -> "time(" + meta + ")";
            case YEAR -> "year";
            case BIT -> "bit(" + BinlogValues.bits(meta) + ")";
            case DECIMAL -> "decimal(%d,%d)%s".formatted(meta & 0xFF, meta >> 8, sign);
            case VARCHAR, VAR_STRING ->
                    (column.isBinary() ? "varbinary" : "varchar") + "(" + meta + ")";
            case STRING -> (column.isBinary() ? "binary" : "char") + "(" + meta + ")";
            case ENUM -> "enum(" + words(column) + ")";
            case SET -> "set(" + words(column) + ")";
            case BLOB -> column.isBinary() ? "blob" : "text";
            case JSON -> "json";
            case GEOMETRY -> "geometry";
            default -> null;
        };
    }

    private static String words(Column column) {
        return String.join(
                ",",
                column.words().stream()
                        .map(w -> "'" + new String(w, StandardCharsets.ISO_8859_1) + "'")
                        .toList());
    }
}
