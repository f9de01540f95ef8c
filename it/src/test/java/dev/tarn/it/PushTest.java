package dev.tarn.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tarn.app.Pushing;
import dev.tarn.http.ArrowStreams;
import dev.tarn.model.RefName;
import dev.tarn.server.Mount;
import dev.tarn.server.ServerConfig;
import dev.tarn.server.TarnServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows that are sent to a server become rows of tables before they are acknowledged. */
final class PushTest {
    private static final String TOKEN = "a-token-that-is-long-enough";
    private static final String SECRET = "whsec_c2VjcmV0";

    private final HttpClient http = HttpClient.newHttpClient();
    private Workshop shop;
    private @Nullable TarnServer server;
    private @Nullable Pushing pushing;

    @TempDir Path folder;

    @BeforeEach
    void begin() {
        shop = new Workshop(folder);
    }

    @AfterEach
    void end() {
        stop();
        shop.close();
        http.close();
    }

    private void stop() {
        if (server != null && pushing != null) {
            server.close();
            pushing.close();
        }
    }

    /** Serves {@code bronze.orders} with settings; secrets are in files. */
    private void serve(String settings) throws IOException {
        stop();
        Files.writeString(folder.resolve("token"), TOKEN);
        Files.writeString(folder.resolve("secret"), SECRET);
        shop.put(
                "models/sources.yml",
                """
                version: 2
                sources:
                  - name: shop
                    schema: bronze
                    tables:
                      - name: orders
                        ingest:
                          connector: push
                %s
                """
                        .formatted(
                                settings.replace("FOLDER", folder.toString())
                                        .indent(10)
                                        .stripTrailing()));
        shop.reopen();
        pushing = shop.tarn().pushing();
        assertThat(pushing.problems()).isEmpty();
        assertThat(pushing.paths()).containsExactly("/shop/orders");
        server =
                TarnServer.start(
                        ServerConfig.of("127.0.0.1", 0, Optional.empty()),
                        List.of(new Mount("/ingest", pushing.protocol())),
                        Clock.systemUTC());
    }

    private int port() {
        return Objects.requireNonNull(server).port();
    }

    private HttpRequest.Builder request(byte[] body, String... headers) {
        HttpRequest.Builder request =
                HttpRequest.newBuilder(
                                URI.create(
                                        "http://127.0.0.1:%d/ingest/shop/orders".formatted(port())))
                        .POST(BodyPublishers.ofByteArray(body));
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        return request;
    }

    private String send(HttpRequest request) throws IOException, InterruptedException {
        HttpResponse<String> response = http.send(request, BodyHandlers.ofString());
        return response.statusCode()
                + response.headers().firstValue("Retry-After").map(r -> " (" + r + ")").orElse("")
                + " "
                + response.body();
    }

    private String push(String body, String... headers) throws IOException, InterruptedException {
        return send(request(body.getBytes(StandardCharsets.UTF_8), headers).build());
    }

    private List<String> rows(String sql) {
        return shop.rows(sql, "main");
    }

    @Test
    void arrowKeepsItsTypes() throws Exception {
        serve("schema_policy: quarantine");
        String[] type = {"Content-Type", "application/vnd.apache.arrow.stream"};
        assertThat(send(request(ArrowStreams.ofAllKinds(), type).build()))
                .startsWith("200 ")
                .endsWith("\"rows\":2,\"quarantined\":0,\"duplicate\":false,\"rejected\":[]}");
        assertThat(
                        rows(
                                "select typeof(columns(* exclude (_request, _record, _received_at, _ingested_at))) from bronze.orders where id = 1"))
                .containsExactly(
                        "INTEGER|BOOLEAN|DECIMAL(20,0)|DOUBLE|VARCHAR|VARCHAR|DATE|DECIMAL(20,2)|TIMESTAMP|TIMESTAMP WITH TIME ZONE");
        assertThat(
                        rows(
                                "select unsigned, number, text, amount, local from bronze.orders where id = 1"))
                .containsExactly(
                        "18446744073709551615|NaN|007 ü|123456789012345678.90|2023-11-14T22:13:20.123456");
        // A column that the table has not is a matter of the source's policy, as in other bodies.
        assertThat(send(request(ArrowStreams.withColumn("unknown", 1), type).build()))
                .startsWith("200 ")
                .contains("\"rows\":1,\"quarantined\":1");
        assertThat(send(request(new byte[] {1, 2, 3, 4, 5}, type).build()))
                .startsWith("400 {\"status\":400,\"detail\":\"The body is no Arrow stream: ");
        assertThat(rows("select count(*) from bronze.orders")).containsExactly("2");
    }

