package dev.tarn.http;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Addresses and their queries. */
final class Addresses {
    private Addresses() {}

    /** An address whose query has these values; those of the same name go. */
    static URI with(URI uri, Map<String, String> values) {
        if (values.isEmpty()) {
            return uri;
        }
        URI others = without(uri, List.copyOf(values.keySet()));
        String query = others.getRawQuery();
        String whole = others.toString().replaceFirst("[?#].*", "");
        return URI.create(
                whole
                        + "?"
                        + (query == null || query.isEmpty() ? "" : query + "&")
                        + Quoted.form(values));
    }

    /** An address whose query has no values of these names. */
    static URI without(URI uri, List<String> names) {
        String query = uri.getRawQuery();
        if (query == null || names.isEmpty()) {
            return uri;
        }
        List<String> parts = new ArrayList<>();
        for (String part : query.split("&")) {
            String name = part.replaceFirst("=.*", "");
            if (names.stream().noneMatch(n -> name.equals(n) || name.equals(Quoted.url(n)))) {
                parts.add(part);
            }
        }
        String whole = uri.toString().replaceFirst("[?#].*", "");
        return URI.create(parts.isEmpty() ? whole : whole + "?" + String.join("&", parts));
    }

    /**
     * What an address means where it stands on a page.
     *
     * @throws IllegalArgumentException if it is none
     */
    static URI resolved(URI page, String address) {
        // The JDK drops the last part of the path before a query alone.
        return address.startsWith("?")
                ? URI.create(page.toString().replaceFirst("[?#].*", "") + address)
                : page.resolve(address);
    }

    /** A path below a base; one that begins with a slash too. */
    static URI below(URI base, String path) {
        if (path.isEmpty()) {
            return base;
        }
        String start = base.toString().replaceFirst("[?#].*", "").replaceFirst("/+$", "");
        return URI.create(start + "/" + path.replaceFirst("^/+", ""));
    }
}
