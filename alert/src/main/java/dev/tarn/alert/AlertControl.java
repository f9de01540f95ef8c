package dev.tarn.alert;

import dev.tarn.model.alert.Alert;
import dev.tarn.model.alert.AlertBook;
import dev.tarn.model.alert.AlertChannel;
import dev.tarn.model.alert.AlertKind;
import dev.tarn.model.alert.Finding;
import dev.tarn.model.alert.Notice;
import dev.tarn.model.alert.Severity;
import dev.tarn.model.alert.Silence;
import dev.tarn.spi.AlertStore;
import dev.tarn.spi.AlertTables;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** What people ask and say about alerts. Safe for use by many threads. */
public final class AlertControl {
    private static final int TEXT_MAX = 500;
    private static final Duration SILENCE_MAX = Duration.ofDays(90);

    private final AlertStore store;
    private final AlertFacts facts;
    private final UnaryOperator<String> secrets;
    private final Clock clock;

    public AlertControl(
            AlertStore store, AlertFacts facts, UnaryOperator<String> secrets, Clock clock) {
        this.store = store;
        this.facts = facts;
        this.secrets = secrets;
        this.clock = clock;
    }

    /** The open ones, the worst first. */
    public List<Alert> open() {
        return store.read(AlertTables::open).stream()
                .sorted(
                        java.util.Comparator.comparing(Alert::severity)
                                .reversed()
                                .thenComparing(Alert::openedAt)
                                .thenComparing(Alert::id))
                .toList();
    }

    /** Newest first, those that are over included. */
    public List<Alert> all(int limit) {
        return store.read(t -> t.alerts(limit));
    }

    /** Messages of a status, newest first. */
    public List<Notice> notices(Notice.Status status, int limit) {
        return store.read(t -> t.notices(status, limit));
    }

    public long count(Notice.Status status) {
        return store.read(t -> t.count(status));
    }

    /** Those that hold now or later, by their ends. */
    public List<Silence> silences() {
        Instant now = clock.instant();
        return store.read(AlertTables::silences).stream().filter(s -> s.holds(now)).toList();
    }

    /**
     * Says that somebody is at it: it is not repeated any more.
     *
     * @throws dev.tarn.model.TarnException {@code OUTDATED} if it is over, or somebody else is at
     *     it
     */
    public Alert ack(String id, String by) {
        return store.change(tables -> {
            Alert alert = tables.alert(id).orElseThrow(() -> AlertErrors.noAlert(id));
            if (!alert.isOpen()) {
                throw AlertErrors.alreadyOver(id);
            }
            alert.ackedBy()
                    .filter(other -> !other.equals(by))
                    .ifPresent(other -> {
                        throw AlertErrors.takenBy(id, other);
                    });
            Alert acked = alert.acked(by);
            tables.put(acked);
            return acked;
        });
    }

    /** Lets nobody hear of some alerts for a while. */
    public Silence silence(
            Optional<AlertKind> kind,
            Optional<String> subject,
            Optional<String> owner,
            Duration time,
            String by,
            String reason) {
        if (kind.isEmpty() && subject.isEmpty() && owner.isEmpty()) {
            throw AlertErrors.silencesAll();
        }
        if (Stream.of(subject.orElse(""), owner.orElse(""), reason)
                .anyMatch(text -> text.length() > TEXT_MAX)) {
            throw AlertErrors.silenceTooWordy(TEXT_MAX);
        }
        if (time.compareTo(Duration.ofSeconds(1)) < 0 || time.compareTo(SILENCE_MAX) > 0) {
            throw AlertErrors.silenceTooLong();
        }
        Instant now = clock.instant();
        return store.change(tables -> {
            Silence silence =
                    new Silence(
                            "s" + tables.token(),
                            kind,
                            subject,
                            owner,
                            now,
                            now.plus(time),
                            by,
                            reason);
            tables.put(silence);
            return silence;
        });
    }

    public void endSilence(String id) {
        store.change(tables -> {
            if (tables.silences().stream().noneMatch(s -> s.id().equals(id))) {
                throw AlertErrors.noSilence(id);
            }
            tables.removeSilence(id);
            return id;
        });
    }

    /** Sends a message that was given up once more. */
    public Notice again(String id) {
        Instant now = clock.instant();
        return store.change(tables -> {
            Notice notice = tables.notice(id).orElseThrow(() -> AlertErrors.noNotice(id));
            if (notice.status() != Notice.Status.DEAD) {
                throw AlertErrors.notDead(
                        id, notice.status() == Notice.Status.SENT ? "sent" : "still to be sent");
            }
            Notice again = notice.again(now);
            tables.put(again);
            return again;
        });
    }

    /**
     * Sends a message at once that says that nothing is wrong.
     *
     * @throws dev.tarn.model.TarnException why it was not taken
     */
    public void test(String name) {
        AlertBook book = facts.book();
        AlertChannel channel = book.channels().get(name);
        if (channel == null) {
            throw AlertErrors.noChannel(name, book.channels().keySet());
        }
        Instant now = clock.instant();
        Alert alert =
                new Alert(
                        "test-" + now.toEpochMilli(),
                        new Finding(
                                AlertKind.RUN_FAILED,
                                "test",
                                Optional.empty(),
                                now,
                                "Nothing is wrong. Somebody tries whether messages arrive here.",
                                Optional.empty(),
                                List.of(),
                                Optional.empty(),
                                "/"),
                        Severity.INFO,
                        now,
                        Optional.empty(),
                        Optional.empty());
        Notice notice =
                new Notice(
                        alert.id(),
                        name,
                        "test",
                        Notice.Status.WAITING,
                        now,
                        now,
                        1,
                        Optional.empty(),
                        Optional.empty(),
                        List.of(new Notice.Entry(alert, Notice.Event.TEST, now)));
        new Messenger(clock, secrets)
                .send(notice, channel, new Wording(facts.project(), book.link().orElse("")));
    }
}
