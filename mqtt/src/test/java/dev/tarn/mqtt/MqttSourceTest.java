package dev.tarn.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.TarnException;
import dev.tarn.model.graph.ConnectorSpec.Write;
import dev.tarn.spi.OpenSource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Messages of a real broker, with what can go wrong between it and us. */
final class MqttSourceTest {
    @TempDir private static Path data;
    private static MqttBroker broker;

    private final String topic = "t" + UUID.randomUUID();
    private final Landed landed = new Landed();

    @TempDir Path folder;

    @BeforeAll
    static void start() throws IOException {
        broker = MqttBroker.start(data, true);
    }

    @AfterAll
    static void stop() {
        broker.close();
    }

    private Map<String, String> settings(String... more) {
        Map<String, String> settings = new HashMap<>();
        settings.put("url", broker.url());
        settings.put("topic", topic + "/#");
        settings.put("client_id", topic);
        for (int i = 0; i < more.length; i += 2) {
            settings.put(more[i], more[i + 1]);
        }
        return settings;
    }

    private OpenSource open(String... more) {
        return Landed.open(settings(more), Write.APPEND, folder);
    }

    /** From now on the broker keeps what comes. */
    private void begin(String... more) {
        try (OpenSource source = open(more)) {
            landed.all(source);
        }
    }

    private void send(String below, String payload, int quality) {
        broker.send(topic + "/" + below, payload, quality);
    }

    private TarnException failure(String... more) {
        try (OpenSource source = open(more)) {
            landed.all(source);
        } catch (TarnException failure) {
            return failure;
        }
        throw new AssertionError("It was read.");
    }

