package dev.tarn.jdbc;

import com.github.shyiko.mysql.binlog.event.deserialization.json.JsonBinary;
import dev.tarn.jdbc.BinlogTable.Column;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.IntFunction;

/** Values of rows in a binary log as the texts that {@link MysqlDialect} reads of a table. */
final class BinlogValues {
    private static final int[] DIGITS = {0, 1, 1, 2, 2, 3, 3, 4, 4, 4};
    private static final HexFormat HEX = HexFormat.of();

    private final IntFunction<Charset> charsets;

    /**
     * @param charsets by the numbers of collations
     */
    BinlogValues(IntFunction<Charset> charsets) {
        this.charsets = charsets;
    }

    static int bits(int meta) {
        return (meta >> 8) * 8 + (meta & 0xFF);
    }

    /**
     * Reads a value.
     *
     * @param declared what the column is
     */
    byte[] read(ByteBuffer in, Column column, String declared) {
        int meta = column.meta();
        return switch (column.type()) {
            case 1 -> ascii(column.isUnsigned() ? in.get() & 0xFF : in.get());
            case 2 -> ascii(column.isUnsigned() ? in.getShort() & 0xFFFF : in.getShort());
            case 3 ->
                    ascii(column.isUnsigned() ? Integer.toUnsignedLong(in.getInt()) : in.getInt());
            case 8 ->
                    column.isUnsigned()
                            ? ascii(Long.toUnsignedString(in.getLong()))
                            : ascii(in.getLong());
            case 9 -> {
                int value = (int) little(in, 3);
                yield ascii(column.isUnsigned() ? value : value << 8 >> 8);
            }
            case BinlogTable.FLOAT -> ascii(Float.toString(in.getFloat()));
            case BinlogTable.DOUBLE -> ascii(Double.toString(in.getDouble()));
            case BinlogTable.YEAR -> {
                int year = in.get() & 0xFF;
                yield ascii(year == 0 ? 0 : 1900 + year);
            }
            case 10, 14 -> {
                int value = (int) little(in, 3);
                yield ascii("%04d-%02d-%02d".formatted(value >> 9, value >> 5 & 15, value & 31));
            }
            case 7 -> ascii(moment(Integer.toUnsignedLong(in.getInt()), ""));
            case 12 -> {
                long all = in.getLong();
                long day = all / 1_000_000;
                long time = all % 1_000_000;
                yield ascii(
                        "%04d-%02d-%02d %02d:%02d:%02d"
                                .formatted(
                                        day / 10_000,
                                        day / 100 % 100,
                                        day % 100,
                                        time / 10_000,
                                        time / 100 % 100,
                                        time % 100));
            }
            case BinlogTable.TIMESTAMP2 -> {
                long seconds = big(in, 4);
                yield ascii(moment(seconds, fraction(big(in, (meta + 1) / 2), meta)));
            }
            case BinlogTable.DATETIME2 -> ascii(dateTime(in, meta));
            case BinlogTable.TIME2 -> ascii(time(in, meta));
            case BinlogTable.DECIMAL -> ascii(decimal(in, meta & 0xFF, meta >> 8));
            case BinlogTable.BIT -> bit(in, bits(meta));
            case BinlogTable.ENUM -> word(in, column);
            case BinlogTable.SET -> words(in, column);
            case BinlogTable.VARCHAR, BinlogTable.VAR_STRING ->
                    text(BinlogTable.bytes(in, length(in, meta)), column);
            case BinlogTable.STRING ->
                    fixed(BinlogTable.bytes(in, length(in, meta)), column, declared);
            case BinlogTable.BLOB -> text(BinlogTable.bytes(in, (int) little(in, meta)), column);
            case BinlogTable.GEOMETRY ->
                    ascii(HEX.formatHex(BinlogTable.bytes(in, (int) little(in, meta))));
            case BinlogTable.JSON -> json(BinlogTable.bytes(in, (int) little(in, meta)));
            default -> throw new IllegalStateException("A type that was refused: " + declared);
        };
    }

