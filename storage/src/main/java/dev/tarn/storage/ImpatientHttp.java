package dev.tarn.storage;

import java.io.FilterInputStream;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;

/**
 * Connections whose answers end soon after nobody wants them. Who closes an answer early otherwise
 * reads what is left of it, so that the connection can be used again, and waits for as long as that
 * trickles.
 */
record ImpatientHttp(SdkHttpClient client) implements SdkHttpClient {
    private static final long PATIENCE_MILLIS = 500;

    @Override
    public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
        ExecutableHttpRequest prepared = client.prepareRequest(request);
        return new ExecutableHttpRequest() {
            @Override
            public HttpExecuteResponse call() throws IOException {
                HttpExecuteResponse answer = prepared.call();
                return HttpExecuteResponse.builder()
                        .response(answer.httpResponse())
                        .responseBody(
                                answer.responseBody().map(ImpatientHttp::impatient).orElse(null))
                        .build();
            }

            @Override
            public void abort() {
                prepared.abort();
            }
        };
    }

    private static AbortableInputStream impatient(AbortableInputStream body) {
        return AbortableInputStream.create(new Body(body), body);
    }

    @Override
    public String clientName() {
        return client.clientName();
    }

    @Override
    public void close() {
        client.close();
    }

    private static final class Body extends FilterInputStream {
        private final AbortableInputStream body;
        private boolean atEnd;

        Body(AbortableInputStream body) {
            super(body);
            this.body = body;
        }

        @Override
        public int read() throws IOException {
            int read = body.read();
            atEnd |= read < 0;
            return read;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int read = body.read(bytes, offset, length);
            atEnd |= read < 0;
            return read;
        }

        @Override
        public void close() throws IOException {
            if (atEnd) {
                body.close();
                return;
            }
            CompletableFuture<Void> late =
                    new CompletableFuture<Void>()
                            .completeOnTimeout(null, PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
            CompletableFuture<Void> given = late.thenRun(body::abort);
            try {
                body.close();
            } catch (IOException e) {
                if (!late.isDone()) {
                    throw e;
                }
            } finally {
                given.cancel(false);
                late.cancel(false);
            }
        }
    }
}
