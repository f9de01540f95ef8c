package dev.tarn.jdbc;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the log says a table looked like from some place on.
 *
 * @param id the table's number at the server
 * @param told its columns as the log tells them
 * @param columns the same as they are read
 */
record LogRelation(int id, List<Told> told, List<Column> columns) {
    LogRelation {
        told = List.copyOf(told);
        columns = List.copyOf(columns);
    }

    /**
     * A column of a table in the log.
     *
     * @param isKey whether it is told of a row that goes
     * @param type its number
     * @param modifier such as the digits of a decimal
     * @param declared its type in words, where the log tells it so
     */
    record Told(String name, boolean isKey, int type, int modifier, String declared) {}

    /** The place of a column in rows; negative if there is none. */
    int indexOf(String name) {
        for (int i = 0; i < told.size(); i++) {
            if (told.get(i).name().equals(name)) {
                return i;
            }
        }
        return -1;
    }

    /**
     * A row in the log: of each column a letter, then its text.
     *
     * @param values null where there is none, or it is not told
     * @param isTold whether the value is in the log; the large ones are not when they stay
     */
    record Row(List<byte @Nullable []> values, List<Boolean> isTold) {
        static Row of(ByteBuffer in) {
            int size = in.getShort();
            List<byte @Nullable []> values = new ArrayList<>(size);
            List<Boolean> told = new ArrayList<>(size);
            for (int i = 0; i < size; i++) {
                char kind = (char) in.get();
                byte[] value = null;
                if (kind == 't') {
                    value = new byte[in.getInt()];
                    in.get(value);
                }
                values.add(value);
                told.add(kind != 'u');
            }
            return new Row(values, told);
        }

        byte @Nullable [] value(int index) {
            return index < 0 || index >= values.size() ? null : values.get(index);
        }

        boolean tells(int index) {
            return index < 0 || index >= isTold.size() || isTold.get(index);
        }
    }

    /** Passes over a row. */
    static void skip(ByteBuffer in) {
        int size = in.getShort();
        for (int i = 0; i < size; i++) {
            if (in.get() == 't') {
                int length = in.getInt();
                in.position(in.position() + length);
            }
        }
    }
}
