package dev.tarn.mqtt;

import dev.tarn.model.TarnException;
import dev.tarn.mqtt.Packet.Message;
import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * A connection to a broker. What comes is read by a thread of its own, as far as there is room;
 * everything else is for one thread, except {@link #cut}.
 */
final class Connection implements AutoCloseable {
    /** As many bytes of messages are read ahead. */
    private static final long ROOM = 32L << 20;

    private final MqttSettings settings;
    private final Socket socket;
    private final OutputStream out;
    private final PacketWriter writer;
    private final BlockingQueue<Packet> queue = new LinkedBlockingQueue<>();
    private final AtomicLong ahead = new AtomicLong();
    private final AtomicLong arrived = new AtomicLong();
    private final Object room = new Object();
    private volatile boolean cut;

    private Connection(MqttSettings settings, Socket socket) throws IOException {
        this.settings = settings;
        this.socket = socket;
        this.out = socket.getOutputStream();
        this.writer = new PacketWriter(settings.five());
        InputStream in = new BufferedInputStream(counted(socket.getInputStream()), 1 << 16);
        PacketReader reader = new PacketReader(in, settings.five(), settings.mostBytes());
        Thread.ofPlatform().daemon().name("mqtt-" + settings.host()).start(() -> pump(reader));
    }

    /**
     * Connects, without saying anything yet.
     *
     * @throws TarnException {@code SOURCE_UNAVAILABLE}, {@code SOURCE_DENIED}
     */
    @SuppressWarnings("resource") // It is closed with the connection, or here.
    static Connection open(MqttSettings settings) {
        Socket plain = new Socket();
        int millis = (int) Math.min(settings.timeout().toMillis(), Integer.MAX_VALUE);
        try {
            plain.setTcpNoDelay(true);
            plain.connect(new InetSocketAddress(settings.host(), settings.port()), millis);
            if (!settings.encrypted()) {
                return new Connection(settings, plain);
            }
            plain.setSoTimeout(millis);
            SSLSocket encrypted =
                    (SSLSocket)
                            Tls.of(settings)
                                    .getSocketFactory()
                                    .createSocket(plain, settings.host(), settings.port(), true);
            SSLParameters checks = encrypted.getSSLParameters();
            checks.setEndpointIdentificationAlgorithm("HTTPS");
            encrypted.setSSLParameters(checks);
            encrypted.startHandshake();
            plain.setSoTimeout(0);
            return new Connection(settings, encrypted);
        } catch (SSLException e) {
            close(plain);
            throw MqttErrors.tls(settings.broker(), reason(e));
        } catch (IOException e) {
            close(plain);
            throw MqttErrors.away(settings.broker(), reason(e));
        } catch (TarnException e) {
            close(plain);
            throw e;
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // It is of no use any more.
        }
    }

    private static String reason(IOException e) {
        String text = String.valueOf(e.getMessage() == null ? e.getClass() : e.getMessage());
        return text.strip().replaceFirst("\\.$", "");
    }

    PacketWriter writer() {
        return writer;
    }

    private void pump(PacketReader reader) {
        try {
            while (!cut) {
                Packet packet = reader.read();
                if (packet instanceof Message message) {
                    ahead.addAndGet(message.payload().length);
                }
                queue.add(packet);
                awaitRoom();
            }
            queue.add(new Packet.End("the connection was closed"));
        } catch (IOException e) {
            queue.add(new Packet.End(reason(e)));
        } catch (InterruptedException e) {
            queue.add(new Packet.End("reading was interrupted"));
        }
    }

    private void awaitRoom() throws InterruptedException {
        synchronized (room) {
            while (ahead.get() > ROOM && !cut) {
                room.wait();
            }
        }
    }

    private InputStream counted(InputStream in) {
        return new FilterInputStream(in) {
            @Override
            public int read(byte[] into, int from, int most) throws IOException {
                int read = super.read(into, from, most);
                arrived.addAndGet(Math.max(0, read));
                return read;
            }
        };
    }

    /**
     * The next packet; null if for so long not even a part of one came. A large message may take
     * any time on a slow way.
     */
    @Nullable Packet await(Duration longest) {
        while (true) {
            long before = arrived.get();
            Packet packet = poll(longest);
            if (packet != null || arrived.get() == before) {
                return packet;
            }
        }
    }

    /** The next packet, for which it waits so long; null if there is none. */
    @Nullable Packet poll(Duration wait) {
        Packet packet;
        try {
            packet = queue.poll(wait.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw MqttErrors.interrupted(settings.broker());
        }
        if (packet instanceof Message message) {
            ahead.addAndGet(-message.payload().length);
            synchronized (room) {
                room.notifyAll();
            }
        }
        return packet;
    }

    /**
     * @throws TarnException {@code SOURCE_UNAVAILABLE}
     */
    void send(byte[] packet) {
        try {
            out.write(packet);
            out.flush();
        } catch (IOException e) {
            throw MqttErrors.away(settings.broker(), reason(e));
        }
    }

    /** Ends it from another thread: whoever waits is told of the end. */
    void cut() {
        cut = true;
        close(socket);
        synchronized (room) {
            room.notifyAll();
        }
        queue.add(new Packet.End("the connection was closed"));
    }

    @Override
    public void close() {
        cut();
    }
}
