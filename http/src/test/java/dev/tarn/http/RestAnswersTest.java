package dev.tarn.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.http.ApiServer.Reply;
import dev.tarn.spi.OpenSource;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Answers in several forms, some of which cannot be read. */
final class RestAnswersTest {
    private final Landed landed = new Landed();
    private ApiServer api;

    @BeforeEach
    void begin() throws IOException {
        api = ApiServer.start();
    }

    @AfterEach
    void end() {
        api.close();
    }

    private OpenSource open(String... settings) {
        Map<String, String> all = new HashMap<>(Map.of("url", api.url()));
        for (String setting : settings) {
            String[] pair = setting.split("=", 2);
            all.put(pair[0], pair[1]);
        }
        return Landed.open(new RestConnector(), all);
    }

    /** Lands all that is there. */
    private int land(String... settings) {
        try (OpenSource source = open(settings)) {
            return landed.land(source);
        }
    }

    private List<String> values() {
        return landed.rows.stream().map(r -> r.substring(r.lastIndexOf('|') + 1)).toList();
    }

    private static String list(int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(i -> "{\"id\":" + i + "}")
                .collect(Collectors.joining(",", "[", "]"));
    }

    private static List<String> ids(int from, int to) {
        return IntStream.range(from, to).mapToObj(i -> "{\"id\":" + i + "}").toList();
    }

    @Test
    void linesAndDelimitedTextHaveRecordsToo() {
        api.put(
                "/lines",
                call ->
                        Reply.of(200, "{\"id\":1}\r\n\n{\"id\":2}")
                                .with("Content-Type", "application/x-ndjson"));
        api.put(
                "/csv",
                call ->
                        Reply.of(
                                        200,
                                        "\uFEFFid;name;price\r\n1;\"a;\"\"b\"\"\n\";1.50\n2;;2\n3;x\n")
                                .with("Content-Type", "text/csv; charset=utf-8"));

        land("path=lines");
        assertThat(values()).isEqualTo(ids(1, 3));
        land("path=csv");
        assertThat(values())
                .containsExactly(
                        "{\"id\":1,\"name\":\"a;\\\"b\\\"\\n\",\"price\":1.50}",
                        "{\"id\":2,\"name\":null,\"price\":2}");
        assertThat(landed.refused)
                .containsExactly(
                        "/csv:3 has 2 fields, and the header has 3 <{\"id\":3,\"name\":\"x\"}>");
    }

    @Test
    void anotherEncodingIsReadAsItSays() {
        api.put(
                "/orders",
                call ->
                        new Reply(
                                200,
                                Map.of("Content-Type", "application/json; charset=ISO-8859-1"),
                                "[{\"city\":\"Århus\"}]"
                                        .getBytes(java.nio.charset.StandardCharsets.ISO_8859_1)));
        land("path=orders");

        assertThat(values()).containsExactly("{\"city\":\"Århus\"}");
    }

    @Test
    void whatIsNoJsonIsSaidWithItsPlace() {
        api.put(
                "/page",
                call -> Reply.of(200, "<html>down</html>").with("Content-Type", "text/html"));
        api.put("/half", "[{\"id\":1},\n {\"id\":");
        api.put("/other", "{\"items\":[]}");

        assertThatThrownBy(() -> land("path=page"))
                .hasMessage(
                        "What %s/page answers is no JSON, but text/html: Unexpected character ('<' (code 60)): expected a valid value (JSON String, Number, Array, Object or token 'null', 'true' or 'false'), in line 1, column 1. It begins with: <html>down</html> [SOURCE_UNREADABLE]"
                                .formatted(api.url()));
        assertThatThrownBy(() -> land("path=half"))
                .hasMessageStartingWith(
                        "What %s/half answers is no JSON, but application/json: Unexpected end-of-input"
                                .formatted(api.url()))
                .hasMessageEndingWith(
                        "in line 2, column 8. It begins with: [{\"id\":1}, {\"id\": [SOURCE_UNREADABLE]");
        assertThatThrownBy(() -> land("path=other", "records=data"))
                .hasMessage(
                        "What %s/other answers has nothing at '/data', which 'records' names. It begins with: {\"items\":[]} [SOURCE_UNREADABLE]"
                                .formatted(api.url()));
        assertThat(land("path=other", "records=data", "missing_records=empty")).isEqualTo(1);
        assertThat(landed.rows).isEmpty();
    }

    @Test
    void anAnswerThatIsTooLongIsNotRead() {
        api.put("/orders", list(0, 2000));

        assertThatThrownBy(() -> land("path=orders", "max_response=2kB"))
                .hasMessage(
                        "%s/orders answers with more than 2,048 bytes. Ask for smaller pages, or raise 'max_response'. [SOURCE_UNREADABLE]"
                                .formatted(api.url()));
    }

    @Test
    void recordsOfManyBytesAndNamesAreHandedOn() {
        String wide =
                IntStream.range(0, 100_000)
                        .mapToObj(i -> "\"name_" + i + "\":1")
                        .collect(Collectors.joining(",", "{", "}"));
        String longest = "{\"text\":\"" + "x".repeat(50_000_000) + "\"}";
        api.put("/orders", "[" + wide + "," + longest + "]");

        land("path=orders", "max_response=64MB");

        assertThat(values()).hasSize(2);
        assertThat(values().get(0)).isEqualTo(wide);
        assertThat(values().get(1)).hasSize(longest.length());
    }
}
