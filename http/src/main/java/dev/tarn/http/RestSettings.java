package dev.tarn.http;

import dev.tarn.model.graph.ConnectorSpec;
import dev.tarn.model.graph.ConnectorSpec.Mode;
import dev.tarn.model.graph.ConnectorSpec.Write;
import dev.tarn.spi.Connector.Request;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What is asked, and how the answer is read.
 *
 * @param base with the path, in which {@code {parent}} may stand
 * @param params of every request; those that are secret included
 * @param secretParams names that no position and no column may show the values of
 * @param records where the answer has them
 * @param missingIsEmpty whether an answer without the place of records has none
 * @param cursor how new records are asked for
 * @param parent what is asked first, to be asked for one after the other
 * @param refresh how long a follower waits between two looks; empty: as long as fits the mode
 */
record RestSettings(
        URI base,
        String path,
        String method,
        Optional<String> body,
        Map<String, String> headers,
        Map<String, String> params,
        List<String> secretParams,
        Format format,
        char delimiter,
        JsonPath records,
        boolean missingIsEmpty,
        Paging paging,
        long mostPages,
        Optional<ByCursor> cursor,
        Optional<Parent> parent,
        Optional<Duration> refresh,
        Transport transport) {
    static final List<String> SECRETS =
            List.of("auth.password", "auth.token", "auth.key", "auth.client_secret");

    /** What a source may say. */
    static final List<String> KNOWN =
            List.of(
                    "url",
                    "path",
                    "method",
                    "body",
                    "params.*",
                    "headers.*",
                    "format",
                    "delimiter",
                    "records",
                    "missing_records",
                    "auth.type",
                    "auth.user",
                    "auth.password",
                    "auth.token",
                    "auth.name",
                    "auth.key",
                    "auth.token_url",
                    "auth.client_id",
                    "auth.client_secret",
                    "auth.scope",
                    "auth.audience",
                    "auth.style",
                    "paginate.by",
                    "paginate.param",
                    "paginate.start",
                    "paginate.size",
                    "paginate.size_param",
                    "paginate.pages",
                    "paginate.total",
                    "paginate.cursor",
                    "paginate.last",
                    "paginate.next",
                    "paginate.more",
                    "paginate.max_pages",
                    "cursor_param",
                    "cursor_start",
                    "cursor_format",
                    "parent.path",
                    "parent.records",
                    "parent.field",
                    "requests_per_second",
                    "retries",
                    "timeout",
                    "longest_wait",
                    "max_response",
                    "refresh",
                    "tls_ca");

    /** How an answer is written. */
    enum Format {
        /** As it says itself. */
        AUTO,
        JSON,
        NDJSON,
        CSV
    }

    /**
     * New records are those with a greater value.
     *
     * @param param what the server is told the greatest value that was read as
     * @param start what it is told at first
     * @param lag how far behind the greatest value late records are looked for
     */
    record ByCursor(
            String field,
            String param,
            Optional<String> start,
            CursorValue.Form form,
            Duration lag) {}

    /** The records of another path, each of which is asked for. */
    record Parent(String path, JsonPath records, JsonPath field) {}

    static RestSettings of(SettingsReader settings, Request request, Secrets secrets) {
        boolean secret =
                request.settings().entrySet().stream()
                        .anyMatch(e -> SECRETS.contains(e.getKey()) || secrets.has(e.getValue()));
        URI base = settings.address("url", secret);
        String method = settings.oneOf("method", "get", List.of("get", "post"));
        Map<String, String> params = new HashMap<>(Paging.size(settings));
        params.putAll(settings.below("params"));
        Optional<Parent> parent = parent(settings);
        RestSettings all =
                new RestSettings(
                        base,
                        settings.text("path").orElse(""),
                        method.toUpperCase(java.util.Locale.ROOT),
                        settings.text("body"),
                        headers(settings),
                        params,
                        Stream.concat(
                                        settings.below("params").entrySet().stream()
                                                .filter(e -> secrets.has(e.getValue()))
                                                .map(Map.Entry::getKey),
                                        secretParam(settings).stream())
                                .toList(),
                        format(settings),
                        delimiter(settings),
                        JsonPath.of(settings.text("records").orElse("")),
                        settings.oneOf("missing_records", "fail", List.of("fail", "empty"))
                                .equals("empty"),
                        Paging.of(settings),
                        settings.number("paginate.max_pages", 100_000, 1_000_000_000L),
                        cursor(settings, request.spec()),
                        parent,
                        settings.text("refresh").isPresent()
                                ? Optional.of(settings.duration("refresh", Duration.ZERO))
                                : Optional.empty(),
                        settings.transport());
        all.check(settings, request.spec());
        return all;
    }

    private static Optional<String> secretParam(SettingsReader settings) {
        return settings.text("auth.type").filter(t -> t.equals("query")).isPresent()
                ? Optional.of(settings.text("auth.name").orElse("api_key"))
                : Optional.empty();
    }

    private static Map<String, String> headers(SettingsReader settings) {
        Map<String, String> headers = settings.below("headers");
        headers.forEach((name, value) -> {
            if (!name.matches("[A-Za-z0-9-]+")
                    || List.of("host", "content-length", "connection", "transfer-encoding")
                            .contains(name.toLowerCase(java.util.Locale.ROOT))
                    || value.chars().anyMatch(c -> c < ' ' && c != '\t')) {
                settings.add(
                        HttpErrors.setting(
                                settings.place(),
                                "headers",
                                name,
                                "the name of a header, and not one that says how it is sent"));
            }
        });
        return headers;
    }

    private static Format format(SettingsReader settings) {
        String word = settings.oneOf("format", "auto", List.of("auto", "json", "ndjson", "csv"));
        return Format.valueOf(word.toUpperCase(java.util.Locale.ROOT));
    }

    private static char delimiter(SettingsReader settings) {
        String text = settings.text("delimiter").orElse("");
        return switch (text) {
            case "" -> 0;
            case "tab" -> '\t';
            case "comma" -> ',';
            case "semicolon" -> ';';
            case "pipe" -> '|';
            default -> {
                if (text.length() != 1) {
                    settings.add(
                            HttpErrors.setting(
                                    settings.place(), "delimiter", text, "one character"));
                }
                yield text.charAt(0);
            }
        };
    }

    private static Optional<ByCursor> cursor(SettingsReader settings, ConnectorSpec spec) {
        String form =
                settings.oneOf(
                        "cursor_format",
                        "as_is",
                        List.of("as_is", "epoch", "epoch_millis", "date", "instant"));
        Optional<String> param = settings.text("cursor_param");
        if (!spec.mode().equals(Optional.of(Mode.INCREMENTAL))) {
            return Optional.empty();
        }
        if (spec.cursor().isEmpty()) {
            settings.add(
                    HttpErrors.missing(
                            settings.place(),
                            "cursor",
                            "it names the member of a record whose values only grow"));
            return Optional.empty();
        }
        if (param.isEmpty()) {
            settings.add(
                    HttpErrors.missing(
                            settings.place(),
                            "cursor_param",
                            "it is the parameter that asks for records behind the cursor"));
        }
        return Optional.of(
                new ByCursor(
                        spec.cursor().get(),
                        param.orElse(""),
                        settings.text("cursor_start"),
                        CursorValue.Form.valueOf(form.toUpperCase(java.util.Locale.ROOT)),
                        spec.lag()));
    }

    private static Optional<Parent> parent(SettingsReader settings) {
        if (settings.below("parent").isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(
                new Parent(
                        settings.required("parent.path", "it says where the parents are"),
                        JsonPath.of(settings.text("parent.records").orElse("")),
                        JsonPath.of(
                                settings.required(
                                        "parent.field",
                                        "it says which member of a parent stands for {parent}"))));
    }

    private void check(SettingsReader settings, ConnectorSpec spec) {
        Mode mode = spec.mode().orElse(Mode.SNAPSHOT);
        if (path.contains("://")) {
            settings.add(
                    HttpErrors.setting(settings.place(), "path", path, "what comes behind 'url'"));
        }
        if (parent.isPresent() && mode != Mode.SNAPSHOT) {
            settings.add(
                    HttpErrors.together(
                            settings.place(),
                            "parent",
                            "mode",
                            "the children of all parents are read as a snapshot"));
        }
        if (parent.isPresent() && !path.contains("{parent}")) {
            settings.add(
                    HttpErrors.setting(
                            settings.place(),
                            "path",
                            path,
                            "a path in which {parent} stands, if there is a 'parent'"));
        }
        if (mode == Mode.LOG && paging instanceof Paging.Whole) {
            settings.add(
                    HttpErrors.together(
                            settings.place(),
                            "mode",
                            "paginate",
                            "a log is read page by page, so say how its pages are asked for"));
        }
        if (!spec.lag().isZero() && spec.write() == Write.APPEND) {
            settings.add(
                    HttpErrors.together(
                            settings.place(),
                            "lag",
                            "write",
                            "records are read more than once, and appending would double them; name the 'key' of a record"));
        }
        if (body.isPresent() && method.equals("GET")) {
            settings.add(
                    HttpErrors.together(
                            settings.place(), "body", "method", "only 'post' sends one"));
        }
    }

    /** Where the first page is. */
    URI first(Map<String, String> more, Optional<String> parentValue) {
        String place = parentValue.map(v -> path.replace("{parent}", Quoted.url(v))).orElse(path);
        return first(place, more);
    }

    private URI first(String place, Map<String, String> more) {
        Map<String, String> all = new java.util.TreeMap<>(params);
        all.putAll(more);
        return Addresses.with(Addresses.below(base, place), all);
    }

    URI parents() {
        return first(parent.orElseThrow().path(), Map.of());
    }

    Asked asked(URI uri) {
        Map<String, String> all = new HashMap<>(headers);
        all.putIfAbsent("Accept", accepted());
        if (body.isPresent()) {
            all.putIfAbsent("Content-Type", "application/json");
        }
        return new Asked(method, uri, all, body.map(b -> b.getBytes(StandardCharsets.UTF_8)), true);
    }

    private String accepted() {
        return switch (format) {
            case AUTO, JSON -> "application/json, */*;q=0.5";
            case NDJSON -> "application/x-ndjson, */*;q=0.5";
            case CSV -> "text/csv, */*;q=0.5";
        };
    }

    /** As whom to ask. */
    static Account account(SettingsReader settings, Secrets secrets, Waiting waiting) {
        String type =
                settings.oneOf(
                        "auth.type",
                        "none",
                        List.of("none", "basic", "bearer", "header", "query", "oauth2"));
        return switch (type) {
            case "basic" ->
                    Account.ByHeader.basic(
                            settings.required("auth.user", "basic wants a user"),
                            settings.required("auth.password", "basic wants a password"));
            case "bearer" ->
                    new Account.ByHeader(
                            "Authorization",
                            "Bearer " + settings.required("auth.token", "bearer wants a token"));
            case "header" ->
                    new Account.ByHeader(
                            settings.text("auth.name").orElse("X-API-Key"),
                            settings.required("auth.key", "it is what is shown"));
            case "query" ->
                    new Account.ByParameter(
                            settings.text("auth.name").orElse("api_key"),
                            settings.required("auth.key", "it is what is shown"));
            case "oauth2" -> oauth(settings, secrets, waiting);
            default -> new Account.Nobody();
        };
    }

    private static Account oauth(SettingsReader settings, Secrets secrets, Waiting waiting) {
        URI server = settings.address("auth.token_url", true);
        String id = settings.required("auth.client_id", "it names this program");
        String secret = settings.required("auth.client_secret", "it proves who asks");
        boolean inForm =
                settings.oneOf("auth.style", "basic", List.of("basic", "form")).equals("form");
        Map<String, String> form = new HashMap<>();
        settings.text("auth.scope").ifPresent(s -> form.put("scope", s));
        settings.text("auth.audience").ifPresent(a -> form.put("audience", a));
        if (inForm) {
            form.put("client_id", id);
            form.put("client_secret", secret);
        }
        return new Account.ClientCredentials(
                server,
                form,
                inForm
                        ? Optional.empty()
                        : Optional.of(Account.ByHeader.basic(Quoted.url(id), Quoted.url(secret))),
                secrets,
                waiting);
    }

    /** Without parameters and headers, which may be secret. */
    @Override
    public String toString() {
        return base + " " + path;
    }
}
