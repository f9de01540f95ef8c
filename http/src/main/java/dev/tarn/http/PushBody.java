package dev.tarn.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.tarn.http.RestPages.Row;
import dev.tarn.model.table.Schema;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Rows of a body, in whichever way it is written.
 *
 * @param members what the body says of the types of their members
 */
record PushBody(List<Row> rows, Optional<Schema> members) {
    PushBody {
        rows = List.copyOf(rows);
    }

    /** The body behind its encoding. */
    static byte[] plain(PushSettings settings, Map<String, String> headers, byte[] body)
            throws PushErrors.Refused {
        if (body.length > settings.mostBytes()) {
            throw PushErrors.tooLong(body.length, settings.mostBytes());
        }
        String encoding = headers.getOrDefault("content-encoding", "identity").strip();
        if (encoding.equalsIgnoreCase("identity")) {
            return body;
        }
        if (!encoding.equalsIgnoreCase("gzip")) {
            throw PushErrors.encoding(encoding);
        }
        try {
            return Answer.unpacked(body, settings.mostBytes());
        } catch (Answer.TooLong e) {
            throw PushErrors.packedTooLong(settings.mostBytes());
        } catch (IOException e) {
            throw PushErrors.body("gzip", "it is damaged, or not whole");
        }
    }

    static PushBody read(PushSettings settings, Map<String, String> headers, byte[] body)
            throws PushErrors.Refused {
        String type =
                headers.getOrDefault("content-type", "application/json")
                        .replaceFirst(";.*", "")
                        .strip()
                        .toLowerCase(Locale.ROOT);
        if (type.equals("application/vnd.apache.arrow.stream")) {
            return ArrowBody.read(body, settings.mostBytes());
        }
        return new PushBody(texts(settings, type, body), Optional.empty());
    }

    private static List<Row> texts(PushSettings settings, String type, byte[] body)
            throws PushErrors.Refused {
        if (type.equals("application/json") || type.endsWith("+json")) {
            return json(settings.records(), body);
        }
        return switch (type) {
            case "application/x-ndjson", "application/ndjson", "application/jsonl" ->
                    RestPages.lines(body);
            case "text/csv" ->
                    CsvPage.read(new String(body, StandardCharsets.UTF_8), settings.delimiter())
                            .stream()
                            .map(r -> new Row(r.object(), r.problem()))
                            .toList();
            default -> throw PushErrors.type(type);
        };
    }

    private static List<Row> json(JsonPath records, byte[] body) throws PushErrors.Refused {
        try {
            JsonPage.Found found = JsonPage.read(body, records, List.of());
            if (!found.isThere()) {
                throw PushErrors.noRecords(records);
            }
            List<Row> rows = new ArrayList<>();
            for (JsonPage.Slice slice : found.records()) {
                rows.add(new Row(Arrays.copyOfRange(body, slice.from(), slice.to()), ""));
            }
            return rows;
        } catch (JsonProcessingException e) {
            throw PushErrors.body("JSON", RestPages.reason(e));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The key that stands in a body. */
    static Optional<String> key(JsonPath path, byte[] body) {
        return RestPages.scalar(body, path);
    }
}
