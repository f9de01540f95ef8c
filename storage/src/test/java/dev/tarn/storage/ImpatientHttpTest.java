package dev.tarn.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;

final class ImpatientHttpTest {
    private static final int LENGTH = 1_000_000;

    @Test
    @Timeout(value = 2, unit = TimeUnit.MINUTES)
    void whoClosesAnAnswerThatTricklesDoesNotWaitForItsEnd() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
                SdkHttpClient client = new ImpatientHttp(Apache5HttpClient.create())) {
            CompletableFuture<Integer> sent = CompletableFuture.supplyAsync(() -> trickle(server));

            body(client, server).close();

            assertThat(sent.get(1, TimeUnit.MINUTES)).isBetween(1, LENGTH - 1);
        }
    }

    @Test
    void theConnectionOfAnAnswerThatEndsIsUsedAgain() throws Exception {
        try (ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
                SdkHttpClient client = new ImpatientHttp(Apache5HttpClient.create())) {
            CompletableFuture<Void> answered =
                    CompletableFuture.runAsync(() -> answerTwice(server));

            AbortableInputStream first = body(client, server);
            assertThat(first.read()).isEqualTo('a');
            first.close();
            try (AbortableInputStream second = body(client, server)) {
                assertThat(second.readAllBytes()).isEqualTo("abc".getBytes(StandardCharsets.UTF_8));
            }
            answered.get(1, TimeUnit.MINUTES);
        }
    }

    private static AbortableInputStream body(SdkHttpClient client, ServerSocket server)
            throws IOException {
        SdkHttpRequest request =
                SdkHttpRequest.builder()
                        .method(SdkHttpMethod.GET)
                        .uri(URI.create("http://127.0.0.1:" + server.getLocalPort() + "/"))
                        .build();
        HttpExecuteResponse answer =
                client.prepareRequest(HttpExecuteRequest.builder().request(request).build()).call();
        return answer.responseBody().orElseThrow();
    }

    /** A byte each twentieth of a second, and how many of them somebody took. */
    private static int trickle(ServerSocket server) {
        int sent = 0;
        try (Socket socket = server.accept()) {
            head(socket, LENGTH);
            for (; sent < LENGTH; sent++) {
                socket.getOutputStream().write('x');
                TimeUnit.MILLISECONDS.sleep(50);
            }
        } catch (IOException e) {
            return sent;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return sent;
    }

    private static void answerTwice(ServerSocket server) {
        try (Socket socket = server.accept()) {
            for (int i = 0; i < 2; i++) {
                head(socket, 3);
                socket.getOutputStream().write("abc".getBytes(StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void head(Socket socket, int length) throws IOException {
        int ends = 0;
        while (ends < 4) {
            int read = socket.getInputStream().read();
            ends = read == '\r' || read == '\n' ? ends + 1 : 0;
        }
        OutputStream out = socket.getOutputStream();
        out.write(
                "HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n"
                        .formatted(length)
                        .getBytes(StandardCharsets.US_ASCII));
        out.flush();
    }
}