    private static byte[] ascii(long value) {
        return ascii(Long.toString(value));
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static long little(ByteBuffer in, int length) {
        long value = 0;
        for (int i = 0; i < length; i++) {
            value |= (in.get() & 0xFFL) << (8 * i);
        }
        return value;
    }

    private static long big(ByteBuffer in, int length) {
        long value = 0;
        for (int i = 0; i < length; i++) {
            value = value << 8 | (in.get() & 0xFFL);
        }
        return value;
    }

    private static int length(ByteBuffer in, int most) {
        return most > 255 ? in.getShort() & 0xFFFF : in.get() & 0xFF;
    }

    /** The digits behind a second: stored in pairs, told as many as the column has. */
    private static String fraction(long stored, int digits) {
        if (digits == 0) {
            return "";
        }
        int pairs = (digits + 1) / 2 * 2;
        return "." + "%0".concat(pairs + "d").formatted(stored).substring(0, digits);
    }

    private static String moment(long seconds, String fraction) {
        if (seconds == 0 && fraction.chars().allMatch(c -> c == '.' || c == '0')) {
            return "0000-00-00 00:00:00" + fraction;
        }
        LocalDateTime time = LocalDateTime.ofEpochSecond(seconds, 0, ZoneOffset.UTC);
        return "%04d-%02d-%02d %02d:%02d:%02d%s"
                .formatted(
                        time.getYear(),
                        time.getMonthValue(),
                        time.getDayOfMonth(),
                        time.getHour(),
                        time.getMinute(),
                        time.getSecond(),
                        fraction);
    }

    private static String dateTime(ByteBuffer in, int digits) {
        long value = big(in, 5) - 0x80_0000_0000L;
        long month = value >> 22;
        return "%04d-%02d-%02d %02d:%02d:%02d%s"
                .formatted(
                        month / 13,
                        month % 13,
                        value >> 17 & 31,
                        value >> 12 & 31,
                        value >> 6 & 63,
                        value & 63,
                        fraction(big(in, (digits + 1) / 2), digits));
    }

    private static String time(ByteBuffer in, int digits) {
        int behind = (digits + 1) / 2;
        long value = big(in, 3 + behind) - (1L << (8 * (3 + behind) - 1));
        long amount = Math.abs(value);
        long whole = amount >> (8 * behind);
        long part = amount & ((1L << (8 * behind)) - 1);
        return "%s%02d:%02d:%02d%s"
                .formatted(
                        value < 0 ? "-" : "",
                        whole >> 12 & 1023,
                        whole >> 6 & 63,
                        whole & 63,
                        fraction(part, digits));
    }

    /** Nine digits in four bytes, fewer in fewer; negative ones with all bits turned. */
    private static String decimal(ByteBuffer in, int precision, int scale) {
        int whole = precision - scale;
        int size = whole / 9 * 4 + DIGITS[whole % 9] + scale / 9 * 4 + DIGITS[scale % 9];
        byte[] bytes = BinlogTable.bytes(in, size);
        boolean isNegative = (bytes[0] & 0x80) == 0;
        bytes[0] ^= (byte) 0x80;
        if (isNegative) {
            for (int i = 0; i < size; i++) {
                bytes[i] = (byte) ~bytes[i];
            }
        }
        ByteBuffer from = ByteBuffer.wrap(bytes);
        StringBuilder digits = new StringBuilder();
        group(from, whole % 9, digits);
        for (int i = 0; i < whole / 9; i++) {
            group(from, 9, digits);
        }
        for (int i = 0; i < scale / 9; i++) {
            group(from, 9, digits);
        }
        group(from, scale % 9, digits);
        BigDecimal value = new BigDecimal(new BigInteger(digits.toString()), scale);
        return (isNegative ? value.negate() : value).toPlainString();
    }

    private static void group(ByteBuffer in, int digits, StringBuilder to) {
        if (digits > 0) {
            long value = big(in, DIGITS[digits]);
            to.append("%0".concat(digits + "d").formatted(value));
        }
    }

    private static byte[] bit(ByteBuffer in, int bits) {
        long value = big(in, (bits + 7) / 8);
        if (bits == 1) {
            return ascii(value == 0 ? "f" : "t");
        }
        StringBuilder text = new StringBuilder();
        for (int i = bits - 1; i >= 0; i--) {
            text.append(value >> i & 1);
        }
        return ascii(text.toString());
    }

    private byte[] word(ByteBuffer in, Column column) {
        int number = (int) little(in, column.meta());
        return number == 0 ? new byte[0] : utf8(column.words().get(number - 1), column);
    }

    private byte[] words(ByteBuffer in, Column column) {
        long chosen = little(in, column.meta());
        List<String> all = new ArrayList<>();
        for (int i = 0; i < column.words().size(); i++) {
            if ((chosen >> i & 1) != 0) {
                all.add(new String(utf8(column.words().get(i), column), StandardCharsets.UTF_8));
            }
        }
        return String.join(",", all).getBytes(StandardCharsets.UTF_8);
    }

    private byte[] utf8(byte[] bytes, Column column) {
        Charset charset = charsets.apply(column.collation());
        return charset.equals(StandardCharsets.UTF_8)
                ? bytes
                : new String(bytes, charset).getBytes(StandardCharsets.UTF_8);
    }

    private byte[] text(byte[] bytes, Column column) {
        return column.isBinary() ? ascii("\\x" + HEX.formatHex(bytes)) : utf8(bytes, column);
    }

    /** Of columns with a fixed length the log leaves out what they are filled up with. */
    private byte[] fixed(byte[] bytes, Column column, String declared) {
        if (!column.isBinary()) {
            return utf8(bytes, column);
        }
        byte[] whole = java.util.Arrays.copyOf(bytes, Math.max(column.meta(), bytes.length));
        return switch (declared) {
            case "uuid" -> ascii(MariadbValues.uuid(whole));
            case "inet4", "inet6" -> ascii(MariadbValues.address(whole));
            default -> ascii("\\x" + HEX.formatHex(whole));
        };
    }

    /** As the server writes it: with a blank behind commas and colons. */
    private static byte[] json(byte[] bytes) {
        String text;
        try {
            text = bytes.length == 0 ? "null" : JsonBinary.parseAsString(bytes);
        } catch (IOException | RuntimeException e) {
            throw new Unfit("JSON that cannot be read: " + e.getMessage());
        }
        StringBuilder spaced = new StringBuilder(text.length() + 16);
        boolean isQuoted = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            spaced.append(c);
            if (isQuoted && c == '\\') {
                spaced.append(text.charAt(++i));
            } else if (c == '"') {
                isQuoted = !isQuoted;
            } else if (!isQuoted && (c == ',' || c == ':')) {
                spaced.append(' ');
            }
        }
        return spaced.toString().getBytes(StandardCharsets.UTF_8);
    }
}
