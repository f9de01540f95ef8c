package dev.tarn.mqtt;

import dev.tarn.mqtt.Packet.Message;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a broker keeps for us, as long as one connection lasts: messages that wait, those of the
 * batch that is being made, and those that have landed and may come again.
 *
 * <p>A message is acknowledged once it is published, and its number is part of what is published,
 * until it is certain that the broker knows. So a broker that did not hear of it sends it again,
 * and it is known. Numbers of quality 2 are given back when what says that they have landed is
 * published no more, so that nothing else ever comes under them in between.
 */
final class Session implements AutoCloseable {
    private static final int MOST_ROUNDS = 5;

    private final MqttSettings settings;
    private final Clock clock;
    private final Connection connection;
    private final Runnable check;

    private final Deque<Arrived> pending = new ArrayDeque<>();
    private final List<Arrived> given = new ArrayList<>();
    private final Set<Integer> unacknowledged = new HashSet<>();

    /** Numbers that have landed, as they were published last. */
    private Map<Integer, Integer> once = new HashMap<>();

    private Set<Integer> twice = new HashSet<>();

    /** Of these, those of which something was heard or said on this connection. */
    private final Set<Integer> heard = new HashSet<>();

    private final Set<Integer> acknowledged = new HashSet<>();
    private final Set<Integer> beforePing = new HashSet<>();
    private final Set<Integer> certain = new HashSet<>();
    private final Set<Integer> released = new HashSet<>();
    private boolean repeating;
    private boolean quiet;
    private boolean pinged;
    private boolean broken;
    private long next;
    private boolean begun;
    private Optional<String> lost = Optional.empty();
    private final List<String> warnings = new ArrayList<>();

    /** A message, and when it came. */
    record Arrived(Message message, Instant at) {}

    private Session(MqttSettings settings, Clock clock, Connection connection, Runnable check) {
        this.settings = settings;
        this.clock = clock;
        this.connection = connection;
        this.check = check;
    }

    /**
     * Goes on with a session, or begins one.
     *
     * @param base where reading stands
     * @param check ends what is cancelled
     * @throws dev.tarn.model.TarnException {@code SOURCE_UNAVAILABLE}, {@code SOURCE_DENIED},
     *     {@code SOURCE_UNREADABLE}; {@code SOURCE_GONE} when the broker has lost the session
     */
    static Session open(
            MqttSettings settings,
            Clock clock,
            Connection connection,
            Optional<SessionPosition> base,
            Runnable check) {
        Session session = new Session(settings, clock, connection, check);
        session.begin(base);
        return session;
    }

    /** Sees to it that the session that was just made is not taken for the one that is lost. */
    private void forget() {
        try (Connection another = Connection.open(settings);
                Session none = new Session(settings, clock, another, check)) {
            Packet.Accepted unused = none.connect(true);
        }
    }

    private void begin(Optional<SessionPosition> base) {
        Packet.Accepted accepted = connect(false);
        boolean kept =
                accepted.sessionThere()
                        && base.filter(b -> b.client().equals(settings.clientId())).isPresent();
        if (base.isPresent() && !kept) {
            String text = MqttErrors.lost(settings.broker(), settings.clientId(), base.get().at());
            if (!settings.goesOn()) {
                connection.close();
                forget();
                throw MqttErrors.gone(text);
            }
            lost = Optional.of(text);
        }
        List<String> had = kept ? base.orElseThrow().filters() : List.of();
        begun = !kept;
        next = base.map(SessionPosition::next).orElse(1L);
        if (kept) {
            once = new HashMap<>(base.orElseThrow().once());
            twice = new HashSet<>(base.orElseThrow().twice());
        }
        repeating = accepted.sessionThere();
        if (settings.five()
                && accepted.expirySeconds() >= 0
                && accepted.expirySeconds() < settings.keepSession().toSeconds()) {
            warnings.add(
                    MqttErrors.shorter(
                            settings.broker(), settings.keepSession(), accepted.expirySeconds()));
        }
        List<String> wanted = filters();
        if (!had.equals(wanted)) {
            begun = true;
            subscribe(wanted.stream().filter(f -> !had.contains(f)).toList());
            giveUp(had.stream().filter(f -> !wanted.contains(f)).toList(), wanted);
        }
    }

    /** Filters with their quality. */
    private List<String> filters() {
        return settings.filters().stream()
                .map(f -> settings.quality() + ":" + f.asked())
                .sorted()
                .toList();
    }

