package dev.tarn.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.model.TarnException;
import dev.tarn.spi.HttpProtocol;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class TarnServerTest {
    /** Says what it was asked. */
    private static final HttpProtocol ECHO =
            call ->
                    new HttpProtocol.Answer(
                            call.path().equals("/missing") ? 404 : 200,
                            Map.of("ETag", "\"1\""),
                            "%s %s %s %s [%s]"
                                    .formatted(
                                            call.method(),
                                            call.path(),
                                            call.query(),
                                            new String(call.body(), StandardCharsets.UTF_8),
                                            call.principal())
                                    .getBytes(StandardCharsets.UTF_8));

    private final HttpClient client = HttpClient.newHttpClient();
    private TarnServer server = serving(ECHO, Optional.empty());

    @BeforeEach
    void isThere() {
        assertThat(server.port()).isPositive();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private static TarnServer serving(HttpProtocol protocol, Optional<String> token) {
        ServerConfig config =
                new ServerConfig(
                        "127.0.0.1",
                        0,
                        token,
                        1_000,
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(10));
        return TarnServer.start(config, List.of(new Mount("/echo", protocol)), Clock.systemUTC());
    }

    private HttpRequest.Builder to(String path) {
        return HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:%d%s".formatted(server.port(), path)));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
        return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void aProtocolIsAskedForWhatIsBelowItsMount() throws Exception {
        HttpResponse<String> answer =
                send(
                        to("/echo/a%2Fb/..%1Fc?x=1&y=%20")
                                .POST(HttpRequest.BodyPublishers.ofString("hi")));
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).startsWith("POST /a%2Fb/..%1Fc {");
        assertThat(answer.body()).contains("x=1").contains("y= ").endsWith("} hi []");
        assertThat(answer.headers().firstValue("ETag")).contains("\"1\"");
    }

    @Test
    void whatAProtocolDoesNotFindIsItsOwnAffair() throws Exception {
        HttpResponse<String> answer = send(to("/echo/missing"));
        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(answer.body()).isEqualTo("GET /missing {}  []");
    }

    @Test
    void elsewhereThereIsNothing() throws Exception {
        HttpResponse<String> answer = send(to("/nowhere"));
        assertThat(answer.statusCode()).isEqualTo(404);
        assertThat(answer.body())
                .isEqualTo(
                        "{\"type\":\"about:blank\",\"title\":\"Not found\",\"status\":404,\"detail\":\"There is nothing here. This server has: /echo.\",\"code\":\"USAGE\",\"problems\":[]}");
    }

    @ParameterizedTest
    @CsvSource({"TRACE,405,USAGE", "FOO,501,UNSUPPORTED", "get,501,UNSUPPORTED"})
    void aMethodThatNothingUnderstandsIsAProblemThatNamesThoseThatAre(
            String method, int status, String code) throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.getOutputStream()
                    .write(
                            "%s /echo/x HTTP/1.1\r\nHost: localhost\r\n\r\n"
                                    .formatted(method)
                                    .getBytes(StandardCharsets.US_ASCII));
            String answer =
                    new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(answer)
                    .startsWith("HTTP/1.1 " + status + " ")
                    .contains("Allow: GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS\r\n")
                    .contains("Content-Type: application/problem+json\r\n")
                    .endsWith(
                            "\"detail\":\"This server does not understand the method. It understands GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS.\",\"code\":\"%s\",\"problems\":[]}"
                                    .formatted(code));
        }
    }

    @Test
    void aHugeRequestIsRefused() throws Exception {
        HttpResponse<String> answer =
                send(to("/echo/x").POST(HttpRequest.BodyPublishers.ofByteArray(new byte[5_000])));
        assertThat(answer.statusCode()).isEqualTo(413);
        assertThat(answer.body())
                .isEqualTo(
                        "{\"type\":\"about:blank\",\"title\":\"Too large\",\"status\":413,\"detail\":\"A request may have 1,000 bytes, and this one has more. Send it in pieces.\",\"code\":\"USAGE\",\"problems\":[]}");
    }

    @Test
    void aHugeRequestThatDoesNotSaySoIsRefusedToo() throws Exception {
        HttpResponse<String> answer =
                send(
                        to("/echo/x")
                                .POST(
                                        HttpRequest.BodyPublishers.ofByteArrays(
                                                List.of(new byte[900], new byte[900]))));
        assertThat(answer.statusCode()).isEqualTo(413);
    }

    @Test
    void aClientThatSaysNothingMoreIsLeft() throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            OutputStream out = socket.getOutputStream();
            out.write(
                    "POST /echo/x HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\nhal"
                            .getBytes(StandardCharsets.UTF_8));
            out.flush();
            // It ends when the server gives up; without that this test would never end.
            String rest =
                    new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(rest).doesNotContain("200 OK");
        }
        assertThat(send(to("/echo/still")).statusCode()).isEqualTo(200);
    }

    @Test
    void aPathThatLeadsUpwardsIsAProblemInPlainWords() throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            OutputStream out = socket.getOutputStream();
            out.write(
                    "GET /echo/../../../etc/passwd HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
                            .getBytes(StandardCharsets.UTF_8));
            out.flush();
            String answer =
                    new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(answer)
                    .startsWith("HTTP/1.1 400 ")
                    .contains("application/problem+json")
                    .contains(
                            "This is no request that a server can answer: its path, its headers or its form are wrong.");
        }
    }

    @Test
    void aPageOfAnotherSiteIsRefused() throws Exception {
        HttpResponse<String> answer = send(to("/echo/x").header("Origin", "http://evil.example"));
        assertThat(answer.statusCode()).isEqualTo(403);
    }

    @Test
    void withATokenOnlyWhoSendsItIsAnswered() throws Exception {
        server.close();
        server = serving(ECHO, Optional.of("0123456789abcdef"));
        HttpResponse<String> without = send(to("/echo/x"));
        assertThat(without.statusCode()).isEqualTo(401);
        assertThat(without.headers().firstValue("WWW-Authenticate"))
                .contains("Bearer, Basic realm=\"Tarn\"");
        HttpResponse<String> with =
                send(to("/echo/x").header("Authorization", "Bearer 0123456789abcdef"));
        assertThat(with.body()).isEqualTo("GET /x {}  [token]");
    }

    @ParameterizedTest
    @CsvSource({
        "anybody:0123456789abcdef, 200",
        ":0123456789abcdef, 200",
        "0123456789abcdef:other, 401",
        "anybody:, 401"
    })
    void aBrowserSendsTheTokenAsAPassword(String pair, int status) throws Exception {
        server.close();
        server = serving(ECHO, Optional.of("0123456789abcdef"));
        String sent = Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
        assertThat(send(to("/echo/x").header("Authorization", "Basic " + sent)).statusCode())
                .isEqualTo(status);
        assertThat(send(to("/echo/x").header("Authorization", "Basic %%%")).statusCode())
                .isEqualTo(401);
    }

    @Test
    void aTokenThatIsEasilyGuessedIsRefused() {
        assertThatThrownBy(() -> serving(ECHO, Optional.of("secret")))
                .isInstanceOf(TarnException.class)
                .hasMessage(
                        "The token has fewer than 16 characters and is easily guessed. `openssl rand -hex 32` makes a good one. [CONFIG_INVALID]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0", "::", "192.0.2.1"})
    void otherMachinesCannotReachIt(String host) {
        ServerConfig config = ServerConfig.of(host, 0, Optional.empty());
        assertThatThrownBy(() -> TarnServer.start(config, List.of(), Clock.systemUTC()))
                .isInstanceOf(TarnException.class)
                .hasMessage(
                        "Tarn listens on this machine only; '%s' can be reached from others. Use 127.0.0.1, and a tunnel such as `ssh -L` from elsewhere. [UNSUPPORTED]"
                                .formatted(host));
    }

    @Test
    void aTakenPortIsSaid() {
        ServerConfig config = ServerConfig.of("127.0.0.1", server.port(), Optional.empty());
        assertThatThrownBy(() -> TarnServer.start(config, List.of(), Clock.systemUTC()))
                .isInstanceOf(TarnException.class)
                .hasMessage(
                        "Cannot listen on 127.0.0.1:%d: another program does. Choose another with --port, or 0 for any free one. [USAGE]"
                                .formatted(server.port()));
    }

    @Test
    void aBodyThatStopsComingIsAProblem() throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
            socket.getOutputStream()
                    .write(
                            "POST /echo/x HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nContent-Length: 9\r\n\r\n{"
                                    .formatted(server.port())
                                    .getBytes(StandardCharsets.US_ASCII));
            String answer =
                    new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(answer)
                    .startsWith("HTTP/1.1 408 ")
                    .contains("application/problem+json")
                    .contains(
                            "The request did not arrive in time: it may take 10 seconds, and pause for 2.");
        }
    }

    @Test
    void aBodyThatBreaksOffIsNoSuccess() throws Exception {
        String head = "POST /echo/x HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n".formatted(server.port());
        for (String request :
                List.of(
                        head + "Transfer-Encoding: chunked\r\n\r\nZZ\r\n{",
                        head + "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n",
                        head + "Content-Length: 9\r\n\r\n{")) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port())) {
                socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
                socket.shutdownOutput();
                String answer =
                        new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
                assertThat(answer)
                        .startsWith("HTTP/1.1 400 ")
                        .contains(
                                "The request breaks off, or its pieces are no chunks as HTTP has them. Nothing was done.");
            }
        }
    }

    @Test
    void clientsThatStopReadingAreLeftAndHoldNobodyUp() throws Exception {
        int clients = 50;
        CountDownLatch left = new CountDownLatch(clients);
        server.close();
        server =
                serving(
                        call ->
                                call.path().equals("/endless")
                                        ? new HttpProtocol.Answer(
                                                200,
                                                Map.of("Content-Type", "text/event-stream"),
                                                new byte[0],
                                                Optional.of(out -> {
                                                    try {
                                                        endless(out);
                                                    } finally {
                                                        left.countDown();
                                                    }
                                                }))
                                        : ECHO.answer(call),
                        Optional.empty());
        List<Socket> stuck = new ArrayList<>();
        try {
            for (int i = 0; i < clients; i++) {
                Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
                stuck.add(socket);
                socket.getOutputStream()
                        .write(
                                "GET /echo/endless HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n\r\n"
                                        .formatted(server.port())
                                        .getBytes(StandardCharsets.US_ASCII));
            }
            assertThat(send(to("/echo/other")).body()).isEqualTo("GET /other {}  []");
            left.await();
            assertThat(send(to("/echo/after")).body()).isEqualTo("GET /after {}  []");
        } finally {
            for (Socket socket : stuck) {
                socket.close();
            }
        }
    }

    private static void endless(OutputStream out) throws IOException {
        byte[] more = "data: more and more\n\n".repeat(1_000).getBytes(StandardCharsets.UTF_8);
        while (true) {
            out.write(more);
            out.flush();
        }
    }

    @Test
    void closingLetsARequestEndFirst() throws Exception {
        CountDownLatch arrived = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        server.close();
        server =
                serving(
                        call -> {
                            arrived.countDown();
                            try {
                                goOn.await();
                            } catch (InterruptedException e) {
                                Thread.currentThread().interrupt();
                            }
                            return ECHO.answer(call);
                        },
                        Optional.empty());
        int port = server.port();
        CompletableFuture<HttpResponse<String>> answer =
                client.sendAsync(to("/echo/slow").build(), HttpResponse.BodyHandlers.ofString());
        arrived.await();
        CompletableFuture<Void> closing = CompletableFuture.runAsync(server::close);
        goOn.countDown();
        assertThat(answer.get().body()).isEqualTo("GET /slow {}  []");
        closing.get();
        assertThatThrownBy(() -> new Socket(InetAddress.getLoopbackAddress(), port))
                .isInstanceOf(IOException.class);
    }
}
