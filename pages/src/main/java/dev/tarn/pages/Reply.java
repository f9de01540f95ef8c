package dev.tarn.pages;

import dev.tarn.spi.HttpProtocol;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** Answers as browsers and other programs want them. */
final class Reply {
    /** Nothing from elsewhere, nothing inline, never in a frame. */
    private static final Map<String, String> GUARD =
            Map.of(
                    "Content-Security-Policy",
                    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
                            + " connect-src 'self'; form-action 'self'; base-uri 'none';"
                            + " frame-ancestors 'none'",
                    "X-Content-Type-Options",
                    "nosniff",
                    "Referrer-Policy",
                    "same-origin",
                    "Cross-Origin-Opener-Policy",
                    "same-origin");

    private Reply() {}

    static HttpProtocol.Answer page(int status, Html html) {
        return of(
                status,
                "text/html; charset=utf-8",
                Map.of("Cache-Control", "no-store"),
                ("<!doctype html>" + Html.render(html)).getBytes(StandardCharsets.UTF_8));
    }

    static HttpProtocol.Answer text(int status, String type, String text) {
        return of(
                status,
                type,
                Map.of("Cache-Control", "no-store"),
                text.getBytes(StandardCharsets.UTF_8));
    }

    /** After a form has done what it says; the browser asks for the page with GET. */
    static HttpProtocol.Answer seeOther(Link link) {
        return of(303, "text/plain", Map.of("Location", link.toString()), new byte[0]);
    }

    static HttpProtocol.Answer of(int status, String type, Map<String, String> more, byte[] body) {
        Map<String, String> headers = new HashMap<>(GUARD);
        headers.put("Content-Type", type);
        headers.putAll(more);
        return new HttpProtocol.Answer(status, headers, body);
    }
}
