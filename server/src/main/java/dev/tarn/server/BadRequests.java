package dev.tarn.server;

import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;

/** What is said to requests that are so wrong that they reach no protocol. */
final class BadRequests extends ErrorHandler {
    @Override
    public boolean handle(Request request, Response response, Callback callback) {
        int status = response.getStatus();
        String detail =
                switch (status) {
                    case 400 ->
                            "This is no request that a server can answer: its path, its headers or its form are wrong.";
                    case 408 -> "The request came too slowly.";
                    case 414 -> "The address is too long.";
                    case 431 -> "The headers are too large.";
                    case 505 -> "This version of HTTP is not spoken here.";
                    default -> "The request cannot be answered.";
                };
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/problem+json");
        response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
        byte[] body =
                "{\"type\":\"about:blank\",\"title\":\"%s\",\"status\":%d,\"detail\":\"%s\",\"code\":\"USAGE\",\"problems\":[]}"
                        .formatted(status >= 500 ? "Not answered" : "Bad request", status, detail)
                        .getBytes(StandardCharsets.UTF_8);
        response.write(true, java.nio.ByteBuffer.wrap(body), callback);
        return true;
    }
}
