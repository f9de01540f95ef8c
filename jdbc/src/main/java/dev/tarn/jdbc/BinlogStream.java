package dev.tarn.jdbc;

import com.github.shyiko.mysql.binlog.BinaryLogClient;
import com.github.shyiko.mysql.binlog.event.Event;
import com.github.shyiko.mysql.binlog.event.EventData;
import com.github.shyiko.mysql.binlog.event.EventHeaderV4;
import com.github.shyiko.mysql.binlog.event.EventType;
import com.github.shyiko.mysql.binlog.event.deserialization.ChecksumType;
import com.github.shyiko.mysql.binlog.event.deserialization.EventDeserializer;
import com.github.shyiko.mysql.binlog.io.ByteArrayInputStream;
import com.github.shyiko.mysql.binlog.network.AuthenticationException;
import com.github.shyiko.mysql.binlog.network.SSLMode;
import com.github.shyiko.mysql.binlog.network.ServerException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The binary log of a MySQL or MariaDB, event by event as the server sends it to a replica, without
 * checksums. The library connects and cuts packets; what is in them nobody here but us reads.
 */
final class BinlogStream implements LogStream {
    private static final int HEAD = 19;
    private static final int FORMAT = 15;
    private static final int ROTATE = 4;
    private static final long MOST_WAITING = 16L << 20;
    private static final int CONNECT_MILLIS = 10_000;
    private static final int HEARTBEAT_MILLIS = 500;
    private static final Pattern URL =
            Pattern.compile("jdbc:[a-z]+://([^/?:,]+)(?::(\\d+))?(?:/[^?]*)?(?:\\?(.*))?");

    /** The library tells of each connection; nobody asked. */
    private static final Logger LIBRARY = Logger.getLogger(BinaryLogClient.class.getName());

    private final BinaryLogClient client;
    private final Duration timeout;
    private final Deque<byte[]> waiting = new ArrayDeque<>();
    private long bytes;
    private long lastSeen = System.nanoTime();
    private @Nullable Exception failure;
    private boolean isConnected;
    private boolean isClosed;
    private int file;
    private Lsn received;
    private boolean hasRead;

    private BinlogStream(BinaryLogClient client, Duration timeout, Lsn from) {
        this.client = client;
        this.timeout = timeout;
        received = from;
        file = (int) (from.value() >>> 32);
    }

    /**
     * @param file the name of the file that the place is in
     */
    static BinlogStream open(
            JdbcSettings settings,
            LogSettings log,
            String file,
            Lsn from,
            LogOrigin.Cancelled cancelled) {
        Matcher url = URL.matcher(settings.url());
        if (!url.matches()) {
            throw BinlogErrors.url(settings);
        }
        LIBRARY.setLevel(Level.OFF);
        String port = url.group(2);
        BinaryLogClient client =
                new BinaryLogClient(
                        url.group(1),
                        port == null ? 3306 : Integer.parseInt(port),
                        null,
                        settings.user().orElse(""),
                        settings.password().orElse(""));
        client.setServerId(log.replica());
        client.setBinlogFilename(file);
        client.setBinlogPosition(from.value() & 0xFFFF_FFFFL);
        client.setKeepAlive(false);
        client.setConnectTimeout(CONNECT_MILLIS);
        client.setHeartbeatInterval(HEARTBEAT_MILLIS);
        client.setSSLMode(mode(String.valueOf(url.group(3)).toLowerCase(Locale.ROOT)));
        BinlogStream stream = new BinlogStream(client, settings.timeout(), from);
        client.setEventDeserializer(new Raw());
        client.registerEventListener(event -> stream.put((Bytes) event.getData()));
        client.registerLifecycleListener(stream.new Watch());
        Thread.ofPlatform().daemon().name("binlog").start(stream::run);
        try {
            stream.await(cancelled);
            return stream;
        } catch (SQLException e) {
            stream.close();
            cancelled.check();
            throw JdbcErrors.failed(settings, e);
        } catch (RuntimeException | Error e) {
            stream.close();
            throw e;
        }
    }

    /** As the drivers' URLs say it. */
    private static SSLMode mode(String parameters) {
        Matcher matcher = Pattern.compile("sslmode=([a-z_-]+)").matcher(parameters);
        if (!matcher.find()) {
            return SSLMode.PREFERRED;
        }
        return switch (matcher.group(1).replace('_', '-')) {
            case "disable", "disabled" -> SSLMode.DISABLED;
            case "trust", "required" -> SSLMode.REQUIRED;
            case "verify-ca" -> SSLMode.VERIFY_CA;
            case "verify-full", "verify-identity" -> SSLMode.VERIFY_IDENTITY;
            default -> SSLMode.PREFERRED;
        };
    }

    /** The bytes of an event. */
    private static final class Bytes implements EventData {
        private static final long serialVersionUID = 1;
        private final byte[] of;

        Bytes(byte[] of) {
            this.of = of;
        }

        byte[] of() {
            return of;
        }
    }

    /** Takes events out of packets as they are. */
    private static final class Raw extends EventDeserializer {
        private int checksum;

        @Deprecated
        @Override
        public void setChecksumType(ChecksumType type) {
            checksum = type.getLength();
        }

