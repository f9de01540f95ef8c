package dev.tarn.jdbc;

import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.replication.LogSequenceNumber;
import org.postgresql.replication.PGReplicationStream;

/** What the log of a slot of PostgreSQL sends. */
final class SlotStream implements LogStream {
    private static final Duration OTHERS = Duration.ofSeconds(10);
    private static final Duration ASK_AGAIN = Duration.ofMillis(50);
    private static final long LOOK_AGAIN = 100_000_000;

    private final Connections connections;
    private final Connection connection;
    private final PGReplicationStream stream;
    private final Clock clock;
    private Instant asked = Instant.MIN;
    private boolean hasRead;

    private SlotStream(
            Connections connections,
            Connection connection,
            PGReplicationStream stream,
            Clock clock) {
        this.connections = connections;
        this.connection = connection;
        this.stream = stream;
        this.clock = clock;
    }

    /**
     * @param from transactions that were committed before are left out
     */
    static SlotStream open(
            Connections connections,
            JdbcSettings settings,
            LogSettings log,
            Lsn from,
            Clock clock,
            LogOrigin.Cancelled cancelled) {
        Instant until = clock.instant().plus(OTHERS);
        while (true) {
            Connection connection =
                    connections.open(
                            Map.of(
                                    "replication", "database",
                                    "preferQueryMode", "simple",
                                    "assumeMinServerVersion", "10"));
            try {
                return new SlotStream(connections, connection, start(connection, log, from), clock);
            } catch (SQLException e) {
                connections.drop(connection);
                cancelled.check();
                boolean isInUse = String.valueOf(e.getSQLState()).equals("55006");
                if (!isInUse) {
                    throw JdbcErrors.failed(settings, e);
                }
                // Of a process that was killed the server may not know yet.
                if (clock.instant().isAfter(until)) {
                    throw LogErrors.slotInUse(settings, log.slot());
                }
                LockSupport.parkNanos(LOOK_AGAIN);
            }
        }
    }

    private static PGReplicationStream start(Connection connection, LogSettings log, Lsn from)
            throws SQLException {
        return connection
                .unwrap(PGConnection.class)
                .getReplicationAPI()
                .replicationStream()
                .logical()
                .withSlotName(log.slot())
                .withStartPosition(LogSequenceNumber.valueOf(from.value()))
                .withSlotOption("proto_version", 1)
                .withSlotOption(
                        "publication_names", "\"" + log.publication().replace("\"", "\"\"") + "\"")
                .withStatusInterval(10, TimeUnit.SECONDS)
                .withAutomaticFlush(false)
                .start();
    }

    @Override
    public @Nullable ByteBuffer next() throws SQLException {
        ByteBuffer message = stream.readPending();
        hasRead |= message != null;
        return message;
    }

    @Override
    public Lsn received() {
        return new Lsn(stream.getLastReceiveLSN().asLong());
    }

    @Override
    public boolean hasRead() {
        return hasRead;
    }

    @Override
    public void ask() throws SQLException {
        Instant now = clock.instant();
        if (asked.isBefore(now.minus(ASK_AGAIN))) {
            asked = now;
            stream.forceUpdateStatus();
            hasRead = true;
        }
    }

    @Override
    public void confirm(Lsn place) throws SQLException {
        LogSequenceNumber number = LogSequenceNumber.valueOf(place.value());
        stream.setAppliedLSN(number);
        stream.setFlushedLSN(number);
        stream.forceUpdateStatus();
    }

    @Override
    public void close() {
        connections.drop(connection);
    }
}
