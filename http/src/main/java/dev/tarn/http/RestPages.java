package dev.tarn.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.tarn.http.RestSettings.Format;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Fetches pages and finds their records. Used by one thread at a time. */
final class RestPages {
    private final RestSettings settings;
    private final Caller caller;

    RestPages(RestSettings settings, Caller caller) {
        this.settings = settings;
        this.caller = caller;
    }

    /**
     * A record.
     *
     * @param problem why it cannot become a row; empty if it can
     */
    @SuppressWarnings("ArrayRecordComponent") // Records are handed on, never compared.
    record Row(byte[] json, String problem) {}

    /**
     * A page.
     *
     * @param state which one it is
     * @param next the one behind it; empty behind the last
     * @param from as a column shows where the records are from
     * @param missing whether there is no such thing, which was said to be possible
     */
    record Page(
            Optional<String> state,
            List<Row> rows,
            Optional<String> next,
            String from,
            long bytes,
            String hash,
            boolean missing) {}

    Page fetch(URI first, Optional<String> state, JsonPath records, boolean mayBeMissing) {
        URI uri = withSecrets(settings.paging().at(first, state));
        Answer answer = caller.ask(settings.asked(uri), mayBeMissing);
        String from = from(uri);
        if (!answer.isGood()) {
            return new Page(state, List.of(), Optional.empty(), from, 0, "", true);
        }
        byte[] body = answer.utf8();
        Read read = read(answer, body, records);
        Optional<String> next =
                settings.paging()
                        .next(
                                state,
                                new Paging.Seen(
                                        answer,
                                        read.rows().size(),
                                        read.values(),
                                        path -> last(read.rows(), path)))
                        .map(n -> isAddress() ? onThisServer(uri, n) : n);
        return new Page(state, read.rows(), next, from, body.length, Marks.hash(body), false);
    }

    private record Read(List<Row> rows, Map<JsonPath, String> values) {}

    private static Optional<String> last(List<Row> rows, JsonPath path) {
        return rows.isEmpty() ? Optional.empty() : scalar(rows.getLast().json(), path);
    }

    /** A scalar of a record; empty if the record is none. */
    static Optional<String> scalar(byte[] record, JsonPath path) {
        try {
            return JsonPage.scalar(record, new JsonPage.Slice(0, record.length), path);
        } catch (JsonProcessingException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Read read(Answer answer, byte[] body, JsonPath records) {
        if (answer.status() == 204) {
            return new Read(List.of(), Map.of());
        }
        return switch (format(answer)) {
            case AUTO, JSON -> json(answer, body, records);
            case NDJSON -> new Read(lines(body), Map.of());
            case CSV ->
                    new Read(
                            CsvPage.read(
                                            new String(
                                                    body, java.nio.charset.StandardCharsets.UTF_8),
                                            settings.delimiter())
                                    .stream()
                                    .map(r -> new Row(r.object(), r.problem()))
                                    .toList(),
                            Map.of());
        };
    }

    private Format format(Answer answer) {
        if (settings.format() != Format.AUTO) {
            return settings.format();
        }
        return switch (answer.type()) {
            case "application/x-ndjson",
                    "application/ndjson",
                    "application/jsonl",
                    "application/x-jsonlines",
                    "application/json-seq" ->
                    Format.NDJSON;
            case "text/csv" -> Format.CSV;
            default -> Format.JSON;
        };
    }

    private Read json(Answer answer, byte[] body, JsonPath records) {
        String what = caller.shown(answer.uri());
        try {
            JsonPage.Found found = JsonPage.read(body, records, settings.paging().wanted());
            if (!found.isThere() && !settings.missingIsEmpty()) {
                throw HttpErrors.noRecords(what, records, caller.begin(answer));
            }
            List<Row> rows = new ArrayList<>();
            for (JsonPage.Slice slice : found.records()) {
                rows.add(new Row(Arrays.copyOfRange(body, slice.from(), slice.to()), ""));
            }
            return new Read(rows, found.values());
        } catch (JsonProcessingException e) {
            throw HttpErrors.notReadable(
                    what,
                    "JSON" + (answer.type().isEmpty() ? "" : ", but " + answer.type()),
                    reason(e),
                    caller.begin(answer));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What is wrong with a text, and where. */
    static String reason(JsonProcessingException failure) {
        String text =
                failure.getOriginalMessage()
                        .replaceAll("\\s+", " ")
                        .replaceFirst("\\.$", "")
                        .replaceFirst(" at \\[Source.*", "")
                        .replaceFirst(": enable `[^`]*` to allow", "")
                        .replaceFirst(", from `[^`]*`", "");
        String first = text.length() > 160 ? text.substring(0, 160) + "…" : text;
        return failure.getLocation() == null
                ? first
                : "%s, in line %d, column %d"
                        .formatted(
                                first,
                                failure.getLocation().getLineNr(),
                                failure.getLocation().getColumnNr());
    }

    /** The lines of a text that have something in them. */
    static List<Row> lines(byte[] body) {
        List<Row> rows = new ArrayList<>();
        int from = 0;
        for (int i = 0; i <= body.length; i++) {
            if (i == body.length || body[i] == '\n') {
                int begin = from;
                int end = i;
                // Sequences of JSON texts begin each with a separator.
                while (begin < end && (body[begin] <= ' ' || body[begin] == 0x1E)) {
                    begin++;
                }
                while (end > begin && body[end - 1] <= ' ' && body[end - 1] >= 0) {
                    end--;
                }
                if (end > begin) {
                    rows.add(new Row(Arrays.copyOfRange(body, begin, end), ""));
                }
                from = i + 1;
            }
        }
        return rows;
    }

    private boolean isAddress() {
        Paging paging =
                settings.paging() instanceof Paging.WhileMore more
                        ? more.paging()
                        : settings.paging();
        return paging instanceof Paging.LinkHeader || paging instanceof Paging.NextAddress;
    }

    /** The address of a next page, without what is secret. */
    private String onThisServer(URI uri, String next) {
        URI target = parsed(uri, next);
        if (!Asked.isSameServer(settings.base(), target)) {
            throw HttpErrors.elsewhere(caller.shown(uri), target.getHost());
        }
        return Addresses.without(target, settings.secretParams()).toString();
    }

    private URI parsed(URI uri, String next) {
        @Nullable URI target = null;
        try {
            target = URI.create(next);
        } catch (IllegalArgumentException e) {
            // Told below.
        }
        if (target == null || target.getHost() == null || target.getScheme() == null) {
            throw HttpErrors.elsewhere(caller.shown(uri), "'" + next + "'");
        }
        return target;
    }

    /** Puts back what positions do not keep. */
    private URI withSecrets(URI uri) {
        Map<String, String> secret = new java.util.TreeMap<>(settings.params());
        secret.keySet().retainAll(settings.secretParams());
        return Addresses.with(uri, secret);
    }

    /** Path and query, without what is secret. */
    private String from(URI uri) {
        URI plain = Addresses.without(uri, settings.secretParams());
        String query = plain.getRawQuery();
        return plain.getRawPath() + (query == null ? "" : "?" + query);
    }
}
