package dev.tarn.alert;

import dev.tarn.model.alert.Alert;
import dev.tarn.model.alert.AlertBook;
import dev.tarn.model.alert.AlertRoute;
import dev.tarn.model.alert.Notice;
import dev.tarn.model.alert.Silence;
import dev.tarn.model.alert.Told;
import dev.tarn.spi.AlertTables;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares what is red with what is written down, and puts what has to be told into the outbox, all
 * in one change: whatever happens afterwards, it is told.
 */
final class Bookkeeping {
    private static final Logger log = LoggerFactory.getLogger(Bookkeeping.class);

    /** So many messages wait at most; what is not told for that reason is told later. */
    static final int WAITING_MAX = 5_000;

    /** A message has so many entries at most. */
    static final int ENTRIES_MAX = 100;

    private final AlertTables tables;
    private final AlertBook book;
    private final Instant now;
    private int made;

    Bookkeeping(AlertTables tables, AlertBook book, Instant now) {
        this.tables = tables;
        this.book = book;
        this.now = now;
    }

    private record Pair(String alert, String channel) {}

    void update(Judgement judgement) {
        List<Alert> open = compare(judgement);
        Map<Pair, Told> told = new HashMap<>();
        tables.told().forEach(t -> told.put(new Pair(t.alert(), t.channel()), t));
        List<Silence> silences = tables.silences().stream().filter(s -> s.holds(now)).toList();
        long room = WAITING_MAX - tables.count(Notice.Status.WAITING);
        if (room <= 0) {
            log.warn("{} messages wait to be sent; no more are made until some are", WAITING_MAX);
            return;
        }
        for (Alert alert : open) {
            if (silences.stream().noneMatch(s -> s.concerns(alert))) {
                tell(alert, told);
            }
        }
        for (Alert alert : tables.overUntold()) {
            tellEnd(alert, told.values());
        }
    }

    /** Writes down what is new and what is over; returns what is open. */
    private List<Alert> compare(Judgement judgement) {
        Map<Alert.Key, Alert> known = new HashMap<>();
        tables.open().forEach(a -> known.put(a.key(), a));
        List<Alert> open = new ArrayList<>();
        judgement
                .red()
                .forEach((key, red) -> {
                    Alert before = known.remove(key);
                    Alert after =
                            before == null
                                    ? new Alert(
                                            id("a"),
                                            red.finding(),
                                            red.severity(),
                                            now,
                                            Optional.empty(),
                                            Optional.empty())
                                    : before.seen(red.finding(), red.severity());
                    if (!after.equals(before)) {
                        tables.put(after);
                    }
                    open.add(after);
                });
        for (Alert gone : known.values()) {
            if (judgement.unknown().contains(gone.finding().kind())) {
                open.add(gone);
            } else {
                tables.put(gone.resolved(now));
            }
        }
        return open;
    }

    private void tell(Alert alert, Map<Pair, Told> told) {
        Set<String> done = new HashSet<>();
        for (AlertRoute route : book.routes(alert)) {
            for (String channel : route.channels()) {
                if (done.add(channel)) {
                    event(
                                    alert,
                                    route,
                                    Optional.ofNullable(told.get(new Pair(alert.id(), channel))))
                            .ifPresent(e -> enqueue(alert, route, channel, e));
                }
            }
        }
    }

    private Optional<Notice.Event> event(Alert alert, AlertRoute route, Optional<Told> told) {
        if (told.isEmpty()) {
            return Optional.of(Notice.Event.FIRING);
        }
        if (told.get().event() == Notice.Event.ACKNOWLEDGED) {
            return Optional.empty();
        }
        if (alert.ackedBy().isPresent()) {
            return Optional.of(Notice.Event.ACKNOWLEDGED);
        }
        return route.repeat()
                .filter(every -> !told.get().at().plus(every).isAfter(now))
                .map(every -> Notice.Event.REMINDER);
    }

    /** Whoever heard that something is wrong hears that it is over. */
    private void tellEnd(Alert alert, Iterable<Told> told) {
        for (Told one : told) {
            if (!one.alert().equals(alert.id()) || one.event() == Notice.Event.RESOLVED) {
                continue;
            }
            Optional<AlertRoute> route =
                    book.routes(alert).stream()
                            .filter(r -> r.channels().contains(one.channel()))
                            .findFirst();
            if (route.filter(AlertRoute::resolved).isPresent()) {
                enqueue(alert, route.get(), one.channel(), Notice.Event.RESOLVED);
            } else {
                tables.put(new Told(alert.id(), one.channel(), Notice.Event.RESOLVED, now));
            }
        }
    }

    private void enqueue(Alert alert, AlertRoute route, String channel, Notice.Event event) {
        String group = route.group(alert);
        Notice.Entry entry = new Notice.Entry(alert, event, now);
        Notice notice =
                tables.gathering(channel, group)
                        .filter(n -> n.entries().size() < ENTRIES_MAX)
                        .map(n -> with(n, entry))
                        .orElseGet(() -> fresh(channel, group, route, entry));
        tables.put(notice);
        tables.put(new Told(alert.id(), channel, event, now));
    }

    private static Notice with(Notice notice, Notice.Entry entry) {
        List<Notice.Entry> entries = new ArrayList<>(notice.entries());
        entries.add(entry);
        return new Notice(
                notice.id(),
                notice.channel(),
                notice.group(),
                notice.status(),
                notice.createdAt(),
                notice.dueAt(),
                notice.attempts(),
                notice.finishedAt(),
                notice.error(),
                entries);
    }

    private Notice fresh(String channel, String group, AlertRoute route, Notice.Entry entry) {
        Instant first = now.plus(route.delay());
        Instant due =
                tables.lastSent(channel, group)
                        .map(sent -> sent.plus(route.pause()))
                        .filter(first::isBefore)
                        .orElse(first);
        return new Notice(
                id("n"),
                channel,
                group,
                Notice.Status.WAITING,
                now,
                due,
                0,
                Optional.empty(),
                Optional.empty(),
                List.of(entry));
    }

    private String id(String letter) {
        return "%s%d-%d".formatted(letter, tables.token(), ++made);
    }
}
