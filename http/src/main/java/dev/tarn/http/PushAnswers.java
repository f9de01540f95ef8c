package dev.tarn.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.tarn.http.Delivery.Verdict;
import dev.tarn.spi.HttpProtocol.Answer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/** What those who push are told. */
final class PushAnswers {
    private static final JsonFactory JSON = new JsonFactory();
    private static final int MOST_REJECTED = 100;

    private PushAnswers() {}

    static Answer landed(String request, Verdict verdict) {
        return answer(
                200,
                "application/json",
                Map.of(),
                json -> {
                    json.writeStringField("request", request);
                    json.writeNumberField("rows", verdict.rows());
                    json.writeNumberField("quarantined", verdict.rejected().size());
                    json.writeBooleanField("duplicate", verdict.duplicate());
                    json.writeArrayFieldStart("rejected");
                    for (PushDesk.Rejected one :
                            verdict.rejected().stream().limit(MOST_REJECTED).toList()) {
                        json.writeStartObject();
                        json.writeNumberField("row", one.row());
                        if (one.column().isPresent()) {
                            json.writeStringField("column", one.column().get());
                        }
                        json.writeStringField("reason", one.reason());
                        json.writeEndObject();
                    }
                    json.writeEndArray();
                });
    }

    static Answer refused(int status, String reason, Duration again) {
        Map<String, String> headers = new HashMap<>();
        if (!again.isZero()) {
            headers.put("Retry-After", String.valueOf(again.toSeconds()));
        }
        if (status == 401) {
            headers.put("WWW-Authenticate", "Bearer");
        }
        if (status == 405) {
            headers.put("Allow", "POST");
        }
        return answer(
                status,
                "application/problem+json",
                headers,
                json -> {
                    json.writeNumberField("status", status);
                    json.writeStringField("detail", reason);
                });
    }

    private interface Content {
        void write(JsonGenerator json) throws IOException;
    }

    private static Answer answer(
            int status, String type, Map<String, String> more, Content content) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (JsonGenerator json = JSON.createGenerator(out)) {
            json.writeStartObject();
            content.write(json);
            json.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Map<String, String> headers = new HashMap<>(more);
        headers.put("Content-Type", type);
        headers.put("Cache-Control", "no-store");
        return new Answer(status, headers, out.toByteArray());
    }
}
