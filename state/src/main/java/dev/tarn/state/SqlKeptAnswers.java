package dev.tarn.state;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.tarn.spi.KeptAnswers;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.InflaterInputStream;

/** Answers as rows of a table, packed, so that a few thousand take a few megabytes. */
final class SqlKeptAnswers implements KeptAnswers {
    private static final JsonFactory JSON = new JsonFactory();
    private static final int ROWS_MAX = 2_000;
    private static final int CLEANED_EVERY = 100;

    private final Database database;
    private final AtomicLong kept = new AtomicLong();

    SqlKeptAnswers(Database database) {
        this.database = database;
    }

    @Override
    public Optional<Kept> find(String key, Instant now) {
        return database.read(session ->
                session.first(
                        "SELECT request, status, headers, body FROM kept_answers WHERE name = ? AND expires > ?",
                        SqlKeptAnswers::answer,
                        key,
                        Times.nanos(now)));
    }

    @Override
    public void keep(String key, Kept answer, Instant now, Instant expires) {
        String headers = headers(answer.headers());
        String body = packed(answer.body());
        boolean cleans = kept.getAndIncrement() % CLEANED_EVERY == 0;
        database.note(session -> {
            session.update(
                    "DELETE FROM kept_answers WHERE name = ? AND expires <= ?",
                    key,
                    Times.nanos(now));
            session.update(
                    "INSERT INTO kept_answers (name, request, status, headers, body, expires) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (name) DO NOTHING",
                    key,
                    answer.request(),
                    answer.status(),
                    headers,
                    body,
                    Times.nanos(expires));
            if (cleans) {
                clean(session, now);
            }
            return key;
        });
    }

    private static void clean(Session session, Instant now) throws SQLException {
        session.update("DELETE FROM kept_answers WHERE expires <= ?", Times.nanos(now));
        session.update(
                "DELETE FROM kept_answers WHERE expires < (SELECT expires FROM kept_answers ORDER BY expires DESC LIMIT 1 OFFSET ?)",
                ROWS_MAX);
    }

    private static Kept answer(Row row) throws SQLException {
        return new Kept(
                row.text("request"),
                Math.toIntExact(row.number("status")),
                headers(row.text("headers")),
                unpacked(row.text("body")));
    }

    private static String headers(Map<String, String> headers) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(text)) {
            json.writeStartObject();
            for (Map.Entry<String, String> header : new TreeMap<>(headers).entrySet()) {
                json.writeStringField(header.getKey(), header.getValue());
            }
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }

    private static Map<String, String> headers(String text) {
        Map<String, String> headers = new HashMap<>();
        try (JsonParser json = JSON.createParser(text)) {
            json.nextToken();
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                headers.put(json.currentName(), json.nextTextValue());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return headers;
    }

    private static String packed(byte[] body) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DeflaterOutputStream out = new DeflaterOutputStream(bytes)) {
            out.write(body);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Base64.getEncoder().encodeToString(bytes.toByteArray());
    }

    private static byte[] unpacked(String text) {
        try (InflaterInputStream in =
                new InflaterInputStream(
                        new ByteArrayInputStream(Base64.getDecoder().decode(text)))) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