    @Test
    void aRowSaysWhatTheBrokerKnowsOfItsMessage() {
        String filter = topic + "/{plant}/+/{device}";
        begin("topic", filter);
        broker.send(
                topic + "/north/line 1/d7",
                "{\"t\":21.5}".getBytes(StandardCharsets.UTF_8),
                1,
                false,
                Map.of("unit", "°C"));
        try (OpenSource source = open("topic", filter)) {
            landed.all(source);
        }
        Map<String, ?> row = landed.rows.getFirst();
        assertThat(row.get("_received_at")).isNotNull();
        row.remove("_received_at");
        assertThat(row)
                .isEqualTo(
                        Map.of(
                                "_topic",
                                topic + "/north/line 1/d7",
                                "_number",
                                1L,
                                "_qos",
                                1L,
                                "_retained",
                                false,
                                "_content_type",
                                "application/json",
                                "_properties",
                                "{\"unit\":\"°C\"}",
                                "plant",
                                "north",
                                "device",
                                "d7",
                                "value",
                                "{\"t\":21.5}"));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void whatLandedAndWasNotAcknowledgedComesAgainAndIsKnown(int quality) {
        begin();
        for (int i = 0; i < 20; i++) {
            send("a", "{\"same\":1}", quality);
        }
        try (OpenSource source = open()) {
            // Published; then the process dies before it says so.
            assertThat(landed.one(source, Landed.ALL)).isTrue();
        }
        for (int i = 0; i < 5; i++) {
            send("a", "{\"same\":1}", quality);
        }
        try (OpenSource source = open()) {
            landed.all(source);
        }
        assertThat(landed.rows).hasSize(25);
        assertThat(
                        SessionPosition.parse(
                                        landed.positions.getOrDefault(SessionPosition.PART, ""))
                                .isSettled())
                .isTrue();
        send("a", "{\"same\":1}", quality);
        try (OpenSource source = open()) {
            landed.all(source);
        }
        assertThat(landed.rows).hasSize(26);
    }

    @Test
    void aBrokerThatIsKilledAndStartedAgainLosesAndDoublesNothing() throws IOException {
        begin();
        for (int i = 0; i < 30; i++) {
            send("a", "{\"i\":" + i + "}", 1 + i % 2);
        }
        try (OpenSource source = open()) {
            landed.one(source, Landed.ALL);
            broker.kill();
            broker.start();
            send("a", "{\"i\":30}", 2);
            landed.all(source);
        }
        assertThat(landed.values("value"))
                .containsExactlyInAnyOrderElementsOf(
                        java.util.stream.IntStream.rangeClosed(0, 30)
                                .mapToObj(i -> "{\"i\":" + i + "}")
                                .toList());
    }

    @Test
    void whatTheBrokerKeepsOfATopicComesOnce() {
        broker.send(topic + "/a", "1".getBytes(StandardCharsets.UTF_8), 1, true, Map.of());
        try (OpenSource source = open("value_format", "text")) {
            landed.all(source);
        }
        try (OpenSource source = open("value_format", "text")) {
            landed.all(source);
        }
        assertThat(landed.values("value")).containsExactly("1");
        assertThat(landed.values("_retained")).containsExactly(true);
    }

    @Test
    void aMessageWithoutAPayloadTakesTheRowOfItsTopicAway() {
        Map<String, String> settings = settings();
        try (OpenSource source = Landed.open(settings, Write.UPSERT, folder)) {
            landed.all(source);
            send("a", "{\"i\":1}", 1);
            send("a", "", 1);
            landed.all(source);
        }
        assertThat(landed.values("_op")).containsExactly("u", "d");
        assertThat(landed.values("value")).containsExactly("{\"i\":1}", null);
    }

    @Test
    void linesOfDelimitedTextAreRows() {
        begin();
        send("a", "d1;21.5;007\nd2;;\"x;y\"\nd3;1\n", 1);
        try (OpenSource source =
                open("value_format", "csv", "delimiter", ";", "columns", "device,t,code")) {
            landed.all(source);
        }
        assertThat(landed.values("value"))
                .containsExactly(
                        "{\"device\":\"d1\",\"t\":21.5,\"code\":\"007\"}",
                        "{\"device\":\"d2\",\"t\":null,\"code\":\"x;y\"}");
        assertThat(landed.refused)
                .containsExactly(topic + "/a:1 a line has 2 fields, and there are 3 columns");
    }

    @Test
    void whatIsNoTextOrTooLongGoesToQuarantine() {
        begin();
        broker.send(topic + "/a", new byte[] {(byte) 0xff}, 1, false, Map.of());
        send("b", "{\"long\":\"" + "x".repeat(2000) + "\"}", 2);
        send("c", "{}", 2);
        try (OpenSource source = open("max_message_bytes", "1000")) {
            landed.all(source);
        }
        assertThat(landed.refused)
                .containsExactlyInAnyOrder(
                        topic + "/a:1 the message is not UTF-8",
                        topic
                                + "/b:2 the message has 2011 bytes, and 'max_message_bytes' allows 1000");
        assertThat(landed.values("value")).containsExactly("{}");
    }

    @Test
    void version311IsSpokenToo() {
        begin("protocol", "3.1.1");
        send("a", "{\"i\":1}", 1);
        send("a", "{\"i\":2}", 2);
        try (OpenSource source = open("protocol", "3.1.1")) {
            landed.one(source, Landed.ALL);
        }
        try (OpenSource source = open("protocol", "3.1.1")) {
            landed.all(source);
        }
        assertThat(landed.values("value")).containsExactlyInAnyOrder("{\"i\":1}", "{\"i\":2}");
    }

    @Test
    void connectionsAreEncryptedAndTheServerIsChecked() {
        String[] trusted = {"url", broker.encryptedUrl(), "tls_ca", broker.authority().toString()};
        begin(trusted);
        send("a", "{\"i\":1}", 2);
        try (OpenSource source = open(trusted)) {
            landed.all(source);
        }
        assertThat(landed.values("value")).containsExactly("{\"i\":1}");
        TarnException stranger = failure("url", broker.encryptedUrl());
        assertThat(stranger.code()).isEqualTo(ErrorCode.SOURCE_DENIED);
        assertThat(stranger)
                .hasMessageStartingWith(
                        "The TLS handshake with localhost:%s failed: "
                                .formatted(broker.encryptedUrl().replaceFirst(".*:", "")));
    }

    @Test
    void aWrongPasswordIsSaidAndNotRepeated() {
        TarnException failure = failure("user", "reader", "password", "wrong-horse");
        assertThat(failure.code()).isEqualTo(ErrorCode.SOURCE_DENIED);
        assertThat(failure)
                .hasMessage(
                        "The broker at 127.0.0.1:%d did not accept the account of this source. Check 'user' and what 'password' refers to. It said: Authentication failed. [SOURCE_DENIED]"
                                .formatted(broker.port()));
    }

    @Test
    void aSessionThatTheBrokerHasLostIsSaid() {
        begin();
        send("a", "{\"i\":1}", 1);
        Map<String, String> before = Map.copyOf(landed.positions);
        // Another client id has no session: so it is as if the broker had lost this one.
        String other = topic + "-other";
        for (int attempt = 0; attempt < 2; attempt++) {
            TarnException failure = failure("client_id", other);
            assertThat(failure.code()).isEqualTo(ErrorCode.SOURCE_GONE);
            assertThat(failure.getMessage())
                    .startsWith(
                            "The broker at 127.0.0.1:%d no longer has the session '%s': messages that came after "
                                    .formatted(broker.port(), other))
                    .endsWith(
                            " Nothing has landed. To go on with what comes, set 'on_lost: continue'. A longer 'keep_session' keeps it from happening again, where the broker agrees. [SOURCE_GONE]");
        }
        assertThat(landed.positions).isEqualTo(before);
        try (OpenSource source = open("client_id", other, "on_lost", "continue")) {
            landed.all(source);
            send("a", "{\"i\":2}", 1);
            landed.all(source);
        }
        assertThat(landed.refused).hasSize(1);
        assertThat(landed.values("value")).containsExactly("{\"i\":2}");
    }

    @Test
    void filtersThatComeAndGoAreToldToTheBroker() {
        begin("topic", topic + "/a");
        begin("topic", "", "topics", topic + "/b," + topic + "/c");
        send("a", "{\"i\":1}", 1);
        send("b", "{\"i\":2}", 1);
        send("c", "{\"i\":3}", 1);
        begin("topic", "", "topics", topic + "/b," + topic + "/c");
        assertThat(landed.values("value")).containsExactlyInAnyOrder("{\"i\":2}", "{\"i\":3}");
    }

    @Test
    void allMistakesOfTheSettingsAreSaidTogether() {
        Map<String, String> settings =
                Map.of(
                        "url",
                        "http://me:secret@host",
                        "topics",
                        "a/#/b,a+,$share/g/x,{value}",
                        "qos",
                        "0",
                        "window",
                        "0",
                        "settle",
                        "soon",
                        "password",
                        "x");
        assertThatThrownBy(() -> Landed.open(settings, Write.APPEND, folder))
                .isInstanceOfSatisfying(
                        TarnException.class,
                        e ->
                                assertThat(e.problems().stream().map(p -> p.message()).toList())
                                        .isEqualTo(
                                                List.of(
                                                        "'url' must hold neither user nor password. Use 'user' and 'password: env:NAME'.",
                                                        "'topics' cannot be 'a/#/b': it has to be a filter with '#' at its end only.",
                                                        "'topics' cannot be 'a+': it has to be levels of which '+', '#' and '{name}' each are a whole one.",
                                                        "'topics' cannot be '$share/g/x': it has to be a filter of this source alone: what a shared one brings may go to others.",
                                                        "'topics' cannot be '{value}': it has to be a filter without {value}, which is the column of what messages say.",
                                                        "'qos' cannot be '0': it has to be one of 1, 2.",
                                                        "'window' cannot be '0': it has to be a whole number from 1 to 65,535.",
                                                        "'settle' cannot be 'soon': it has to be a time such as 30 seconds.",
                                                        "'user' has to be there where there is a 'password'.")));
    }
}
