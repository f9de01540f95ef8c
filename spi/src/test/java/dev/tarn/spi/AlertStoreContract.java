package dev.tarn.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.model.Place;
import dev.tarn.model.alert.Alert;
import dev.tarn.model.alert.AlertKind;
import dev.tarn.model.alert.Desk;
import dev.tarn.model.alert.Finding;
import dev.tarn.model.alert.Mark;
import dev.tarn.model.alert.Notice;
import dev.tarn.model.alert.Severity;
import dev.tarn.model.alert.Signal;
import dev.tarn.model.alert.Silence;
import dev.tarn.model.alert.Told;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** What every store of alerts keeps. */
public abstract class AlertStoreContract {
    private static final Instant NOW = Instant.parse("2026-11-21T12:00:00.123456789Z");

    /** One in which nothing is. */
    protected abstract AlertStore emptyStore();

    private static Finding finding(String subject) {
        return new Finding(
                AlertKind.CHECK_FAILED,
                subject,
                Optional.of("ann & bob"),
                NOW.minusSeconds(60),
                "3 rows.\nÜber alles: 'x' \\ \"y\"",
                Optional.of(new Place("models/a.yml", 3, 7)),
                List.of("gold.a", "exposure Weekly"),
                Optional.of("publication 7"),
                "/assets/gold.a");
    }

    private static Alert alert(String id, String subject) {
        return new Alert(
                id, finding(subject), Severity.CRITICAL, NOW, Optional.empty(), Optional.empty());
    }

    private static Notice notice(String id, String group, Notice.Entry... entries) {
        return new Notice(
                id,
                "team",
                group,
                Notice.Status.WAITING,
                NOW,
                NOW.plusSeconds(30),
                0,
                Optional.empty(),
                Optional.empty(),
                List.of(entries));
    }

    private static void put(AlertStore store, Alert... alerts) {
        store.change(tables -> {
            List.of(alerts).forEach(tables::put);
            return alerts;
        });
    }

    @Test
    void anAlertIsReadAsItWasWritten() {
        AlertStore store = emptyStore();
        Alert full = alert("a1", "gold.a").acked("cleo");
        Finding bare =
                new Finding(
                        AlertKind.JOB_FAILED,
                        "nightly",
                        Optional.empty(),
                        NOW,
                        "It failed.",
                        Optional.empty(),
                        List.of(),
                        Optional.empty(),
                        "/jobs");
        Alert plain =
                new Alert(
                        "a2",
                        bare,
                        Severity.INFO,
                        NOW.plusSeconds(1),
                        Optional.empty(),
                        Optional.empty());
        put(store, full, plain);

        assertThat(store.<List<Alert>>read(AlertTables::open)).containsExactly(full, plain);
        assertThat(store.<Optional<Alert>>read(t -> t.alert("a1"))).contains(full);
        assertThat(store.<List<Alert>>read(t -> t.alerts(1))).containsExactly(plain);

        Alert over = full.resolved(NOW.plusSeconds(5));
        put(store, over);
        assertThat(store.<List<Alert>>read(AlertTables::open)).containsExactly(plain);
        assertThat(store.<Optional<Alert>>read(t -> t.alert("a1"))).contains(over);
    }

    @Test
    void thereIsOneOpenAlertForASubject() {
        AlertStore store = emptyStore();
        put(store, alert("a1", "gold.a"));

        assertThatThrownBy(() -> put(store, alert("a2", "gold.a")));
        put(store, alert("a1", "gold.a").resolved(NOW));
        put(store, alert("a2", "gold.a"));

        assertThat(store.<List<Alert>>read(AlertTables::open)).hasSize(1);
    }

    @Test
    void aMessageGathersUntilItIsTried() {
        AlertStore store = emptyStore();
        Alert a = alert("a1", "gold.a");
        Alert b = alert("a2", "gold.b");
        put(store, a, b);
        Notice one = notice("n1", "all", new Notice.Entry(a, Notice.Event.FIRING, NOW));
        Notice two =
                notice(
                        "n1",
                        "all",
                        one.entries().getFirst(),
                        new Notice.Entry(b, Notice.Event.RESOLVED, NOW.plusSeconds(1)));
        store.change(t -> {
            t.put(one);
            t.put(two);
            return true;
        });

        assertThat(store.<Optional<Notice>>read(t -> t.gathering("team", "all"))).contains(two);
        assertThat(store.<Optional<Notice>>read(t -> t.gathering("team", "other"))).isEmpty();
        assertThat(store.<List<Notice>>read(t -> t.due(NOW.plusSeconds(29), 9))).isEmpty();
        assertThat(store.<Optional<Instant>>read(AlertTables::nextDue))
                .contains(NOW.plusSeconds(30));
        assertThat(store.<List<Notice>>read(t -> t.due(NOW.plusSeconds(30), 9)))
                .containsExactly(two);

        Notice late = two.begun(NOW).failed(NOW.plusSeconds(90), "no answer");
        store.change(t -> {
            t.put(late);
            return true;
        });
        assertThat(store.<Optional<Notice>>read(t -> t.gathering("team", "all"))).isEmpty();
        assertThat(store.<Optional<Notice>>read(t -> t.notice("n1"))).contains(late);

        Notice sent = late.sent(NOW.plusSeconds(91));
        store.change(t -> {
            t.put(sent);
            return true;
        });
        assertThat(store.<Optional<Instant>>read(AlertTables::nextDue)).isEmpty();
        assertThat(store.<Optional<Instant>>read(t -> t.lastSent("team", "all")))
                .contains(NOW.plusSeconds(91));
        assertThat(store.<Optional<Instant>>read(t -> t.lastSent("team", "other"))).isEmpty();
        assertThat(store.<List<Notice>>read(t -> t.notices(Notice.Status.SENT, 5)))
                .containsExactly(sent);
        assertThat(store.<Long>read(t -> t.count(Notice.Status.DEAD))).isZero();
    }

