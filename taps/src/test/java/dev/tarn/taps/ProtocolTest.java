package dev.tarn.taps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Lines as programs tell them. */
final class ProtocolTest {
    private static String read(Protocol protocol, String line) throws IOException {
        return switch (protocol.read(line.getBytes(StandardCharsets.UTF_8), "users")) {
            case Message.Row row -> "row " + new String(row.json(), StandardCharsets.UTF_8);
            case Message.State state -> "state " + state.value();
            case Message.Key key -> "key " + key.columns();
            case Message.Failure failure -> "failure " + failure.reason();
            case Message.Other() -> "other";
        };
    }

    @Test
    void messagesOfSinger() throws IOException {
        Protocol singer = new Protocol.Singer();

        assertThat(
                        read(
                                singer,
                                "{\"stream\": \"users\", \"record\": {\"id\": 1.50, \"é\": [ 1 ]}, \"type\": \"RECORD\"}"))
                .isEqualTo("row {\"id\": 1.50, \"é\": [ 1 ]}");
        assertThat(read(singer, "{\"type\":\"RECORD\",\"stream\":\"others\",\"record\":{}}"))
                .isEqualTo("other");
        assertThat(read(singer, "{\"type\":\"STATE\",\"value\":{\"bookmarks\": {}}}"))
                .isEqualTo("state {\"bookmarks\": {}}");
        assertThat(
                        read(
                                singer,
                                "{\"type\":\"SCHEMA\",\"stream\":\"users\",\"schema\":{},\"key_properties\":[\"a\",\"b\"]}"))
                .isEqualTo("key [a, b]");
        assertThat(read(singer, "{\"type\":\"BATCH\",\"stream\":\"users\"}"))
                .isEqualTo("failure it tells its records in files, which are not read.");
        assertThatThrownBy(() -> read(singer, "{\"type\":\"RECORD\",\"stream\":\"users\"}"))
                .isInstanceOf(IOException.class);
        assertThatThrownBy(() -> read(singer, "INFO x")).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> read(singer, "{} {}")).isInstanceOf(IOException.class);
    }

    @Test
    void messagesOfAirbyte() throws IOException {
        Protocol airbyte = new Protocol.Airbyte();

        assertThat(
                        read(
                                airbyte,
                                "{\"type\":\"RECORD\",\"record\":{\"stream\":\"users\",\"data\":{\"id\":1},\"emitted_at\":5}}"))
                .isEqualTo("row {\"id\":1}");
        assertThat(
                        read(
                                airbyte,
                                "{\"type\":\"STATE\",\"state\":{\"type\":\"LEGACY\",\"data\":{\"a\":1}}}"))
                .isEqualTo("state {\"a\":1}");
        assertThat(
                        read(
                                airbyte,
                                "{\"type\":\"STATE\",\"state\":{\"type\":\"STREAM\",\"stream\":{}}}"))
                .isEqualTo("state [{\"type\":\"STREAM\",\"stream\":{}}]");
        assertThat(
                        read(
                                airbyte,
                                "{\"type\":\"TRACE\",\"trace\":{\"type\":\"ERROR\",\"error\":{\"message\":\"no\"}}}"))
                .isEqualTo("failure no");
        assertThat(read(airbyte, "{\"type\":\"LOG\",\"log\":{}}")).isEqualTo("other");
    }

    @Test
    void aCommandIsTakenApartWithoutAShell() {
        assertThat(TapSettings.words("tap 'a b' \"c $HOME\"  --x=1"))
                .isEqualTo(List.of("tap", "a b", "c $HOME", "--x=1"));
    }
}
