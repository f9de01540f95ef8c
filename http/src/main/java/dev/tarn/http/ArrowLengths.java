package dev.tarn.http;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.apache.arrow.flatbuf.Message;
import org.apache.arrow.memory.ArrowBuf;
import org.apache.arrow.vector.BaseLargeVariableWidthVector;
import org.apache.arrow.vector.BaseVariableWidthVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.FixedSizeBinaryVector;
import org.apache.arrow.vector.complex.LargeListVector;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.util.ValueVectorUtility;

/**
 * Holds what a stream says of lengths against what there is, before anything is made room for:
 * damage, or somebody's intention, may say that a value has two gigabytes.
 */
final class ArrowLengths {
    private static final int CONTINUES = 0xffffffff;

    private ArrowLengths() {}

    /**
     * Sees to it that each message is as long as it says; returns how many there are.
     *
     * @throws RuntimeException if one is not
     */
    static int messages(byte[] body) {
        ByteBuffer in = ByteBuffer.wrap(body).order(ByteOrder.LITTLE_ENDIAN);
        int messages = 0;
        while (in.remaining() >= Integer.BYTES) {
            int head = in.getInt();
            int length = head == CONTINUES ? in.getInt() : head;
            if (length == 0) {
                break;
            }
            ByteBuffer message = slice(in, length);
            long behind = Message.getRootAsMessage(message).bodyLength();
            in.position(in.position() + length);
            slice(in, behind);
            in.position(in.position() + (int) behind);
            messages++;
        }
        return messages;
    }

    private static ByteBuffer slice(ByteBuffer in, long length) {
        require(length >= 0 && length <= in.remaining());
        return in.slice(in.position(), (int) length).order(ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * Sees to it that a column has so many values, and each of them is inside of what came.
     *
     * @throws RuntimeException if that is not so
     */
    static void column(FieldVector vector, int values) {
        require(vector.getValueCount() == values);
        ValueVectorUtility.validate(vector);
        inside(vector);
    }

    private static void inside(FieldVector vector) {
        int count = vector.getValueCount();
        switch (vector) {
            case BaseVariableWidthVector texts ->
                    growing(
                            texts.getOffsetBuffer(),
                            Integer.BYTES,
                            count,
                            texts.getDataBuffer().capacity());
            case BaseLargeVariableWidthVector texts ->
                    growing(
                            texts.getOffsetBuffer(),
                            Long.BYTES,
                            count,
                            texts.getDataBuffer().capacity());
            case ListVector lists ->
                    growing(
                            lists.getOffsetBuffer(),
                            Integer.BYTES,
                            count,
                            lists.getDataVector().getValueCount());
            case LargeListVector lists ->
                    growing(
                            lists.getOffsetBuffer(),
                            Long.BYTES,
                            count,
                            lists.getDataVector().getValueCount());
            case FixedSizeBinaryVector bytes ->
                    require(
                            (long) bytes.getByteWidth() * count
                                    <= bytes.getDataBuffer().capacity());
            default -> {}
        }
        vector.getChildrenFromFields().forEach(ArrowLengths::inside);
    }

    private static void growing(ArrowBuf offsets, int width, int count, long end) {
        if (count == 0) {
            return;
        }
        long last = 0;
        for (long i = 0; i <= count; i++) {
            long at =
                    width == Integer.BYTES ? offsets.getInt(i * width) : offsets.getLong(i * width);
            require(at >= last && at <= end);
            last = at;
        }
    }

    private static void require(boolean holds) {
        if (!holds) {
            throw new IllegalArgumentException("a length that is none");
        }
    }
}