        @Override
        public Event nextEvent(ByteArrayInputStream in) throws IOException {
            byte[] head = in.read(HEAD);
            ByteBuffer header = ByteBuffer.wrap(head).order(ByteOrder.LITTLE_ENDIAN);
            int length = header.getInt(9) - HEAD;
            byte[] body = in.read(length);
            if (head[4] == FORMAT) {
                // Behind the format stands which checksums there are, and one of its own.
                checksum = length >= 5 && body[length - 5] == 1 ? 4 : 0;
            }
            int kept = length - (head[4] == FORMAT ? 0 : checksum);
            byte[] all = new byte[HEAD + kept];
            System.arraycopy(head, 0, all, 0, HEAD);
            System.arraycopy(body, 0, all, HEAD, kept);
            EventHeaderV4 ours = new EventHeaderV4();
            ours.setEventType(EventType.UNKNOWN);
            return new Event(ours, new Bytes(all));
        }
    }

    /** Hears of the connection. */
    private final class Watch extends BinaryLogClient.AbstractLifecycleListener {
        @Override
        public void onConnect(BinaryLogClient of) {
            synchronized (BinlogStream.this) {
                isConnected = true;
                BinlogStream.this.notifyAll();
            }
        }

        @Override
        public void onCommunicationFailure(BinaryLogClient of, Exception why) {
            fail(why);
        }

        @Override
        public void onEventDeserializationFailure(BinaryLogClient of, Exception why) {
            fail(why);
        }
    }

    private void run() {
        try {
            client.connect();
            fail(new IOException("the server ended the connection"));
        } catch (IOException | RuntimeException e) {
            fail(e);
        }
    }

    private synchronized void fail(Exception why) {
        if (failure == null) {
            failure = why;
        }
        notifyAll();
    }

    private synchronized void await(LogOrigin.Cancelled cancelled) throws SQLException {
        long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(2L * CONNECT_MILLIS);
        try {
            while (!isConnected && failure == null) {
                cancelled.check();
                if (System.nanoTime() > until) {
                    throw new SQLNonTransientConnectionException("no answer", "08001");
                }
                wait(50);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SQLNonTransientConnectionException("interrupted", "08001", e);
        }
        if (!isConnected) {
            throw failed();
        }
    }

    /** Many wait only as long as there is room for them. */
    private synchronized void put(Bytes event) {
        try {
            while (bytes > MOST_WAITING && !isClosed) {
                wait();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        }
        lastSeen = System.nanoTime();
        waiting.add(event.of());
        bytes += event.of().length;
    }

    @Override
    public @Nullable ByteBuffer next() throws SQLException {
        byte[] event;
        synchronized (this) {
            event = waiting.poll();
            if (event == null) {
                if (failure != null) {
                    throw failed();
                }
                if (System.nanoTime() - lastSeen > timeout.toNanos()) {
                    throw new SQLNonTransientConnectionException(
                            "it has been silent for %d s".formatted(timeout.toSeconds()), "08006");
                }
                return null;
            }
            bytes -= event.length;
            notifyAll();
        }
        hasRead = true;
        ByteBuffer in = ByteBuffer.wrap(event).order(ByteOrder.LITTLE_ENDIAN);
        follow(in);
        return in;
    }

    /** Where the log is behind an event. */
    private void follow(ByteBuffer in) {
        long next = Integer.toUnsignedLong(in.getInt(13));
        if (in.get(4) == ROTATE) {
            file = number(rotatedTo(in));
            next = in.getLong(HEAD);
            received = received.orLater(place(file, next));
        } else if (next > 0) {
            received = received.orLater(place(file, next));
        }
    }

    static String rotatedTo(ByteBuffer event) {
        byte[] name = new byte[event.limit() - HEAD - 8];
        event.get(HEAD + 8, name);
        return new String(name, StandardCharsets.UTF_8);
    }

    /** The number behind the dot. */
    static int number(String file) {
        return Integer.parseInt(file.substring(file.lastIndexOf('.') + 1));
    }

    static Lsn place(int file, long position) {
        return new Lsn(((long) file << 32) | (position & 0xFFFF_FFFFL));
    }

    /** What the failure was in the words of JDBC. */
    private SQLException failed() {
        Exception why = failure;
        Throwable cause = why;
        while (cause != null && !(cause instanceof ServerException)) {
            cause = cause.getCause();
        }
        if (why instanceof AuthenticationException refused) {
            return new SQLException(refused.getMessage(), "28000", refused.getErrorCode(), refused);
        }
        if (cause instanceof ServerException said) {
            return new SQLException(
                    said.getMessage(),
                    String.valueOf(said.getSqlState()),
                    said.getErrorCode(),
                    said);
        }
        String reason = why == null ? "" : String.valueOf(why.getMessage());
        return new SQLNonTransientConnectionException(reason, "08006", why);
    }

    @Override
    public Lsn received() {
        return received;
    }

    @Override
    public boolean hasRead() {
        return hasRead;
    }

    /** It says so itself, twice a second. */
    @Override
    public void ask() {}

    /** A server forgets its binary log when it likes. */
    @Override
    public void confirm(Lsn place) {}

    @Override
    public void close() {
        synchronized (this) {
            isClosed = true;
            waiting.clear();
            bytes = 0;
            notifyAll();
        }
        try {
            client.disconnect();
        } catch (IOException e) {
            // It is of no use to anybody any more, closed or not.
        }
    }
}
