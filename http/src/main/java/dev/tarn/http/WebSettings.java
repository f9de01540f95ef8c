package dev.tarn.http;

import dev.tarn.model.graph.ConnectorSpec.Mode;
import dev.tarn.spi.Connector.Request;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jsoup.select.QueryParser;
import org.jsoup.select.Selector.SelectorParseException;

/**
 * Which pages are read, and what of them.
 *
 * @param rows selects the elements that are rows; without it, the page is one
 * @param columns selectors below a row by column; {@code @name} behind one takes an attribute, and
 *     {@code @html} what is inside
 * @param next selects the link to the next page
 * @param mostPages after so many it ends
 */
record WebSettings(
        URI url,
        Map<String, String> headers,
        Optional<String> rows,
        Map<String, Column> columns,
        Optional<String> next,
        long mostPages,
        boolean heedsRobots,
        Duration refresh,
        Transport transport) {
    static final List<String> KNOWN =
            List.of(
                    "url",
                    "headers.*",
                    "rows",
                    "columns.*",
                    "next",
                    "max_pages",
                    "robots",
                    "requests_per_second",
                    "retries",
                    "timeout",
                    "longest_wait",
                    "max_response",
                    "refresh",
                    "tls_ca");
    private static final Duration PAUSE = Duration.ofSeconds(1);

    /**
     * What a column takes.
     *
     * @param selector empty for the row itself
     * @param attribute empty for the text; {@code html} for what is inside
     */
    record Column(String selector, String attribute) {
        static Column of(String text) {
            int at = text.lastIndexOf('@');
            return at < 0 || text.indexOf(']', at) >= 0
                    ? new Column(text.strip(), "")
                    : new Column(text.substring(0, at).strip(), text.substring(at + 1).strip());
        }
    }

    static WebSettings of(Request request, Secrets secrets) {
        SettingsReader settings = new SettingsReader(request);
        boolean secret = request.settings().values().stream().anyMatch(secrets::has);
        Map<String, Column> columns = new java.util.TreeMap<>();
        settings.below("columns").forEach((name, text) -> columns.put(name, Column.of(text)));
        if (columns.isEmpty()) {
            settings.add(
                    HttpErrors.missing(
                            settings.place(), "columns", "it says what of a page becomes columns"));
        }
        columns.forEach((name, column) -> select(settings, "columns." + name, column.selector()));
        settings.text("rows").ifPresent(s -> select(settings, "rows", s));
        settings.text("next").ifPresent(s -> select(settings, "next", s));
        request.spec()
                .mode()
                .filter(m -> m != Mode.SNAPSHOT)
                .ifPresent(m ->
                        settings.add(
                                HttpErrors.setting(
                                        settings.place(),
                                        "mode",
                                        m.name().toLowerCase(Locale.ROOT),
                                        "snapshot, for pages are read as a whole")));
        Transport transport = settings.transport();
        WebSettings all =
                new WebSettings(
                        settings.address("url", secret),
                        settings.below("headers"),
                        settings.text("rows"),
                        columns,
                        settings.text("next"),
                        settings.number("max_pages", 1_000, 1_000_000),
                        settings.oneOf("robots", "heed", List.of("heed", "own_site"))
                                .equals("heed"),
                        settings.duration("refresh", Duration.ofHours(1)),
                        new Transport(
                                transport.timeout(),
                                transport.retries(),
                                settings.size("max_response", 8L << 20),
                                transport.longestWait(),
                                transport.pause().isZero() ? PAUSE : transport.pause(),
                                transport.authority()));
        settings.throwIfAny();
        return all;
    }

    private static void select(SettingsReader settings, String name, String selector) {
        if (selector.isEmpty()) {
            return;
        }
        try {
            QueryParser.parse(selector);
        } catch (SelectorParseException | IllegalArgumentException e) {
            settings.add(HttpErrors.setting(settings.place(), name, selector, "a selector of CSS"));
        }
    }

    @Override
    public String toString() {
        return url.toString();
    }
}
