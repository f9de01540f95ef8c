package dev.tarn.server;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Refuses methods that nothing here understands, before anything else looks at the request. */
final class Methods extends Handler.Wrapper {
    private final List<String> known;

    /**
     * @param known the methods that are understood somewhere
     */
    Methods(List<String> known) {
        this.known = List.copyOf(known);
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        String method = request.getMethod();
        if (known.contains(method)) {
            return super.handle(request, response, callback);
        }
        // 501 is for what HTTP does not know at all.
        boolean ofHttp = HttpMethod.fromString(method) != null;
        int status = ofHttp ? 405 : 501;
        response.setStatus(status);
        response.getHeaders().put(HttpHeader.ALLOW, String.join(", ", known));
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/problem+json");
        response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-store");
        response.getHeaders().put(HttpHeader.CONNECTION, "close");
        byte[] body =
                "{\"type\":\"about:blank\",\"title\":\"%s\",\"status\":%d,\"detail\":\"This server does not understand the method. It understands %s.\",\"code\":\"%s\",\"problems\":[]}"
                        .formatted(
                                ofHttp ? "Not allowed" : "Not implemented",
                                status,
                                String.join(", ", known),
                                ofHttp ? "USAGE" : "UNSUPPORTED")
                        .getBytes(StandardCharsets.UTF_8);
        response.write(true, ByteBuffer.wrap(body), callback);
        return true;
    }
}
