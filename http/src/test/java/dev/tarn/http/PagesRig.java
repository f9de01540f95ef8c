package dev.tarn.http;

import dev.tarn.http.ApiServer.Call;
import dev.tarn.http.ApiServer.Reply;
import dev.tarn.model.graph.ConnectorSpec.Mode;
import dev.tarn.spi.Connector;
import dev.tarn.spi.ConnectorRig;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;

/** A server with pages of three records, as JSON or as HTML. */
final class PagesRig implements ConnectorRig {
    private static final int PAGE = 3;
    private static final String SECRET = "s3cret-token";

    private final ApiServer api = ApiServer.start();
    private final Kind kind;
    private final Path folder;
    private final List<Row> rows = new CopyOnWriteArrayList<>();
    private String column = "";

    /** How the server is read. */
    enum Kind {
        /** What is behind a cursor. */
        CURSOR,
        /** All pages, from the last one on. */
        LOG,
        /** All pages, each time. */
        SNAPSHOT,
        /** Pages of the web, each time. */
        WEB
    }

    private record Row(long id, String column) {
        String json() {
            String more = column.isEmpty() ? "" : ",\"" + column + "\":\"x\"";
            return "{\"id\":" + id + more + "}";
        }

        String html() {
            return "<li data-id=%d><b>%s</b></li>".formatted(id, column);
        }
    }

    /** Nobody rests between two tries. */
    private static final class Restless extends Waiting {
        Restless(Clock clock) {
            super(clock);
        }

        @Override
        void rest(Duration pause) {
            check();
        }
    }

    PagesRig(Kind kind, Path folder) throws IOException {
        this.kind = kind;
        this.folder = folder;
        api.put("/rows", this::page);
    }

    private Reply page(Call call) {
        if (kind != Kind.WEB && !("Bearer " + SECRET).equals(call.headers().get("authorization"))) {
            return Reply.of(401, "who are you");
        }
        long since = Long.parseLong(call.query("since", "0"));
        int page = Integer.parseInt(call.query("page", "1"));
        List<Row> all = rows.stream().filter(r -> r.id() >= since).toList();
        List<Row> told = all.stream().skip((page - 1L) * PAGE).limit(PAGE).toList();
        if (kind != Kind.WEB) {
            return Reply.json(
                    told.stream().map(Row::json).collect(Collectors.joining(",", "[", "]")));
        }
        String next =
                page * PAGE < all.size() ? "<a class=next href='?page=" + (page + 1) + "'>" : "";
        return Reply.of(
                        200,
                        told.stream().map(Row::html).collect(Collectors.joining("", "<ul>", next)))
                .with("Content-Type", "text/html");
    }

    @Override
    public Connector connector() {
        return kind == Kind.WEB
                ? new WebConnector(Restless::new)
                : new RestConnector(Restless::new);
    }

    @Override
    public Connector.Request request() {
        if (kind == Kind.WEB) {
            return ConnectorRig.request(
                    "web",
                    Map.of(
                            "retries",
                            "1",
                            "timeout",
                            "3",
                            "url",
                            api.url() + "/rows",
                            "rows",
                            "li",
                            "columns.id",
                            "@data-id",
                            "columns.extra",
                            "b",
                            "next",
                            "a.next"),
                    Optional.empty(),
                    folder);
        }
        Map<String, String> settings =
                new HashMap<>(
                        Map.of(
                                "retries",
                                "1",
                                "timeout",
                                "3",
                                "url",
                                api.url(),
                                "path",
                                "rows",
                                "auth.type",
                                "bearer",
                                "auth.token",
                                SECRET,
                                "paginate.by",
                                "page"));
        if (kind == Kind.CURSOR) {
            settings.put("cursor_param", "since");
        }
        return ConnectorRig.request(
                "rest",
                settings,
                switch (kind) {
                    case CURSOR -> Optional.of(Mode.INCREMENTAL);
                    case LOG -> Optional.of(Mode.LOG);
                    default -> Optional.of(Mode.SNAPSHOT);
                },
                kind == Kind.CURSOR ? Optional.of("id") : Optional.empty(),
                folder);
    }

    @Override
    public void add(int from, int to) {
        for (int id = from; id <= to; id++) {
            rows.add(new Row(id, column));
        }
    }

    @Override
    public boolean addColumn(String name) {
        column = name;
        return true;
    }

    @Override
    public boolean down() {
        api.cut(true);
        return true;
    }

    @Override
    public void up() {
        api.cut(false);
    }

    @Override
    public boolean isReadWhole() {
        return kind == Kind.SNAPSHOT || kind == Kind.WEB;
    }

    @Override
    public Optional<String> secret() {
        return kind == Kind.WEB ? Optional.empty() : Optional.of(SECRET);
    }

    @Override
    public void close() {
        api.close();
    }
}
