package dev.tarn.ingest;

import dev.tarn.model.table.Type;
import dev.tarn.model.table.Type.Primitive;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What is known of a column while the lines of one file are looked through. */
final class LineColumn {
    static final int MOST_EXACT_DIGITS = 15;
    private static final int MOST_INTEGER_DIGITS = 18;

    final String name;
    final byte[] key;

    /** The key as it most often stands before a value. */
    final byte[] opening;

    /** So many values must be uncertain before a column is given up. */
    private static final int FEW_UNCERTAIN = 20;

    private static final int UNCERTAIN_SHARE = 50;

    /** Whether nobody will ask what the values are. */
    private final boolean declared;

    /** What the values of a declared column have to look like; null if there is nothing to see. */
    private final @Nullable CertainText certain;

    private boolean doubtful;
    private long uncertain;

    private JsonShape shape = JsonShape.Scalar.NOTHING;
    private TextType kind = TextType.NOTHING;
    private boolean untidy;
    private boolean dense;
    private boolean loose;
    private int wholeDigits;
    private long lastStamp;
    private Found found = Found.NULL;
    private int from;
    private int to;
    private long digits;
    private int behind;
    private boolean sameTime;

    /** The type of values that were told as such. */
    private @Nullable Type told;

    private boolean mixed;

    /** How a value stands in a line. */
    enum Found {
        NULL,
        TRUE,
        FALSE,
        /** A whole number, as the engine would write it. */
        WHOLE,
        /** A number with a fraction, as the engine would write it. */
        FRACTION,
        /** The same, written in another way. */
        LOOSE,
        STRING,
        ESCAPED,
        /** An object or a list, as the engine would write it. */
        TIDY,
        UNTIDY
    }

    /**
     * @param declared the type that the source's file of settings names
     */
    LineColumn(String name, Optional<Type> declared) {
        this.name = name;
        this.key = name.getBytes(StandardCharsets.UTF_8);
        this.opening = ('"' + name + "\":").getBytes(StandardCharsets.UTF_8);
        this.declared = declared.isPresent();
        this.certain = declared.flatMap(CertainText::of).orElse(null);
        this.doubtful = declared.isPresent() && certain == null;
    }

    /** Notes that the line of a stamp has the column; false if it had it before. */
    boolean enter(long stamp) {
        boolean first = lastStamp != stamp;
        lastStamp = stamp;
        return first;
    }

    /** Notes where the value stands in the line that was entered last. */
    void found(Found form, int start, int end) {
        found = form;
        from = start;
        to = end;
        sameTime = false;
    }

    /**
     * The same for a number of up to eighteen digits.
     *
     * @param all its digits as one number
     * @param fraction how many of them stand behind the point
     */
    void found(Found form, int start, int end, long all, int fraction) {
        found(form, start, end);
        digits = all;
        behind = fraction;
    }

    /** The digits of the number that was found last, and how many stand behind its point. */
    long digits() {
        return digits;
    }

    int behind() {
        return behind;
    }

    /** How the value stands in the line of a stamp; a line without the column has none. */
    Found found(long stamp) {
        return lastStamp == stamp ? found : Found.NULL;
    }

    /** Where the value begins and ends that was found last; a string without its quotes. */
    int from() {
        return from;
    }

    int to() {
        return to;
    }

    /** The type of which all values are, as far as they were plain scalars of one kind. */
    Optional<Type> plainType() {
        if (told != null) {
            return mixed ? Optional.empty() : Optional.of(ToldObjects.laneOf(told));
        }
        if (declared || !shape.equals(JsonShape.Scalar.NOTHING)) {
            return Optional.empty();
        }
        return switch (kind) {
            case BOOLEAN, INTEGER, DECIMAL, DATE, TIMESTAMP, TIMESTAMPTZ ->
                    Optional.of(kind.type());
            case NOTHING, TIME, TEXT -> Optional.empty();
        };
    }

    /**
     * Notes that there are values that are told as what they are. Nothing is known of what they
     * would be as texts.
     */
    void told(Type type) {
        boolean others =
                told == null
                        ? kind != TextType.NOTHING || !shape.equals(JsonShape.Scalar.NOTHING)
                        : !told.equals(type);
        mixed |= others;
        told = type;
        add(TextType.TEXT);
    }

    /** Whether another value cannot change what is known of scalar values. */
    boolean isSettled() {
        return declared ? doubtful : kind == TextType.TEXT;
    }

    boolean isDeclared() {
        return declared;
    }

    /**
     * Whether a value of a declared column will be cast for certain; when many are not, it is left
     * to the engine to say so of each.
     *
     * @param line number of the line, from 1
     */
    boolean accepts(byte[] bytes, int from, int to, long line) {
        if (certain == null || doubtful || certain.matches(bytes, from, to)) {
            return true;
        }
        uncertain++;
        doubtful = uncertain > FEW_UNCERTAIN && uncertain > line / UNCERTAIN_SHARE;
        return doubtful;
    }

