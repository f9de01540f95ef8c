package dev.tarn.mqtt;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** What is said to a broker, as bytes. */
final class PacketWriter {
    private static final int SESSION_EXPIRY = 0x11;
    private static final int RECEIVE_MAXIMUM = 0x21;

    /** Retained messages come when a filter is new, and not each time. */
    private static final int KEPT_ONCE = 0x10;

    private final boolean five;

    PacketWriter(boolean five) {
        this.five = five;
    }

    /**
     * Asks to be taken.
     *
     * @param clean whether what the broker keeps is to be forgotten
     */
    byte[] connect(MqttSettings settings, String clientId, boolean clean) {
        Bytes body = new Bytes();
        body.text("MQTT").put(five ? 5 : 4);
        Optional<byte[]> password =
                settings.password().map(p -> p.getBytes(StandardCharsets.UTF_8));
        int flags = clean ? 2 : 0;
        flags |= settings.user().isPresent() ? 0x80 : 0;
        flags |= password.isPresent() ? 0x40 : 0;
        body.put(flags).two((int) settings.keepAlive().toSeconds());
        if (five) {
            Bytes properties = new Bytes();
            properties.put(SESSION_EXPIRY).four(clean ? 0 : settings.keepSession().toSeconds());
            properties.put(RECEIVE_MAXIMUM).two(settings.window());
            body.number(properties.size()).put(properties.toByteArray());
        }
        body.text(clientId);
        settings.user().ifPresent(body::text);
        password.ifPresent(p -> body.two(p.length).put(p));
        return packet(0x10, body);
    }

    byte[] subscribe(int id, List<String> filters, int quality) {
        Bytes body = head(id);
        for (String filter : filters) {
            body.text(filter).put(five ? quality | KEPT_ONCE : quality);
        }
        return packet(0x82, body);
    }

    byte[] unsubscribe(int id, List<String> filters) {
        Bytes body = head(id);
        filters.forEach(body::text);
        return packet(0xa2, body);
    }

    private Bytes head(int id) {
        Bytes body = new Bytes().two(id);
        return five ? body.put(0) : body;
    }

    /** A message of quality 1 has landed. */
    static byte[] landed(int id) {
        return packet(0x40, new Bytes().two(id));
    }

    /** A message of quality 2 has landed. */
    static byte[] received(int id) {
        return packet(0x50, new Bytes().two(id));
    }

    /** Its number may be used again. */
    static byte[] complete(int id) {
        return packet(0x70, new Bytes().two(id));
    }

    static byte[] ping() {
        return packet(0xc0, new Bytes());
    }

    static byte[] disconnect() {
        return packet(0xe0, new Bytes());
    }

    private static byte[] packet(int first, Bytes body) {
        Bytes packet = new Bytes();
        packet.put(first).number(body.size()).put(body.toByteArray());
        return packet.toByteArray();
    }

    /** Bytes in the making. */
    private static final class Bytes {
        private final ByteArrayOutputStream out = new ByteArrayOutputStream();

        int size() {
            return out.size();
        }

        byte[] toByteArray() {
            return out.toByteArray();
        }

        Bytes put(int value) {
            out.write(value);
            return this;
        }

        Bytes put(byte[] bytes) {
            out.writeBytes(bytes);
            return this;
        }

        Bytes two(int value) {
            return put(value >> 8).put(value);
        }

        Bytes four(long value) {
            return two((int) (value >> 16) & 0xffff).two((int) value & 0xffff);
        }

        Bytes number(int value) {
            int left = value;
            while (left > 127) {
                put((left & 127) | 128);
                left >>= 7;
            }
            return put(left);
        }

        Bytes text(String text) {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            return two(bytes.length).put(bytes);
        }
    }
}