    @Test
    void whatWasToldStaysUntilTheEndWasTold() {
        AlertStore store = emptyStore();
        Told firing = new Told("a1", "team", Notice.Event.FIRING, NOW);
        Told over = new Told("a1", "team", Notice.Event.RESOLVED, NOW.plusSeconds(9));
        put(store, alert("a1", "gold.a"));
        store.change(t -> {
            t.put(firing);
            return true;
        });
        assertThat(store.<List<Told>>read(AlertTables::told)).containsExactly(firing);
        assertThat(store.<List<Alert>>read(AlertTables::overUntold)).isEmpty();

        put(store, alert("a1", "gold.a").resolved(NOW));
        assertThat(store.<List<Told>>read(AlertTables::told)).containsExactly(firing);
        assertThat(store.<List<Alert>>read(AlertTables::overUntold))
                .extracting(Alert::id)
                .containsExactly("a1");

        store.change(t -> {
            t.put(over);
            return true;
        });
        assertThat(store.<List<Told>>read(AlertTables::told)).isEmpty();
        assertThat(store.<List<Alert>>read(AlertTables::overUntold)).isEmpty();
    }

    @Test
    void signalsSilencesMarksAndTheDeskAreKept() {
        AlertStore store = emptyStore();
        Silence silence =
                new Silence(
                        "s1",
                        Optional.of(AlertKind.TABLE_STALE),
                        Optional.of("gold.*"),
                        Optional.empty(),
                        NOW,
                        NOW.plusSeconds(60),
                        "ann",
                        "known");
        Signal first = new Signal("breaker_open", "source crm", NOW, "Five failures.");
        Signal newer = new Signal("breaker_open", "source crm", NOW.plusSeconds(5), "Six.");
        Desk desk = new Desk("host-1-2", "host", 1, 2, 3, 4);
        store.change(t -> {
            t.put(silence);
            t.raise(first);
            t.raise(newer);
            t.put(new Mark("rows crm", 3, NOW));
            t.put(new Mark("rows crm", 5, NOW.plusSeconds(1)));
            t.put(desk);
            return true;
        });

        assertThat(store.<List<Silence>>read(AlertTables::silences)).containsExactly(silence);
        assertThat(store.<List<Signal>>read(AlertTables::signals))
                .containsExactly(new Signal("breaker_open", "source crm", NOW, "Six."));
        assertThat(store.<Optional<Mark>>read(t -> t.mark("rows crm")))
                .contains(new Mark("rows crm", 5, NOW.plusSeconds(1)));
        assertThat(store.<Desk>read(AlertTables::desk)).isEqualTo(desk);

        store.change(t -> {
            t.removeSilence("s1");
            t.clear("breaker_open", "source crm");
            return true;
        });
        assertThat(store.<List<Silence>>read(AlertTables::silences)).isEmpty();
        assertThat(store.<List<Signal>>read(AlertTables::signals)).isEmpty();
    }

    @Test
    void whatIsOverIsForgottenAndWhatIsNotStays() {
        AlertStore store = emptyStore();
        Alert old = alert("a1", "gold.a").resolved(NOW);
        Alert open = alert("a2", "gold.b");
        put(store, old, open);
        Notice sent =
                notice("n1", "all", new Notice.Entry(old, Notice.Event.RESOLVED, NOW)).sent(NOW);
        Notice waiting = notice("n2", "all", new Notice.Entry(open, Notice.Event.FIRING, NOW));
        store.change(t -> {
            t.put(sent);
            t.put(waiting);
            return true;
        });

        store.change(t -> {
            t.forget(NOW, 10);
            return true;
        });
        assertThat(store.<List<Alert>>read(t -> t.alerts(9))).containsExactly(open, old);
        store.change(t -> {
            t.forget(NOW.plusSeconds(1), 10);
            return true;
        });
        assertThat(store.<List<Alert>>read(t -> t.alerts(9))).containsExactly(open);
        assertThat(store.<List<Notice>>read(t -> t.notices(Notice.Status.WAITING, 9)))
                .containsExactly(waiting);
        assertThat(store.<Optional<Notice>>read(t -> t.notice("n1"))).isEmpty();
    }

    @Test
    void aChangeThatFailsLeavesNothing() {
        AlertStore store = emptyStore();

        assertThatThrownBy(() ->
                        store.change(t -> {
                            t.put(alert("a1", "gold.a"));
                            throw new IllegalStateException("stop");
                        }))
                .hasMessage("stop");

        assertThat(store.<List<Alert>>read(AlertTables::open)).isEmpty();
    }

    @Test
    void changesComeOneAfterTheOther() throws Exception {
        AlertStore store = emptyStore();
        int threads = 4;
        int each = 10;
        try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                all.add(
                        pool.submit(() -> {
                            for (int n = 0; n < each; n++) {
                                store.change(t -> {
                                    long value = t.mark("n").map(Mark::value).orElse(0L);
                                    t.put(new Mark("n", value + 1, NOW));
                                    return t.token();
                                });
                            }
                        }));
            }
            for (Future<?> one : all) {
                one.get();
            }
        }

        assertThat(store.<Optional<Mark>>read(t -> t.mark("n")).map(Mark::value))
                .contains((long) threads * each);
    }
}
