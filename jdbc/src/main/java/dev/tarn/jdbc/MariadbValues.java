package dev.tarn.jdbc;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.StringJoiner;
import java.util.UUID;

/** Types of MariaDB that its log has as bytes, as the server writes them. */
final class MariadbValues {
    private MariadbValues() {}

    /** The parts of the older versions are stored from the last to the first. */
    static String uuid(byte[] stored) {
        ByteBuffer in = ByteBuffer.wrap(stored);
        if ((stored[6] & 0x80) == 0) {
            return new UUID(in.getLong(), in.getLong()).toString();
        }
        ByteBuffer out = ByteBuffer.allocate(16);
        out.putInt(in.getInt(12)).putShort(in.getShort(10)).putShort(in.getShort(8));
        out.putShort(in.getShort(6)).put(stored, 0, 6).flip();
        return new UUID(out.getLong(), out.getLong()).toString();
    }

    static String address(byte[] stored) {
        if (stored.length == 4) {
            try {
                return InetAddress.getByAddress(stored).getHostAddress();
            } catch (UnknownHostException e) {
                throw new Unfit("an address of 4 bytes that is none");
            }
        }
        return inet6(ByteBuffer.wrap(stored));
    }

    /** The longest run of zeros is left out; the end may be an older address. */
    private static String inet6(ByteBuffer in) {
        int[] parts = new int[8];
        for (int i = 0; i < 8; i++) {
            parts[i] = in.getShort() & 0xFFFF;
        }
        int from = -1;
        int length = 1;
        for (int i = 0; i < 8; i++) {
            int end = i;
            while (end < 8 && parts[end] == 0) {
                end++;
            }
            if (end - i > length) {
                from = i;
                length = end - i;
            }
        }
        boolean isMapped = from == 0 && (length == 6 || (length == 5 && parts[5] == 0xFFFF));
        int end = isMapped ? 6 : 8;
        StringJoiner before = new StringJoiner(":");
        StringJoiner behind = new StringJoiner(":");
        for (int i = 0; i < end; i++) {
            if (from < 0 || i < from) {
                before.add(Integer.toHexString(parts[i]));
            } else if (i >= from + length) {
                behind.add(Integer.toHexString(parts[i]));
            }
        }
        if (isMapped) {
            behind.add(
                    "%d.%d.%d.%d"
                            .formatted(
                                    parts[6] >> 8,
                                    parts[6] & 0xFF,
                                    parts[7] >> 8,
                                    parts[7] & 0xFF));
        }
        return from < 0 ? before.toString() : before + "::" + behind;
    }
}
