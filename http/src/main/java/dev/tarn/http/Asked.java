package dev.tarn.http;

import java.net.URI;
import java.util.Map;
import java.util.Optional;

/**
 * What is asked of a server.
 *
 * @param headers of this source; only its own server sees them
 * @param account whether the source's account is shown
 */
@SuppressWarnings("ArrayRecordComponent") // Bodies are handed on, never compared.
record Asked(
        String method,
        URI uri,
        Map<String, String> headers,
        Optional<byte[]> body,
        boolean account) {
    Asked {
        headers = Map.copyOf(headers);
    }

    static Asked get(URI uri, Map<String, String> headers) {
        return new Asked("GET", uri, headers, Optional.empty(), true);
    }

    /** The same at another place of the same server. */
    Asked at(URI other) {
        return new Asked(method, other, headers, body, account);
    }

    /** What a redirect to another server may be told: nothing of ours. */
    Asked bare(URI other) {
        return new Asked("GET", other, Map.of(), Optional.empty(), false);
    }

    static boolean isSameServer(URI one, URI other) {
        return one.getScheme().equalsIgnoreCase(other.getScheme())
                && one.getHost().equalsIgnoreCase(other.getHost())
                && port(one) == port(other);
    }

    private static int port(URI uri) {
        if (uri.getPort() >= 0) {
            return uri.getPort();
        }
        return uri.getScheme().equalsIgnoreCase("https") ? 443 : 80;
    }
}
