package dev.tarn.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.kafka.KafkaOptions.Envelope;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.junit.jupiter.api.Test;

final class UnwrappedTest {
    private final Unwrapped unwrapped = new Unwrapped();
    private final Headers headers = new RecordHeaders();

    private void read(Envelope envelope, String json) throws Undecodable {
        unwrapped.read(envelope, json.getBytes(StandardCharsets.UTF_8), headers);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private String row() {
        return text(Objects.requireNonNull(unwrapped.row));
    }

    private String event() {
        return unwrapped.event.stream()
                .map(e -> e.map(UnwrappedTest::text).orElse("-"))
                .reduce((a, b) -> a + " " + b)
                .orElseThrow();
    }

    @Test
    void aChangeIsTheRowAsItIsOrAsItWas() throws Exception {
        read(
                Envelope.DEBEZIUM,
                "{\"op\":\"u\",\"before\":{\"id\":1},\"after\": {\"id\":2, \"t\":\"}é\"} ,\"ts_ms\":5}");
        assertThat(row()).isEqualTo("{\"id\":2, \"t\":\"}é\"}");
        assertThat(unwrapped.deleted).isFalse();
        assertThat(unwrapped.changedAt).isEqualTo(5);

        read(Envelope.DEBEZIUM, "{\"op\":\"d\",\"before\":{\"id\":1},\"after\":null}");
        assertThat(row()).isEqualTo("{\"id\":1}");
        assertThat(unwrapped.deleted).isTrue();
    }

    @Test
    void aDeletionThatDoesNotSayOfWhatIsRefused() {
        assertThatThrownBy(() ->
                        read(Envelope.DEBEZIUM, "{\"op\":\"d\",\"before\":null,\"after\":null}"))
                .hasMessage("the change does not say which row was deleted: it has no 'before'");
        assertThatThrownBy(() -> read(Envelope.DEBEZIUM, "[]"))
                .hasMessage("the envelope is no JSON object");
        assertThatThrownBy(() -> read(Envelope.DEBEZIUM, "{\"op\""))
                .hasMessage("the envelope is no JSON");
    }

    @Test
    void anEventIsStructuredOrBinary() throws Exception {
        read(
                Envelope.CLOUDEVENTS,
                "{\"specversion\":\"1.0\",\"id\":\"a\\\"1\",\"source\":\"/s\",\"type\":\"t\",\"time\":\"2026-01-01T00:00:00Z\",\"data\":{\"x\":1}}");
        assertThat(row()).isEqualTo("{\"x\":1}");
        assertThat(event()).isEqualTo("a\"1 /s t - 2026-01-01T00:00:00Z -");

        headers.add("ce_specversion", "1.0".getBytes(StandardCharsets.UTF_8));
        headers.add("ce_id", "b2".getBytes(StandardCharsets.UTF_8));
        read(Envelope.CLOUDEVENTS, "{\"y\":2}");
        assertThat(row()).isEqualTo("{\"y\":2}");
        assertThat(event()).isEqualTo("b2 - - - - -");
    }

    @Test
    void whatIsNoEventIsRefused() {
        assertThatThrownBy(() -> read(Envelope.CLOUDEVENTS, "{\"x\":1}"))
                .hasMessage(
                        "the message is no CloudEvent: it has neither 'specversion' nor the header 'ce_specversion'");
    }
}