    private Packet.Accepted connect(boolean clean) {
        connection.send(connection.writer().connect(settings, settings.clientId(), clean));
        Packet packet = awaited(Packet.Accepted.class);
        Packet.Accepted accepted = (Packet.Accepted) packet;
        if (accepted.code() != 0) {
            throw MqttErrors.refused(
                    settings, settings.clientId(), accepted.code(), accepted.reason());
        }
        return accepted;
    }

    private void subscribe(List<String> added) {
        if (added.isEmpty()) {
            return;
        }
        List<String> plain = added.stream().map(Session::plain).toList();
        connection.send(connection.writer().subscribe(1, plain, settings.quality()));
        List<Integer> codes = ((Packet.Answered) awaited(Packet.Answered.class)).codes();
        for (int i = 0; i < Math.min(plain.size(), codes.size()); i++) {
            int code = codes.get(i);
            if (code >= 0x80) {
                throw MqttErrors.filter(settings.broker(), plain.get(i), code, settings.five());
            }
            if (code < settings.quality()) {
                warnings.add(MqttErrors.lower(plain.get(i), code));
            }
        }
    }

    private void giveUp(List<String> old, List<String> wanted) {
        List<String> kept = wanted.stream().map(Session::plain).toList();
        List<String> gone =
                old.stream().map(Session::plain).filter(f -> !kept.contains(f)).toList();
        if (!gone.isEmpty()) {
            connection.send(connection.writer().unsubscribe(2, gone));
            awaited(Packet.Answered.class);
        }
    }

    private static String plain(String filter) {
        return filter.substring(2);
    }

    /** The first packet of a kind; others that come before it count as well. */
    private Packet awaited(Class<? extends Packet> kind) {
        while (true) {
            Packet packet = connection.await(settings.timeout());
            check.run();
            if (packet == null) {
                broken = true;
                throw MqttErrors.silent(settings.broker(), settings.timeout());
            }
            if (kind.isInstance(packet)) {
                return packet;
            }
            take(packet);
        }
    }

    boolean isBroken() {
        return broken;
    }

    Optional<String> lost() {
        return lost;
    }

    Optional<String> warning() {
        return warnings.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", warnings));
    }

    int waiting() {
        return pending.size();
    }

    private void take(Packet packet) {
        switch (packet) {
            case Message message -> take(message);
            case Packet.Released(int id) -> {
                if (twice.contains(id)) {
                    released.add(id);
                    heard.add(id);
                } else {
                    send(PacketWriter.complete(id));
                }
            }
            case Packet.Pong unused -> {
                pinged = false;
                certain.addAll(beforePing);
                beforePing.clear();
            }
            case Packet.Goodbye(int code, String reason) -> {
                broken = true;
                check.run();
                throw MqttErrors.goodbye(settings.broker(), settings.clientId(), code, reason);
            }
            case Packet.End(String reason) -> {
                broken = true;
                check.run();
                throw MqttErrors.away(settings.broker(), reason);
            }
            case Packet.Accepted unused -> {}
            case Packet.Answered unused -> {}
            case Packet.Other unused -> {}
        }
    }

    private void take(Message message) {
        int id = message.id();
        if (message.quality() > 0 && unacknowledged.contains(id)) {
            return;
        }
        repeating &= message.again() || message.quality() == 0;
        if (isLanded(message)) {
            heard.add(id);
            acknowledge(message);
            return;
        }
        pending.add(new Arrived(message, clock.instant()));
        if (message.quality() > 0) {
            unacknowledged.add(id);
        }
    }

    /** Whether it is in the table, and the broker did not hear of it. */
    private boolean isLanded(Message message) {
        Integer mark = once.get(message.id());
        return switch (message.quality()) {
            case 0 -> false;
            case 1 -> repeating && message.again() && mark != null && mark == message.mark();
            default -> twice.contains(message.id()) && !released.contains(message.id());
        };
    }

    private void acknowledge(Message message) {
        if (message.quality() == 1) {
            acknowledged.add(message.id());
            certain.remove(message.id());
            send(PacketWriter.landed(message.id()));
        } else if (message.quality() == 2) {
            send(PacketWriter.received(message.id()));
        }
    }

    private void send(byte[] packet) {
        try {
            connection.send(packet);
        } catch (RuntimeException e) {
            broken = true;
            throw e;
        }
    }

