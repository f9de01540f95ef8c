package dev.tarn.alert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tarn.model.alert.AlertKind;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What messages look like, and what people are refused. */
final class AlertMessagesTest {
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
    void whatCannotBeAskedIsRefused() {
        try (AlertLab lab = lab("routes: [{to: hook}]\n")) {
            AlertControl control = lab.control();
            assertThatThrownBy(() -> control.ack("a9", "ann"))
                    .hasMessage(
                            "There is no alert 'a9'. `tarn alert list --all` shows those there are. [NODE_NOT_FOUND]");
            assertThatThrownBy(() ->
                            control.silence(
                                    Optional.empty(),
                                    Optional.of("x".repeat(501)),
                                    Optional.empty(),
                                    Duration.ofHours(1),
                                    "ann",
                                    ""))
                    .hasMessage(
                            "Subject, owner and reason of a silence may have 500 characters each. [USAGE]");
            assertThatThrownBy(() -> control.endSilence("s9"))
                    .hasMessage(
                            "There is no silence 's9'. `tarn alert silences` shows those there are. [NODE_NOT_FOUND]");
            assertThatThrownBy(() -> control.again("n9"))
                    .hasMessage(
                            "There is no message 'n9'. `tarn alert outbox` shows those there are. [NODE_NOT_FOUND]");
            assertThatThrownBy(() -> control.test("hok"))
                    .hasMessage(
                            "There is no channel 'hok' in alerts.yml. Did you mean 'hook'? [NODE_NOT_FOUND]");
            assertThatThrownBy(() -> silence(control, Optional.empty(), MINUTE))
                    .hasMessage(
                            "Say what to silence: --kind, --subject or --owner. `--subject '*'` silences everything. [USAGE]");
            assertThatThrownBy(() -> silence(control, Optional.of("*"), Duration.ofDays(91)))
                    .hasMessage(
                            "A silence lasts from one second to 90 days; say it with --for. [USAGE]");
        }
    }

    private static void silence(AlertControl control, Optional<String> subject, Duration time) {
        control.silence(Optional.empty(), subject, Optional.empty(), time, "ann", "");
    }

    @Test
    void slackAndPagerDutyGetWhatTheyUnderstand() {
        try (AlertLab lab =
                lab(
                        """
                        routes:
                          - {to: [pager, chat], wait: 0s, pause: 0s}
                        """)) {
            lab.facts.red(AlertKind.CHECK_FAILED, "gold.a", "finance");
            lab.after(SECONDS_6);
            String id = lab.control().open().getFirst().id();
            JsonNode page = json(body("/pager", 0));
            assertThat(page)
                    .isEqualTo(
                            json(
                                    """
                                    {"routing_key":"key-very-secret","event_action":"trigger",
                                     "dedup_key":"tarn/shop/%s",
                                     "payload":{"summary":"RED: check_failed gold.a (critical): 3 rows of gold.a are <bad>.",
                                      "source":"shop","severity":"critical",
                                      "timestamp":"2026-11-21T06:00:00Z","component":"gold.a",
                                      "group":"finance","class":"check_failed",
                                      "custom_details":{"message":"3 rows of gold.a are <bad>.",
                                       "place":"models/orders.yml:12:8",
                                       "downstream":"gold.revenue, exposure Weekly (Ann)",
                                       "last_good":"publication 57 of 2026-11-20T06:00:00Z, by run r1"}},
                                     "links":[{"href":"https://tarn.example.org/assets/gold.a","text":"Tarn"}],
                                     "client":"Tarn","client_url":"https://tarn.example.org/assets/gold.a"}
                                    """
                                            .formatted(id)));
            JsonNode chat = json(body("/chat", 0));
            assertThat(chat.get("text").asText())
                    .isEqualTo("[shop] RED: check_failed gold.a (critical)");
            assertThat(chat.at("/blocks/0/text/text").asText())
                    .isEqualTo(
                            """
                            *RED: check_failed gold.a (critical)*
                            3 rows of gold.a are &lt;bad&gt;.
                            Place: models/orders.yml:12:8
                            Red since 2026-11-21 06:00:00 UTC (6s)
                            Stale or held downstream: gold.revenue, exposure Weekly (Ann)
                            Last good: publication 57 of 2026-11-20T06:00:00Z, by run r1
                            Owner: finance
                            <https://tarn.example.org/assets/gold.a|Alert %s>\
                            """
                                    .formatted(id));

            lab.control().ack(id, "ann");
            lab.after(SECONDS_6);
            lab.facts.green(AlertKind.CHECK_FAILED, "gold.a");
            lab.after(SECONDS_6);
            assertThat(json(body("/pager", 1)).toString())
                    .isEqualTo(
                            "{\"routing_key\":\"key-very-secret\",\"event_action\":\"acknowledge\",\"dedup_key\":\"tarn/shop/%s\"}"
                                    .formatted(id));
            assertThat(json(body("/pager", 2)).get("event_action").asText()).isEqualTo("resolve");
        }
    }

    private String body(String path, int number) {
        return receiver.taken().stream()
                .filter(t -> t.path().equals(path))
                .skip(number)
                .findFirst()
                .orElseThrow()
                .body();
    }

    @Test
    void aTestMessageSaysThatNothingIsWrong() {
        try (AlertLab lab = lab("routes: [{to: hook}]\n")) {
            lab.control().test("hook");
            assertThat(types()).containsExactly("dev.tarn.alert.test test");

            receiver.answer(410);
            assertThatThrownBy(() -> lab.control().test("hook"))
                    .hasMessage(
                            "Channel 'hook': 127.0.0.1 refused the message with 410. It said: said no. Try it with `tarn alert test hook`. [DELIVERY_REFUSED]");
            receiver.close();
            assertThatThrownBy(() -> lab.control().test("hook"))
                    .hasMessage(
                            "Channel 'hook' cannot reach 127.0.0.1: connection refused. [DELIVERY_FAILED]")
                    .extracting(Throwable::toString)
                    .asString()
                    .doesNotContain("secret");
        }
    }
}
