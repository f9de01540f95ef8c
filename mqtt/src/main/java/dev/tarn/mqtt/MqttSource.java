package dev.tarn.mqtt;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.TarnException;
import dev.tarn.model.table.Schema;
import dev.tarn.mqtt.Session.Arrived;
import dev.tarn.spi.OpenSource;
import dev.tarn.spi.RowSink;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The topics of one source. It connects when it is first asked for messages, since a broker lets
 * only one program read a session: who only wants to know columns takes it from nobody.
 */
final class MqttSource implements OpenSource {
    /** After so many silent waits while following, the broker is asked whether it is there. */
    private static final int ASK_AFTER = 20;

    /** No broker waits for acknowledgements before it has sent so many messages. */
    private static final int FEWEST_AHEAD = 16;

    private final MqttSettings settings;
    private final Clock clock;
    private final MessageRows rows;
    private volatile @Nullable Connection connection;
    private @Nullable Session session;
    private String base = "";
    private @Nullable SessionPosition offered;
    private String warning = "";
    private volatile boolean cancelled;

    MqttSource(MqttSettings settings, Clock clock) {
        this.settings = settings;
        this.clock = clock;
        this.rows = new MessageRows(settings);
    }

    @Override
    public Optional<Schema> columns() {
        return rows.documents() ? Optional.empty() : Optional.of(rows.tableColumns());
    }

    @Override
    public Optional<Batch> next(Map<String, String> positions, Limits limits) {
        check();
        String now = positions.getOrDefault(SessionPosition.PART, "");
        Session reading = session(now);
        warning = reading.warning().orElse("");
        boolean something = limits.linger() ? awaited(reading, limits) : reading.awaitMessage();
        return something || reading.hasNews()
                ? Optional.of(new MessageBatch(reading, limits))
                : Optional.empty();
    }

    private void check() {
        if (cancelled) {
            throw MqttErrors.interrupted(settings.broker());
        }
    }

    /** The session behind a position. A connection that broke meanwhile is made again, once. */
    private Session session(String now) {
        Session known = session;
        if (known != null) {
            try {
                if (goesOn(known, now)) {
                    return known;
                }
            } catch (TarnException broke) {
                if (broke.code() != ErrorCode.SOURCE_UNAVAILABLE) {
                    throw broke;
                }
            }
            end();
        }
        Optional<SessionPosition> from =
                now.isEmpty() ? Optional.empty() : Optional.of(SessionPosition.parse(now));
        Connection opened = Connection.open(settings);
        connection = opened;
        try {
            check();
            Session begun = Session.open(settings, clock, opened, from, this::check);
            session = begun;
            base = now;
            offered = null;
            return begun;
        } catch (RuntimeException e) {
            opened.close();
            throw e;
        }
    }

    /** Whether the open session stands there; it is told what has been published. */
    private boolean goesOn(Session known, String now) {
        if (known.isBroken()) {
            return false;
        }
        SessionPosition last = offered;
        if (last != null && now.equals(last.value())) {
            known.published(last);
            base = now;
            offered = null;
            return true;
        }
        known.takeBack();
        offered = null;
        return now.equals(base);
    }

    private void end() {
        Session known = session;
        session = null;
        offered = null;
        if (known != null) {
            known.close();
        }
    }

    /** Whether there are messages, for which it waits a while. */
    private boolean awaited(Session reading, Limits limits) {
        Instant begun = clock.instant();
        int silent = 0;
        while (reading.waiting() == 0 && !isOver(begun, limits.every())) {
            if (reading.await(settings.settle())) {
                silent = 0;
            } else if (reading.hasNews()) {
                return true;
            } else if (++silent % ASK_AFTER == 0) {
                reading.ask();
            }
        }
        return reading.waiting() > 0;
    }

    /** A clock that was put back ends a wait, too. */
    private boolean isOver(Instant begun, Duration wait) {
        Duration passed = Duration.between(begun, clock.instant());
        return passed.isNegative() || passed.compareTo(wait) >= 0;
    }

    @Override
    public Optional<String> warning() {
        return warning.isEmpty() ? Optional.empty() : Optional.of(warning);
    }

    @Override
    public void cancel() {
        cancelled = true;
        Connection open = connection;
        if (open != null) {
            open.cut();
        }
    }

    @Override
    public void close() {
        end();
        Connection open = connection;
        if (open != null) {
            open.close();
        }
    }

    /** Messages up to the limits. */
    private final class MessageBatch implements Batch, Portion {
        private final Session reading;
        private final Limits limits;
        private boolean more;

        MessageBatch(Session reading, Limits limits) {
            this.reading = reading;
            this.limits = limits;
        }

        @Override
        public Schema columns() {
            return rows.columns();
        }

        @Override
        public Optional<String> document() {
            return rows.documents() ? Optional.of(MessageRows.VALUE) : Optional.empty();
        }

        @Override
        public Optional<RowPlace> place() {
            return Optional.of(MessageRows.PLACE);
        }

        @Override
        public Optional<Changes> changes() {
            return rows.changes();
        }

        @Override
        public boolean more() {
            return more;
        }

        @Override
        public List<Portion> portions() {
            return List.of(this);
        }

        @Override
        public Outcome read(RowSink sink, Refusals refusals) {
            Instant opened = clock.instant();
            reading.takeBack();
            reading.lost()
                    .ifPresent(text ->
                            refusals.refuse(SessionPosition.PART, reading.nextNumber(), text, ""));
            long number = reading.nextNumber();
            long count = 0;
            long bytes = 0;
            while (count < limits.rows() && bytes < limits.bytes()) {
                check();
                if (count > 0 && isOver(opened, limits.every())) {
                    break;
                }
                Arrived arrived = reading.give();
                if (arrived != null) {
                    count += rows.tell(arrived, number++, sink, refusals);
                    bytes += arrived.message().length() + arrived.message().topic().length();
                } else if (count == 0 || !awaitsMore()) {
                    break;
                }
            }
            // Brokers wait for acknowledgements before they send on: only silence is an end.
            more = !limits.linger() || reading.waiting() > 0;
            SessionPosition after = reading.offer();
            offered = after;
            return new Outcome(
                    Map.of(SessionPosition.PART, Optional.of(after.value())), bytes, false);
        }

        /** Whether to go on; a batch that began without a message is to be published as it is. */
        private boolean awaitsMore() {
            if (reading.isFull()) {
                return false;
            }
            if (limits.linger()) {
                return reading.await(settings.settle()) || reading.underway() < FEWEST_AHEAD;
            }
            return reading.awaitMessage();
        }

        @Override
        public void close() {}
    }
}