    @Test
    void rowsAreThereWhenTheyAreAcknowledged() throws Exception {
        serve("");
        assertThat(push("[{\"id\":1,\"name\":\"a\"},{\"id\":2}]", "Idempotency-Key", "k1"))
                .isEqualTo(
                        "200 {\"request\":\"k1\",\"rows\":2,\"quarantined\":0,\"duplicate\":false,\"rejected\":[]}");
        assertThat(rows("select id, name, _request, _record from bronze.orders order by id"))
                .containsExactly("1|a|k1|1", "2|null|k1|2");

        assertThat(
                        push(
                                "{\"id\":3}\n{\"id\":4}\n",
                                "Content-Type",
                                "application/x-ndjson",
                                "Idempotency-Key",
                                "k2"))
                .startsWith("200 {\"request\":\"k2\",\"rows\":2,");
        assertThat(push("id,name\n5,\"x,y\"\n", "Content-Type", "text/csv")).startsWith("200 ");
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write("{\"id\":6}".getBytes(StandardCharsets.UTF_8));
        }
        assertThat(send(request(packed.toByteArray(), "Content-Encoding", "gzip").build()))
                .startsWith("200 ");
        assertThat(rows("select id, name from bronze.orders where id > 2 order by id"))
                .containsExactly("3|null", "4|null", "5|x,y", "6|null");
        assertThat(push("[]")).contains("\"rows\":0");
    }

    @Test
    void aKeyLandsOnceThoughTheServerIsAnotherOne() throws Exception {
        serve("column_types: {id: BIGINT}");
        String first = push("[{\"id\":1},{\"id\":\"x\"}]", "Idempotency-Key", "it's k");
        assertThat(first)
                .isEqualTo(
                        "200 {\"request\":\"it's k\",\"rows\":2,\"quarantined\":1,\"duplicate\":false,\"rejected\":[{\"row\":2,\"column\":\"id\",\"reason\":\"'x' is no BIGINT\"}]}");
        assertThat(push("[{\"id\":1},{\"id\":\"x\"}]", "Idempotency-Key", "it's k"))
                .isEqualTo(first.replace("\"duplicate\":false", "\"duplicate\":true"));
        serve("column_types: {id: BIGINT}");
        assertThat(push("[{\"id\":1},{\"id\":\"x\"}]", "Idempotency-Key", "it's k"))
                .isEqualTo(first.replace("\"duplicate\":false", "\"duplicate\":true"));
        assertThat(push("[{\"id\":7}]", "Idempotency-Key", "it's k"))
                .isEqualTo(
                        "409 {\"status\":409,\"detail\":\"Another body has landed with the key 'it's k'. Give this one another key.\"}");

        assertThat(rows("select id from bronze.orders")).containsExactly("1");
        assertThat(rows("select _file, _row, _reason from bronze.orders__quarantine"))
                .containsExactly("it's k|2|'x' is no BIGINT");
    }

    @Test
    void manyAtOnceLandInFewPublications() throws Exception {
        serve("");
        push("{\"id\":-1}");
        int before = shop.tarn().publications(RefName.MAIN, 1000).size();
        List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            String key = "k" + i % 150;
            answers.add(
                    http.sendAsync(
                            request(
                                            ("{\"id\":" + i % 150 + "}")
                                                    .getBytes(StandardCharsets.UTF_8),
                                            "Idempotency-Key",
                                            key)
                                    .build(),
                            BodyHandlers.ofString()));
        }
        for (CompletableFuture<HttpResponse<String>> answer : answers) {
            assertThat(answer.get().body()).contains("\"rows\":1,");
            assertThat(answer.get().statusCode()).isEqualTo(200);
        }

        assertThat(rows("select count(*), count(distinct id) from bronze.orders where id >= 0"))
                .containsExactly("150|150");
        assertThat(shop.tarn().publications(RefName.MAIN, 1000).size() - before).isLessThan(150);
    }

    @Test
    void bodiesThatCannotBeReadLandNothing() throws Exception {
        serve("max_body: 1kB\nkey_required: true\nrecords: data");
        assertThat(push("{\"data\": [{\"id\":1},", "Idempotency-Key", "k"))
                .startsWith(
                        "400 {\"status\":400,\"detail\":\"The body is no JSON: Unexpected end-of-input");
        assertThat(push("{\"rows\": []}", "Idempotency-Key", "k"))
                .isEqualTo(
                        "400 {\"status\":400,\"detail\":\"The body has nothing at '/data', where the records of this source are. Nothing has landed.\"}");
        assertThat(push("{\"data\": []}"))
                .isEqualTo(
                        "400 {\"status\":400,\"detail\":\"This source wants a key with each request, in the header idempotency-key, so that none lands twice.\"}");
        assertThat(push("x".repeat(1025), "Idempotency-Key", "k"))
                .isEqualTo(
                        "413 {\"status\":413,\"detail\":\"The body has 1,025 bytes, and 'max_body' allows 1,024. Send it in pieces.\"}");
        assertThat(push("x".repeat(50_000_000), "Idempotency-Key", "k"))
                .isEqualTo(
                        "413 {\"type\":\"about:blank\",\"title\":\"Too large\",\"status\":413,\"detail\":\"A request may have 33,554,432 bytes, and this one has more. Send it in pieces.\",\"code\":\"USAGE\",\"problems\":[]}");
        assertThat(push("a", "Idempotency-Key", "k", "Content-Type", "text/html"))
                .isEqualTo(
                        "415 {\"status\":415,\"detail\":\"Bodies of type 'text/html' are not read. Send application/json, application/x-ndjson, text/csv or application/vnd.apache.arrow.stream.\"}");
        assertThat(push("a", "Idempotency-Key", "k", "Content-Encoding", "gzip"))
                .isEqualTo(
                        "400 {\"status\":400,\"detail\":\"The body is no gzip: it is damaged, or not whole. Nothing has landed.\"}");
        assertThat(send(request(new byte[0]).GET().build()))
                .isEqualTo("405 {\"status\":405,\"detail\":\"Rows come by POST, not by GET.\"}");
        assertThat(
                        send(
                                request(new byte[0])
                                        .uri(
                                                URI.create(
                                                        "http://127.0.0.1:%d/ingest/shop/nothing"
                                                                .formatted(port())))
                                        .build()))
                .isEqualTo(
                        "404 {\"status\":404,\"detail\":\"There is no source at /shop/nothing. There are: /shop/orders.\"}");
        assertThat(shop.tarn().tableNames(dev.tarn.app.At.MAIN)).isEmpty();
    }

    @Test
    void aRowOfFiftyMegabytesLandsPackedWhereItIsAllowed() throws Exception {
        String large = "{\"id\":1,\"text\":\"" + "x".repeat(50_000_000) + "\"}";
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(large.getBytes(StandardCharsets.UTF_8));
        }
        serve("");
        assertThat(send(request(packed.toByteArray(), "Content-Encoding", "gzip").build()))
                .isEqualTo(
                        "413 {\"status\":413,\"detail\":\"The body has more than the 33,554,432 bytes, unpacked, that 'max_body' allows. Send it in pieces.\"}");
        serve("max_body: 60MB");
        assertThat(send(request(packed.toByteArray(), "Content-Encoding", "gzip").build()))
                .startsWith("200 ")
                .contains("\"rows\":1,\"quarantined\":0,");
        assertThat(push("{\"id\":2}")).startsWith("200 ");

        assertThat(rows("select id, length(text) from bronze.orders order by id"))
                .containsExactly("1|50000000", "2|null");
    }

    @Test
    void oneRequestThatCannotLandHarmsNoOther() throws Exception {
        serve("schema_policy: hold");
        push("{\"id\":1}");
        List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
        for (int i = 2; i < 22; i++) {
            String row = i % 5 == 0 ? "{\"id\":%d,\"new\":1}" : "{\"id\":%d}";
            answers.add(
                    http.sendAsync(
                            request(row.formatted(i).getBytes(StandardCharsets.UTF_8)).build(),
                            BodyHandlers.ofString()));
        }
        int held = 0;
        for (CompletableFuture<HttpResponse<String>> answer : answers) {
            held += answer.get().statusCode() == 422 ? 1 : 0;
        }

        assertThat(held).isEqualTo(4);
        assertThat(rows("select count(*) from bronze.orders")).containsExactly("17");
    }

    @Test
    void whoHasNoTokenIsRefused() throws Exception {
        serve("token: file:FOLDER/token");
        assertThat(push("{\"id\":1}"))
                .isEqualTo(
                        "401 {\"status\":401,\"detail\":\"This source wants its token, as `Authorization: Bearer …`.\"}");
        assertThat(push("{\"id\":1}", "Authorization", "Bearer " + TOKEN + "x")).startsWith("401 ");
        assertThat(push("{\"id\":1}", "Authorization", "Bearer " + TOKEN)).startsWith("200 ");
    }

    private static String hmac(String text) throws Exception {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(SECRET.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
        return HexFormat.of().formatHex(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void webhooksProveThatTheyAreGenuine() throws Exception {
        serve("signature: github\nsecret: file:FOLDER/secret");
        String body = "{\"id\":1}";
        assertThat(push(body))
                .isEqualTo(
                        "401 {\"status\":401,\"detail\":\"The signature is not right: the header 'x-hub-signature-256' is missing.\"}");
        assertThat(push("{\"id\":2}", "X-Hub-Signature-256", "sha256=" + hmac(body)))
                .isEqualTo(
                        "401 {\"status\":401,\"detail\":\"The signature is not right: it is not the body's, or the secret is another one.\"}");
        for (int i = 0; i < 2; i++) {
            assertThat(
                            push(
                                    body,
                                    "X-Hub-Signature-256",
                                    "sha256=" + hmac(body),
                                    "X-GitHub-Delivery",
                                    "d1"))
                    .startsWith("200 ");
        }
        assertThat(rows("select id, _request from bronze.orders")).containsExactly("1|d1");

        serve("signature: stripe\nsecret: file:FOLDER/secret");
        String event = "{\"id\":\"evt_1\"}";
        long now = Clock.systemUTC().instant().getEpochSecond();
        String good = "t=%d,v1=00,v1=%s".formatted(now, hmac(now + "." + event));
        String old = "t=%d,v1=%s".formatted(now - 3600, hmac((now - 3600) + "." + event));
        assertThat(push(event, "Stripe-Signature", old))
                .contains("The signature is not right: it was made ");
        assertThat(push(event, "Stripe-Signature", good)).contains("\"request\":\"evt_1\"");
        assertThat(push(event, "Stripe-Signature", good)).contains("\"duplicate\":true");
    }

    @Test
    void aNameOfAnotherHostIsOnlyHeardWhereTheSourceKnowsWhoSends() throws Exception {
        serve("");
        assertThat(raw("POST /ingest/shop/orders HTTP/1.1\r\nHost: example.com\r\n"))
                .startsWith("HTTP/1.1 403 ");
        serve("token: file:FOLDER/token");
        assertThat(
                        raw(
                                "POST /ingest/shop/orders HTTP/1.1\r\nHost: example.com\r\nAuthorization: Bearer "
                                        + TOKEN
                                        + "\r\n"))
                .startsWith("HTTP/1.1 200 ");
        assertThat(raw("POST /ingest/shop/orders HTTP/1.1\r\nHost: example.com\r\n"))
                .startsWith("HTTP/1.1 401 ");
    }

    private String raw(String head) throws IOException {
        try (java.net.Socket socket = new Socket(InetAddress.getLoopbackAddress(), port())) {
            socket.getOutputStream()
                    .write(
                            (head + "Connection: close\r\nContent-Length: 8\r\n\r\n{\"id\":1}")
                                    .getBytes(StandardCharsets.UTF_8));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** Whoever sends it is told, and what is beside it lands. */
    @Test
    void aRecordOfAMillionNamesIsNoTableOfAMillionColumns() throws Exception {
        serve("column_types: {id: BIGINT}");
        String wide =
                IntStream.range(0, 1_000_000)
                        .mapToObj(i -> "\"n" + i + "\":1")
                        .collect(Collectors.joining(",", "{", "}"));

        assertThat(push("[{\"id\":1}," + wide + "]", "Idempotency-Key", "k"))
                .isEqualTo(
                        "200 {\"request\":\"k\",\"rows\":2,\"quarantined\":1,\"duplicate\":false,\"rejected\":[{\"row\":2,\"reason\":\"has names that would make more than 1,000 columns; declare a column as VARIANT, or take the document as text\"}]}");
        assertThat(rows("select id from bronze.orders")).containsExactly("1");
    }

    @Test
    void aHeaderOfAMillionColumnsPutsItsRowsAside() throws Exception {
        serve("column_types: {id: BIGINT}");
        String wide =
                IntStream.range(0, 1_000_000)
                        .mapToObj(i -> "n" + i)
                        .collect(Collectors.joining(","));

        assertThat(
                        push(
                                wide + "\n" + wide + "\n",
                                "Content-Type",
                                "text/csv",
                                "Idempotency-Key",
                                "k"))
                .startsWith(
                        "200 {\"request\":\"k\",\"rows\":1,\"quarantined\":1,\"duplicate\":false,\"rejected\":[{\"row\":1,\"reason\":\"has names that would make more than 1,000 columns;");
    }
}
