package dev.tarn.http;

import dev.tarn.http.RestPages.Page;
import dev.tarn.http.RestPages.Row;
import dev.tarn.http.WebSettings.Column;
import dev.tarn.model.graph.ConnectorSpec.Write;
import dev.tarn.model.table.Schema;
import dev.tarn.spi.Connector.Request;
import dev.tarn.spi.OpenSource;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;

/** Pages of a site, as a snapshot of the rows that are on them. */
final class WebSource implements OpenSource {
    private final WebSettings settings;
    private final Request request;
    private final Caller caller;
    private final Waiting waiting;
    private boolean loaded;

    WebSource(WebSettings settings, Request request, Caller caller, Waiting waiting) {
        this.settings = settings;
        this.request = request;
        this.caller = caller;
        this.waiting = waiting;
    }

    @Override
    public Optional<Schema> columns() {
        return Optional.empty();
    }

    @Override
    public Optional<Batch> next(Map<String, String> positions, Limits limits) {
        waiting.check();
        Optional<RestPosition> position =
                Optional.ofNullable(positions.get(RestSource.PART)).map(RestPosition::parse);
        if (loaded && position.isPresent() && !isDue(position.get())) {
            return Optional.empty();
        }
        RestColumns columns = new RestColumns(request.spec().write() != Write.SCD2, false);
        return Optional.of(
                new RestBatch(
                        columns, Optional.of("load-" + request.clock().instant()), this::pages));
    }

    private boolean isDue(RestPosition position) {
        String at = position.at();
        return at == null
                || !Instant.parse(at).plus(settings.refresh()).isAfter(request.clock().instant());
    }

    private RestBatch.Reached pages(RestBatch.Told told) {
        Robots robots = robots();
        Set<URI> seen = new HashSet<>();
        Optional<URI> now = Optional.of(settings.url());
        while (now.isPresent() && seen.add(now.get())) {
            URI uri = now.get();
            if (!robots.allows(pathOf(uri))) {
                throw HttpErrors.forbidden(caller.shown(uri), "robots.txt");
            }
            if (seen.size() > settings.mostPages()) {
                throw HttpErrors.tooManyPages(caller.shown(settings.url()), settings.mostPages());
            }
            if (seen.size() > 1) {
                rest(robots);
            }
            Answer answer = caller.ask(Asked.get(uri, settings.headers()), false);
            Document page = parsed(answer);
            List<Row> rows = rows(page);
            told.page(
                    new Page(
                            Optional.empty(),
                            rows,
                            Optional.empty(),
                            pathOf(uri),
                            answer.body().length,
                            "",
                            false),
                    rows,
                    Optional.empty());
            now = next(uri, page);
        }
        loaded = true;
        return new RestBatch.Reached(
                RestPosition.loaded(request.clock().instant().toString()).toJson(), true);
    }

    private static String pathOf(URI uri) {
        String path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        return uri.getRawQuery() == null ? path : path + "?" + uri.getRawQuery();
    }

    /** A server may want longer pauses than we make by ourselves. */
    private void rest(Robots robots) {
        Duration wanted = robots.pause().orElse(Duration.ZERO);
        Duration most = settings.transport().longestWait();
        Duration own = settings.transport().pause();
        if (wanted.compareTo(own) > 0) {
            waiting.rest((wanted.compareTo(most) > 0 ? most : wanted).minus(own));
        }
    }

    private Robots robots() {
        if (!settings.heedsRobots()) {
            return Robots.NONE;
        }
        URI place = settings.url().resolve("/robots.txt");
        Answer answer = caller.ask(Asked.get(place, Map.of()), true);
        return answer.isGood() ? Robots.parse(answer.text()) : Robots.NONE;
    }

    private static Document parsed(Answer answer) {
        try {
            String charset = answer.declared().map(c -> c.name()).orElse(null);
            return Jsoup.parse(
                    new ByteArrayInputStream(answer.body()), charset, answer.uri().toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<Row> rows(Document page) {
        List<Row> rows = new ArrayList<>();
        for (Element element :
                settings.rows().map(s -> (List<Element>) page.select(s)).orElse(List.of(page))) {
            StringBuilder json = new StringBuilder("{");
            settings.columns()
                    .forEach((name, column) -> {
                        json.append(json.length() > 1 ? "," : "")
                                .append(Quoted.json(name))
                                .append(':')
                                .append(value(element, column).map(Quoted::json).orElse("null"));
                    });
            rows.add(new Row(json.append('}').toString().getBytes(StandardCharsets.UTF_8), ""));
        }
        return rows;
    }

    private static Optional<String> value(Element row, Column column) {
        Optional<Element> found =
                column.selector().isEmpty()
                        ? Optional.of(row)
                        : Optional.ofNullable(row.selectFirst(column.selector()));
        return found.flatMap(element ->
                switch (column.attribute()) {
                    case "" -> Optional.of(element.text());
                    case "html" -> Optional.of(element.html());
                    case "href", "src" ->
                            element.hasAttr(column.attribute())
                                    ? Optional.of(element.absUrl(column.attribute()))
                                    : Optional.empty();
                    default ->
                            element.hasAttr(column.attribute())
                                    ? Optional.of(element.attr(column.attribute()))
                                    : Optional.empty();
                });
    }

    private Optional<URI> next(URI uri, Document page) {
        Optional<String> address =
                settings.next()
                        .flatMap(s -> Optional.ofNullable(page.selectFirst(s)))
                        .map(link -> link.absUrl("href"))
                        .filter(a -> !a.isEmpty());
        if (address.isEmpty()) {
            return Optional.empty();
        }
        URI next;
        try {
            next = URI.create(address.get().replaceFirst("#.*", ""));
        } catch (IllegalArgumentException e) {
            throw HttpErrors.elsewhere(caller.shown(uri), "'" + address.get() + "'");
        }
        if (next.getHost() == null || !Asked.isSameServer(settings.url(), next)) {
            throw HttpErrors.elsewhere(caller.shown(uri), String.valueOf(next.getHost()));
        }
        return Optional.of(next);
    }

    @Override
    public void cancel() {
        caller.cancel();
    }

    @Override
    public void close() {
        caller.close();
    }
}