    /** What is answered to this is behind everything that was said before. */
    private void ping() {
        if (!pinged) {
            pinged = true;
            beforePing.addAll(acknowledged);
            acknowledged.clear();
            send(PacketWriter.ping());
        }
    }

    private void awaitPong() {
        ping();
        while (pinged && !broken) {
            Packet packet = connection.await(settings.timeout());
            check.run();
            if (packet == null) {
                broken = true;
                throw MqttErrors.silent(settings.broker(), settings.timeout());
            }
            take(packet);
        }
    }

    /** Waits until there is a message, or nothing more for now. */
    boolean awaitMessage() {
        int rounds = 0;
        while (pending.isEmpty()) {
            awaitPong();
            Packet packet = pending.isEmpty() ? connection.poll(settings.settle()) : null;
            check.run();
            if (packet != null) {
                take(packet);
            } else if (pending.isEmpty()) {
                awaitPong();
                rounds++;
                if (pending.isEmpty() && (!isOwed() || rounds == MOST_ROUNDS)) {
                    silent();
                    return false;
                }
            }
        }
        return true;
    }

    /** Waits a little; whether something came. */
    boolean await(Duration wait) {
        Packet packet = connection.poll(wait);
        check.run();
        if (packet == null) {
            silent();
            return false;
        }
        take(packet);
        return true;
    }

    /** Sees to it that the broker is still there. */
    void ask() {
        awaitPong();
    }

    private void silent() {
        repeating = false;
        quiet = true;
    }

    /** Whether the broker is about to give back numbers of quality 2. */
    private boolean isOwed() {
        return !released.containsAll(twice);
    }

    /** How many messages wait for an acknowledgement. */
    int underway() {
        return unacknowledged.size();
    }

    boolean isFull() {
        return underway() >= settings.window();
    }

    /** The next message for the batch; null if there is none now. */
    @Nullable Arrived give() {
        Arrived arrived = pending.poll();
        if (arrived != null) {
            given.add(arrived);
        }
        return arrived;
    }

    long nextNumber() {
        return next;
    }

    /** What was given was not published: it comes again. */
    void takeBack() {
        for (int i = given.size() - 1; i >= 0; i--) {
            pending.addFirst(given.get(i));
        }
        given.clear();
    }

    /** Whether there is something to publish although there is no message. */
    boolean hasNews() {
        return begun
                || lost.isPresent()
                || once.keySet().stream().anyMatch(this::isOver)
                || twice.stream().anyMatch(this::isDone);
    }

    /** Whether a message of quality 1 cannot come again. */
    private boolean isOver(int id) {
        return certain.contains(id) || (!heard.contains(id) && !repeating);
    }

    /** Whether one of quality 2 cannot. */
    private boolean isDone(int id) {
        return released.contains(id) || (!heard.contains(id) && quiet);
    }

    /** Where reading stands when what was given is published. */
    SessionPosition offer() {
        Map<Integer, Integer> seen = new HashMap<>(once);
        seen.keySet().removeIf(this::isOver);
        Set<Integer> received = new HashSet<>(twice);
        received.removeIf(this::isDone);
        for (Arrived one : given) {
            Message message = one.message();
            if (message.quality() == 1) {
                seen.put(message.id(), message.mark());
            } else if (message.quality() == 2) {
                received.add(message.id());
            }
        }
        return new SessionPosition(
                settings.clientId(),
                clock.instant(),
                next + given.size(),
                filters(),
                seen,
                received);
    }

    /** What was offered is published: the broker is told. */
    void published(SessionPosition offered) {
        List<Arrived> landed = List.copyOf(given);
        List<Integer> complete =
                released.stream().filter(id -> !offered.twice().contains(id)).toList();
        given.clear();
        next = offered.next();
        begun = false;
        lost = Optional.empty();
        once = new HashMap<>(offered.once());
        twice = new HashSet<>(offered.twice());
        for (Arrived one : landed) {
            unacknowledged.remove(one.message().id());
            certain.remove(one.message().id());
            heard.add(one.message().id());
        }
        complete.forEach(released::remove);
        landed.forEach(one -> acknowledge(one.message()));
        complete.forEach(id -> send(PacketWriter.complete(id)));
        if (!landed.isEmpty()) {
            ping();
        }
    }

    @Override
    public void close() {
        if (!broken) {
            try {
                connection.send(PacketWriter.disconnect());
            } catch (RuntimeException e) {
                // The broker notices that it is gone.
            }
        }
        connection.close();
    }
}
