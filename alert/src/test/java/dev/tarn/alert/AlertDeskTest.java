package dev.tarn.alert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tarn.model.alert.Alert;
import dev.tarn.model.alert.AlertKind;
import dev.tarn.model.alert.Notice;
import dev.tarn.model.alert.Severity;
import dev.tarn.spi.AlertTables;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What people hear, when, and how often. */
final class AlertDeskTest {
    private static final Duration SECONDS_6 = Duration.ofSeconds(6);
    private static final Duration MINUTE = Duration.ofMinutes(1);

    @TempDir Path folder;
    private final Receiver receiver = new Receiver();

    @AfterEach
    void close() {
        receiver.close();
    }

    private AlertLab lab(String routes) {
        return new AlertLab(folder, AlertLab.channels(receiver).concat(routes));
    }

    private static JsonNode json(String text) {
        try {
            return new ObjectMapper().readTree(text);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private List<String> types() {
        return receiver.taken().stream()
                .map(t -> json(t.body()))
                .flatMap(n ->
                        n.isArray()
                                ? java.util.stream.StreamSupport.stream(n.spliterator(), false)
                                : java.util.stream.Stream.of(n))
                .map(n -> n.get("type").asText() + " " + n.get("subject").asText())
                .toList();
    }

    @Test
    void whatIsRedIsToldOnceWithEverythingAndSoIsItsEnd() {
        try (AlertLab lab = lab("routes: [{to: hook, wait: 0s, pause: 0s}]\n")) {
            lab.facts.red(AlertKind.CHECK_FAILED, "gold.orders", "finance");
            lab.after(SECONDS_6);
            lab.after(MINUTE);

            assertThat(receiver.taken()).hasSize(1);
            Receiver.Taken taken = receiver.taken().getFirst();
            assertThat(taken.headers())
                    .containsEntry("authorization", "Bearer token-very-secret")
                    .containsEntry("x-team", "data")
                    .containsEntry("content-type", "application/cloudevents+json; charset=utf-8");
            Alert alert = lab.control().open().getFirst();
            assertThat(json(taken.body()))
                    .isEqualTo(
                            json(
                                    """
                                    {"specversion":"1.0","id":"%s-0","source":"/tarn/shop",
                                     "type":"dev.tarn.alert.firing","subject":"gold.orders",
                                     "time":"2026-11-21T06:00:06Z",
                                     "datacontenttype":"application/json",
                                     "data":{"alert":"%s","kind":"check_failed",
                                      "subject":"gold.orders","severity":"critical",
                                      "owner":"finance","message":"3 rows of gold.orders are <bad>.",
                                      "place":"models/orders.yml:12:8",
                                      "since":"2026-11-21T06:00:00Z",
                                      "downstream":["gold.revenue","exposure Weekly (Ann)"],
                                      "lastGood":"publication 57 of 2026-11-20T06:00:00Z, by run r1",
                                      "link":"https://tarn.example.org/assets/gold.orders"}}
                                    """
                                            .formatted(
                                                    taken.headers().get("idempotency-key"),
                                                    alert.id())));

            lab.facts.green(AlertKind.CHECK_FAILED, "gold.orders");
            lab.after(MINUTE);
            lab.after(MINUTE);

            assertThat(types())
                    .containsExactly(
                            "dev.tarn.alert.firing gold.orders",
                            "dev.tarn.alert.resolved gold.orders");
            assertThat(json(receiver.taken().getLast().body()).at("/data/resolvedAt").asText())
                    .isEqualTo("2026-11-21T06:02:06Z");
            assertThat(lab.control().open()).isEmpty();
        }
    }

    @Test
    void whatComesTogetherIsOneMessage() {
        try (AlertLab lab = lab("routes: [{to: hook, group_by: owner, wait: 30s, pause: 5m}]\n")) {
            lab.facts.red(AlertKind.CHECK_FAILED, "gold.a", "finance");
            lab.after(SECONDS_6);
            lab.facts.red(AlertKind.CHECK_FAILED, "gold.b", "finance");
            lab.facts.red(AlertKind.CHECK_FAILED, "gold.c", "sales");
            lab.after(SECONDS_6);
            assertThat(receiver.taken()).isEmpty();
            lab.after(MINUTE);

            assertThat(receiver.taken())
                    .extracting(t -> json(t.body()).size())
                    .containsExactly(2, 8);
            assertThat(receiver.taken().getFirst().headers().get("content-type"))
                    .isEqualTo("application/cloudevents-batch+json; charset=utf-8");

            // The next message of the group keeps its distance from the last one.
            lab.facts.red(AlertKind.CHECK_FAILED, "gold.d", "finance");
            lab.after(MINUTE);
            lab.after(Duration.ofMinutes(2));
            assertThat(receiver.taken()).hasSize(2);
            lab.after(Duration.ofMinutes(3));
            assertThat(receiver.taken()).hasSize(3);
        }
    }

    @Test
    void ownersAndSeveritiesDecideWhoHears() {
        try (AlertLab lab =
                lab(
                        """
                        routes:
                          - {owner: fin*, severity: critical, to: pager, wait: 0s, continue: true}
                          - {owner: finance, to: hook, wait: 0s}
                          - {to: chat, wait: 0s, group_by: none}
                        """)) {
            lab.facts.red(AlertKind.CHECK_FAILED, "gold.a", "finance");
            lab.facts.red(AlertKind.CHECK_FAILED, "gold.b", "");
            lab.after(SECONDS_6);

            assertThat(receiver.taken())
                    .extracting(Receiver.Taken::path)
                    .containsExactlyInAnyOrder("/pager", "/hook/secret-path", "/chat");
        }
    }

    @Test
    void aRuleWaitsAndTheFirstThatFitsDecides() {
        try (AlertLab lab = lab("routes: [{to: hook, wait: 0s}]\n")) {
            lab.facts.red(AlertKind.TABLE_STALE, "gold.a", "");
            lab.after(Duration.ofMinutes(9));
            assertThat(lab.control().open()).isEmpty();
            lab.after(MINUTE);
            assertThat(lab.control().open())
                    .extracting(Alert::severity)
                    .containsExactly(Severity.ERROR);
        }
    }

    @Test
    void whatNobodyIsAtIsRepeated() {
        try (AlertLab lab = lab("routes: [{to: hook, wait: 0s, pause: 0s, repeat: 1h}]\n")) {
            lab.facts.red(AlertKind.CHECK_FAILED, "gold.a", "");
            lab.after(SECONDS_6);
            lab.after(Duration.ofMinutes(59));
            assertThat(types()).hasSize(1);
            lab.after(MINUTE);
            lab.control().ack(lab.control().open().getFirst().id(), "ann");
            lab.after(MINUTE);
            lab.after(Duration.ofHours(5));
            String id = lab.control().open().getFirst().id();
            assertThat(lab.control().ack(id, "ann").ackedBy()).contains("ann");
            assertThatThrownBy(() -> lab.control().ack(id, "ben"))
                    .hasMessage("ann is at alert %s already. [OUTDATED]".formatted(id));

            assertThat(types())
                    .containsExactly(
                            "dev.tarn.alert.firing gold.a",
                            "dev.tarn.alert.reminder gold.a",
                            "dev.tarn.alert.acknowledged gold.a");
            assertThat(json(receiver.taken().getLast().body()).at("/data/acknowledgedBy").asText())
                    .isEqualTo("ann");
        }
    }

    @Test
    void whatIsSilencedIsHeardWhenTheSilenceEnds() {
        try (AlertLab lab = lab("routes: [{to: hook, wait: 0s}]\n")) {
            lab.control()
                    .silence(
                            Optional.of(AlertKind.CHECK_FAILED),
                            Optional.of("gold.*"),
                            Optional.empty(),
                            Duration.ofHours(1),
                            "ann",
                            "known");
            lab.facts.red(AlertKind.CHECK_FAILED, "gold.a", "");
            lab.facts.red(AlertKind.CHECK_FAILED, "silver.a", "");
            lab.after(SECONDS_6);
            assertThat(types()).containsExactly("dev.tarn.alert.firing silver.a");
            assertThat(lab.control().silences()).hasSize(1);

            lab.after(Duration.ofHours(1));
            assertThat(types()).contains("dev.tarn.alert.firing gold.a");
            assertThat(lab.control().silences()).isEmpty();
        }
    }

    @Test
    void whatCameAndWentInSilenceIsNotTold() {
        try (AlertLab lab = lab("routes: [{to: hook, wait: 0s}]\n")) {
            lab.control()
                    .silence(
                            Optional.empty(),
                            Optional.of("*"),
                            Optional.empty(),
                            Duration.ofHours(1),
                            "ann",
                            "");
            lab.facts.red(AlertKind.CHECK_FAILED, "gold.a", "");
            lab.after(SECONDS_6);
            lab.facts.green(AlertKind.CHECK_FAILED, "gold.a");
            lab.after(SECONDS_6);
            lab.after(Duration.ofHours(2));

            assertThat(receiver.taken()).isEmpty();
            assertThat(lab.control().all(5)).hasSize(1).noneMatch(Alert::isOpen);
        }
    }

    @Test
    void whoeverDoesNotAnswerIsAskedAgainLaterAndLater() {
        try (AlertLab lab = lab("routes: [{to: hook, wait: 0s}]\n")) {
            receiver.answer(500, 503);
            lab.facts.red(AlertKind.CHECK_FAILED, "gold.a", "");
            lab.after(SECONDS_6);
            assertThat(lab.control().notices(Notice.Status.WAITING, 5))
                    .extracting(n -> n.error().orElse(""))
                    .containsExactly(
                            "Channel 'hook': 127.0.0.1 answered 500. It said: said no. [DELIVERY_FAILED]");
            lab.after(Duration.ofSeconds(4));
            assertThat(receiver.taken()).hasSize(1);
            lab.after(Duration.ofSeconds(1));
            assertThat(receiver.taken()).hasSize(2);
            lab.after(Duration.ofSeconds(9));
            assertThat(receiver.taken()).hasSize(2);
            lab.after(Duration.ofSeconds(1));

            assertThat(receiver.taken())
                    .extracting(Receiver.Taken::status)
                    .containsExactly(500, 503, 202);
            assertThat(receiver.taken())
                    .extracting(t -> t.headers().get("idempotency-key"))
                    .containsOnly(receiver.taken().getFirst().headers().get("idempotency-key"));
            assertThat(lab.control().count(Notice.Status.WAITING)).isZero();
            assertThat(Courier.pause(1)).isEqualTo(Duration.ofSeconds(5));
            assertThat(Courier.pause(90)).isEqualTo(Duration.ofMinutes(10));
        }
    }

    @Test
    void aMessageThatIsRefusedIsGivenUpAndCanBeSentAgain() {
        try (AlertLab lab = lab("routes: [{to: hook, wait: 0s, repeat: never}]\n")) {
            receiver.answer(404, 404, 404, 404, 404);
            lab.facts.red(AlertKind.CHECK_FAILED, "gold.a", "");
            for (int i = 0; i < 7; i++) {
                lab.after(Duration.ofMinutes(10));
            }
            Notice dead = lab.control().notices(Notice.Status.DEAD, 5).getFirst();
            assertThat(dead.attempts()).isEqualTo(5);
            assertThat(dead.error())
                    .contains(
                            "Channel 'hook': 127.0.0.1 refused the message with 404. It said: said no. Try it with `tarn alert test hook`. [DELIVERY_REFUSED]");
            assertThat(receiver.taken()).hasSize(5);

            lab.control().again(dead.id());
            lab.after(MINUTE);
            assertThat(receiver.taken()).hasSize(6);
            assertThat(lab.control().count(Notice.Status.DEAD)).isZero();
            assertThatThrownBy(() -> lab.control().again(dead.id()))
                    .hasMessage(
                            "Message %s is sent; only one that was given up can be sent again. [OUTDATED]"
                                    .formatted(dead.id()));
        }
    }

    @Test
    void whatNobodyTakesForADayIsGivenUp() {
        try (AlertLab lab = lab("routes: [{to: hook, wait: 0s, repeat: never}]\n")) {
            receiver.answer(500, 500, 500);
            lab.facts.red(AlertKind.CHECK_FAILED, "gold.a", "");
            lab.after(SECONDS_6);
            lab.after(Duration.ofHours(12));
            lab.after(Duration.ofHours(13));

            assertThat(lab.control().count(Notice.Status.DEAD)).isOne();
        }
    }

    @Test
    void aServerThatVanishedBetweenSendingAndSayingSoIsFollowedByAnother() {
        try (AlertLab lab = lab("routes: [{to: hook, wait: 30s}]\n")) {
            lab.facts.red(AlertKind.CHECK_FAILED, "gold.a", "");
            lab.after(SECONDS_6);
            Notice waiting = lab.control().notices(Notice.Status.WAITING, 5).getFirst();
            // What a server leaves that dies while it sends.
            lab.store.change(t -> {
                t.put(waiting.begun(lab.now().plus(Courier.BEGUN)));
                return true;
            });
            AlertDesk other = lab.desk("two");
            assertThat(AlertLab.turn(other)).isFalse();
            lab.pass(Duration.ofSeconds(16));
            assertThat(AlertLab.turn(other)).isTrue();
            assertThat(receiver.taken()).isEmpty();
            lab.after(Duration.ofSeconds(10), other);

            assertThat(types()).containsExactly("dev.tarn.alert.firing gold.a");

            // The one that was thought dead wakes up: it can change nothing until its turn comes.
            lab.facts.red(AlertKind.CHECK_FAILED, "gold.b", "");
            assertThat(AlertLab.turn(lab.desk)).isFalse();
            assertThat(lab.control().open()).hasSize(1);
        }
    }

    @Test
    void aServerThatLeavesIsFollowedAtOnce() {
        try (AlertLab lab = lab("routes: [{to: hook, wait: 0s}]\n")) {
            lab.after(SECONDS_6);
            lab.desk.close();
            lab.facts.red(AlertKind.CHECK_FAILED, "gold.a", "");

            assertThat(AlertLab.turn(lab.desk("two"))).isTrue();
            assertThat(types()).containsExactly("dev.tarn.alert.firing gold.a");
        }
    }

    @Test
    void whatCannotBeFoundOutIsNotOver() {
        try (AlertLab lab = lab("routes: [{to: hook, wait: 0s}]\n")) {
            lab.facts.red(AlertKind.CHECK_FAILED, "gold.a", "");
            lab.after(SECONDS_6);
            lab.facts.unknown(true);
            lab.after(MINUTE);

            assertThat(lab.control().open()).hasSize(1);
            assertThat(types()).hasSize(1);
        }
    }

    @Test
    void aRuleThatIsTakenAwayEndsItsAlerts() {
        try (AlertLab lab = lab("routes: [{to: hook, wait: 0s, pause: 0s}]\n")) {
            lab.facts.red(AlertKind.CHECK_FAILED, "gold.a", "");
            lab.after(SECONDS_6);
            lab.says("channels: []\n");
            lab.after(MINUTE);

            assertThat(lab.control().open()).isEmpty();
            assertThat(lab.store.<List<Alert>>read(AlertTables::overUntold)).isEmpty();
        }
    }

    @Test
    void theOutboxIsBoundedAndNothingIsLost() {
        try (AlertLab lab = lab("routes: [{to: hook, group_by: none, wait: 1h}]\n")) {
            lab.facts.red(AlertKind.CHECK_FAILED, "gold.a", "");
            lab.after(SECONDS_6);
            Notice one = lab.control().notices(Notice.Status.WAITING, 1).getFirst();
            lab.store.change(t -> {
                for (int i = 1; i < Bookkeeping.WAITING_MAX; i++) {
                    t.put(
                            new Notice(
                                    "x" + i,
                                    "gone",
                                    "g",
                                    Notice.Status.WAITING,
                                    lab.now(),
                                    lab.now().plus(Duration.ofDays(1)),
                                    0,
                                    Optional.empty(),
                                    Optional.empty(),
                                    List.of()));
                }
                return one;
            });
            lab.facts.red(AlertKind.CHECK_FAILED, "gold.b", "");
            lab.after(SECONDS_6);
            assertThat(lab.control().open()).hasSize(2);
            assertThat(lab.control().count(Notice.Status.WAITING))
                    .isEqualTo(Bookkeeping.WAITING_MAX);

            lab.store.change(t -> {
                t.put(t.notice("x1").orElseThrow().dead(lab.now(), "full"));
                return true;
            });
            lab.after(SECONDS_6);
            assertThat(lab.control().notices(Notice.Status.WAITING, 9_999))
                    .flatExtracting(Notice::entries)
                    .extracting(e -> e.alert().finding().subject())
                    .containsExactlyInAnyOrder("gold.a", "gold.b");
        }
    }

    @Test
    void aChannelThatIsGoneIsTold() {
        try (AlertLab lab = lab("routes: [{to: hook, wait: 1m}]\n")) {
            lab.facts.red(AlertKind.CHECK_FAILED, "gold.a", "");
            lab.after(SECONDS_6);
            lab.says("channels: [{name: hoook, slack: {url: env:X}}]\n");
            lab.after(MINUTE);

            assertThat(lab.control().notices(Notice.Status.WAITING, 1).getFirst().error())
                    .contains(
                            "There is no channel 'hook' in alerts.yml. Did you mean 'hoook'? [NODE_NOT_FOUND]");
        }
    }
}