    /** Whether all values of lines that were not put aside can be cast to a type. */
    boolean isCertain(Type type) {
        if (declared) {
            return !doubtful;
        }
        if (!shape.equals(JsonShape.Scalar.NOTHING)) {
            return false;
        }
        return switch (kind) {
            case NOTHING -> true;
            case INTEGER -> type == Primitive.BIGINT || type == Primitive.DOUBLE;
            case DATE -> type == Primitive.DATE || type == Primitive.TIMESTAMP;
            case BOOLEAN, DECIMAL, TIME, TIMESTAMP, TIMESTAMPTZ, TEXT -> kind.type().equals(type);
        };
    }

    /**
     * Whether the engine gives the same when it reads the values of JSON as a type by itself as
     * when it casts their texts.
     *
     * @param vouched whether the source says that all values are of the type
     */
    boolean isReadAs(Type type, boolean vouched) {
        if (declared || !shape.equals(JsonShape.Scalar.NOTHING)) {
            return false;
        }
        return switch (kind) {
            case INTEGER ->
                    type == Primitive.BIGINT
                            || type == Primitive.DOUBLE
                            || (vouched && type == Primitive.INTEGER);
            case DECIMAL -> type == Primitive.DOUBLE;
            case BOOLEAN -> type == Primitive.BOOLEAN;
            case NOTHING, DATE, TIME, TIMESTAMP, TIMESTAMPTZ, TEXT -> false;
        };
    }

    /** Whether the value found last is surely a day or a time of the one kind seen so far. */
    boolean isSameTime(byte[] bytes) {
        sameTime =
                switch (kind) {
                    case DATE -> CertainText.isDay(bytes, from, to);
                    case TIME -> CertainText.isTime(bytes, from, to);
                    case TIMESTAMP -> CertainText.isTimestamp(bytes, from, to, false);
                    case TIMESTAMPTZ -> CertainText.isTimestamp(bytes, from, to, true);
                    case NOTHING, BOOLEAN, INTEGER, DECIMAL, TEXT -> false;
                };
        return sameTime;
    }

    /** Whether the value found last is known to be a day or a time of a type. */
    boolean isKnownAs(Primitive type) {
        return sameTime && kind.type().equals(type);
    }

    /** Whether a value of a kind is no news. */
    boolean has(TextType seen) {
        return seen == kind || isSettled();
    }

    boolean hasFraction(int whole, int fraction, boolean canonical) {
        return has(TextType.DECIMAL)
                && (canonical || loose)
                && (dense || whole + fraction <= MOST_EXACT_DIGITS)
                && whole <= wholeDigits;
    }

    void add(TextType seen) {
        if (seen != kind) {
            kind = kind.or(seen);
        }
    }

    /** Notes a value that was read in another way. */
    void add(JsonShape seen, byte @Nullable [] text) {
        add(seen);
        doubtful |=
                declared
                        && text != null
                        && (certain == null || !certain.matches(text, 0, text.length));
    }

    void add(JsonShape seen) {
        shape = shape.or(seen);
    }

    /** Notes an object or a list, and whether the engine would write it as it stands. */
    void addNested(JsonShape seen, boolean tidy) {
        add(seen);
        untidy |= !tidy;
    }

    /** Notes a number with a fraction, which the engine may write in another way. */
    void addFraction(int whole, int fraction, boolean canonical) {
        add(TextType.DECIMAL);
        dense |= whole + fraction > MOST_EXACT_DIGITS;
        loose |= !canonical;
        wholeDigits = Math.max(wholeDigits, whole);
    }

    /** Notes the text of a field. */
    void addText(byte[] bytes, int from, int to) {
        if (isSettled()) {
            return;
        }
        if (kind == TextType.INTEGER && isPlainInteger(bytes, from, to)) {
            return;
        }
        add(
                to - from > 40
                        ? TextType.TEXT
                        : TextType.of(new String(bytes, from, to - from, StandardCharsets.UTF_8)));
    }

    JsonShape shape() {
        return shape.or(JsonShape.of(kind));
    }

    /**
     * Whether the engine, which reads numbers and writes them again, gives the same for every value
     * in a column of a type.
     *
     * @param inferred whether the type was chosen so that all values fit
     */
    boolean isExactAs(Type type, boolean inferred) {
        boolean nested = !(type instanceof Primitive) && !(type instanceof Type.Decimal);
        if (untidy && !(nested && inferred)) {
            return false;
        }
        if (dense) {
            return type == Primitive.DOUBLE;
        }
        if (!loose || type == Primitive.DOUBLE || type == Primitive.FLOAT) {
            return true;
        }
        return type instanceof Type.Decimal d && d.precision() - d.scale() >= wholeDigits;
    }

    private static boolean isPlainInteger(byte[] bytes, int from, int to) {
        int length = to - from;
        if (length == 0 || length > MOST_INTEGER_DIGITS || (bytes[from] == '0' && length > 1)) {
            return false;
        }
        for (int i = from; i < to; i++) {
            if (bytes[i] < '0' || bytes[i] > '9') {
                return false;
            }
        }
        return true;
    }
}
