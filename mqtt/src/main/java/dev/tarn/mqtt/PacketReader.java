package dev.tarn.mqtt;

import dev.tarn.mqtt.Packet.Message;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads what a broker sends, packet by packet. Used by one thread. */
final class PacketReader {
    private static final int SHOWN_OF_LONG = 4000;
    private static final int LONGEST_HEAD = 1 << 20;

    private final DataInputStream in;
    private final boolean five;
    private final int mostPayload;

    /**
     * @param five whether it speaks version 5
     * @param mostPayload of longer messages only the beginning is kept
     */
    PacketReader(InputStream in, boolean five, int mostPayload) {
        this.in = new DataInputStream(in);
        this.five = five;
        this.mostPayload = mostPayload;
    }

    /**
     * The next packet.
     *
     * @throws IOException also for bytes that are none
     */
    Packet read() throws IOException {
        int first = in.read();
        if (first < 0) {
            throw new EOFException("the broker closed the connection");
        }
        int length = number(in);
        int kind = first >> 4;
        try {
            return kind == 3 ? message(first & 15, length) : packet(kind, body(kind, length));
        } catch (BufferUnderflowException e) {
            throw new IOException("a packet of kind " + kind + " is too short", e);
        }
    }

    private ByteBuffer body(int kind, int length) throws IOException {
        if (length > LONGEST_HEAD) {
            throw new IOException("a packet of kind " + kind + " with " + length + " bytes");
        }
        byte[] body = in.readNBytes(length);
        if (body.length < length) {
            throw new EOFException("the connection broke off in a packet");
        }
        return ByteBuffer.wrap(body);
    }

    private Packet packet(int kind, ByteBuffer body) throws IOException {
        return switch (kind) {
            case 2 -> accepted(body);
            case 6 -> new Packet.Released(body.getShort() & 0xffff);
            case 9, 11 -> answered(kind == 11, body);
            case 13 -> new Packet.Pong();
            case 14 -> goodbye(body);
            default -> new Packet.Other();
        };
    }

    private Packet accepted(ByteBuffer body) throws IOException {
        boolean there = (body.get() & 1) == 1;
        int code = body.get() & 0xff;
        Properties said = five && body.hasRemaining() ? properties(body) : Properties.NONE;
        return new Packet.Accepted(there, code, said.reason, said.expirySeconds);
    }

    private Packet answered(boolean givenUp, ByteBuffer body) throws IOException {
        int id = body.getShort() & 0xffff;
        if (five) {
            properties(body);
        }
        List<Integer> codes = new ArrayList<>();
        while (!(givenUp && !five) && body.hasRemaining()) {
            codes.add(body.get() & 0xff);
        }
        return new Packet.Answered(id, codes);
    }

    private Packet goodbye(ByteBuffer body) throws IOException {
        int code = body.hasRemaining() ? body.get() & 0xff : 0;
        Properties said = five && body.hasRemaining() ? properties(body) : Properties.NONE;
        return new Packet.Goodbye(code, said.reason);
    }

    private Message message(int flags, int length) throws IOException {
        int quality = (flags >> 1) & 3;
        int left = length;
        byte[] topic = text();
        left -= 2 + topic.length;
        int id = 0;
        if (quality > 0) {
            id = in.readUnsignedShort();
            left -= 2;
        }
        Properties said = Properties.NONE;
        if (five) {
            int size = number(in);
            left -= size + digits(size);
            if (left < 0 || size > LONGEST_HEAD) {
                throw new IOException("the properties of a message are longer than it");
            }
            said = properties(ByteBuffer.wrap(in.readNBytes(size)), size);
        }
        if (left < 0) {
            throw new IOException("a message is shorter than its topic");
        }
        int kept = left > mostPayload ? Math.min(mostPayload, SHOWN_OF_LONG) : left;
        byte[] payload = in.readNBytes(kept);
        in.skipNBytes(left - (long) kept);
        if (payload.length < kept) {
            throw new EOFException("the connection broke off in a message");
        }
        return new Message(
                id,
                quality,
                (flags & 8) != 0,
                (flags & 1) != 0,
                new String(topic, StandardCharsets.UTF_8),
                said.contentType,
                said.named,
                payload,
                left);
    }

    private byte[] text() throws IOException {
        int length = in.readUnsignedShort();
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException("the connection broke off in a text");
        }
        return bytes;
    }

    /** A number of seven bits a byte. */
    private static int number(InputStream in) throws IOException {
        int value = 0;
        for (int shift = 0; shift < 28; shift += 7) {
            int b = in.read();
            if (b < 0) {
                throw new EOFException("the connection broke off in a length");
            }
            value |= (b & 127) << shift;
            if (b < 128) {
                return value;
            }
        }
        throw new IOException("a length of more than four bytes");
    }

    private static int digits(int value) {
        return value < 1 << 7 ? 1 : value < 1 << 14 ? 2 : value < 1 << 21 ? 3 : 4;
    }

    /** What may stand in a packet of version 5 beside what it is about. */
    private record Properties(
            String reason, long expirySeconds, String contentType, Map<String, String> named) {
        static final Properties NONE = new Properties("", -1, "", Map.of());
    }

    private static Properties properties(ByteBuffer body) throws IOException {
        int size = 0;
        for (int shift = 0; ; shift += 7) {
            int b = body.get() & 0xff;
            size |= (b & 127) << shift;
            if (b < 128) {
                break;
            }
            if (shift == 21) {
                throw new IOException("a length of more than four bytes");
            }
        }
        return properties(body, size);
    }

    private static Properties properties(ByteBuffer body, int size) throws IOException {
        if (size > body.remaining()) {
            throw new EOFException("properties that are not whole");
        }
        int end = body.position() + size;
        String reason = "";
        long expiry = -1;
        String contentType = "";
        Map<String, String> named = new LinkedHashMap<>();
        while (body.position() < end) {
            int kind = body.get() & 0xff;
            switch (kind) {
                case 0x01, 0x17, 0x19, 0x24, 0x25, 0x28, 0x29, 0x2a -> body.get();
                case 0x13, 0x21, 0x22, 0x23 -> body.getShort();
                case 0x02, 0x18, 0x27 -> body.getInt();
                case 0x11 -> expiry = body.getInt() & 0xffffffffL;
                case 0x03 -> contentType = text(body);
                case 0x1f -> reason = text(body);
                case 0x08, 0x12, 0x15, 0x1a, 0x1c -> text(body);
                case 0x09, 0x16 -> {
                    byte[] unused = bytes(body);
                }
                case 0x0b -> {
                    boolean more = true;
                    while (more) {
                        more = body.get() < 0;
                    }
                }
                case 0x26 -> named.put(text(body), text(body));
                default -> throw new IOException("a property of an unknown kind, " + kind);
            }
        }
        return new Properties(reason, expiry, contentType, named);
    }

    private static String text(ByteBuffer body) {
        return new String(bytes(body), StandardCharsets.UTF_8);
    }

    private static byte[] bytes(ByteBuffer body) {
        byte[] bytes = new byte[Math.min(body.getShort() & 0xffff, body.remaining())];
        body.get(bytes);
        return bytes;
    }
}
