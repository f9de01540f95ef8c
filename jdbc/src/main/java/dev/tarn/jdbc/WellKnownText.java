package dev.tarn.jdbc;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.StringJoiner;

/** Geometries as texts such as {@code POINT(1 2)}, in the order of axes that they are stored in. */
final class WellKnownText {
    private WellKnownText() {}

    /**
     * @param stored the number of the reference system, then the geometry in its binary form
     */
    static String of(byte[] stored) {
        if (stored.length < 9) {
            throw new Unfit("a geometry of " + stored.length + " bytes is none");
        }
        ByteBuffer in = ByteBuffer.wrap(stored);
        in.position(4);
        return geometry(in);
    }

    private static String geometry(ByteBuffer in) {
        int type = head(in);
        return switch (type) {
            case 1 -> "POINT(" + point(in) + ")";
            case 2 -> "LINESTRING" + points(in);
            case 3 -> "POLYGON" + rings(in);
            case 4 -> "MULTIPOINT" + parts(in, i -> "(" + point(i) + ")");
            case 5 -> "MULTILINESTRING" + parts(in, WellKnownText::points);
            case 6 -> "MULTIPOLYGON" + parts(in, WellKnownText::rings);
            case 7 -> collection(in);
            default -> throw new Unfit("a geometry of kind " + type + " is not known");
        };
    }

    /** What is behind the head of a part. */
    private interface Part {
        String text(ByteBuffer in);
    }

    private static int head(ByteBuffer in) {
        in.order(in.get() == 1 ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN);
        return in.getInt();
    }

    private static String collection(ByteBuffer in) {
        StringJoiner all = new StringJoiner(",", "(", ")");
        int count = in.getInt();
        for (int i = 0; i < count; i++) {
            all.add(geometry(in));
        }
        return "GEOMETRYCOLLECTION" + (count == 0 ? " EMPTY" : all.toString());
    }

    private static String parts(ByteBuffer in, Part part) {
        StringJoiner all = new StringJoiner(",", "(", ")");
        int count = in.getInt();
        for (int i = 0; i < count; i++) {
            head(in);
            all.add(part.text(in));
        }
        return all.toString();
    }

    private static String rings(ByteBuffer in) {
        StringJoiner all = new StringJoiner(",", "(", ")");
        int count = in.getInt();
        for (int i = 0; i < count; i++) {
            all.add(points(in));
        }
        return all.toString();
    }

    private static String points(ByteBuffer in) {
        StringJoiner all = new StringJoiner(",", "(", ")");
        int count = in.getInt();
        for (int i = 0; i < count; i++) {
            all.add(point(in));
        }
        return all.toString();
    }

    private static String point(ByteBuffer in) {
        return number(in.getDouble()) + " " + number(in.getDouble());
    }

    private static String number(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? Long.toString((long) value)
                : Double.toString(value);
    }
}
