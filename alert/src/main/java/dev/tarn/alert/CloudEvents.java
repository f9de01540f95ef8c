package dev.tarn.alert;

import dev.tarn.model.Place;
import dev.tarn.model.alert.Alert;
import dev.tarn.model.alert.AlertChannel;
import dev.tarn.model.alert.Finding;
import dev.tarn.model.alert.Notice;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * Messages as CloudEvents 1.0 in JSON: one as a structured event, several as a batch. An event that
 * is sent again has the same source and id.
 */
final class CloudEvents {
    private CloudEvents() {}

    static String type(Notice notice) {
        return notice.entries().size() == 1
                ? "application/cloudevents+json; charset=utf-8"
                : "application/cloudevents-batch+json; charset=utf-8";
    }

    static String body(Notice notice, Wording wording) {
        List<Object> events = new ArrayList<>();
        for (int i = 0; i < notice.entries().size(); i++) {
            events.add(event(notice.id() + "-" + i, notice.entries().get(i), wording));
        }
        return JsonText.of(events.size() == 1 ? events.getFirst() : events);
    }

    static Map<String, String> headers(
            Notice notice, AlertChannel.Webhook webhook, UnaryOperator<String> secrets) {
        Map<String, String> headers = new LinkedHashMap<>(webhook.headers());
        webhook.token().ifPresent(t -> headers.put("Authorization", "Bearer " + secrets.apply(t)));
        headers.put("Idempotency-Key", notice.id());
        return headers;
    }

    private static Map<String, Object> event(String id, Notice.Entry entry, Wording wording) {
        return JsonText.object(
                "specversion",
                "1.0",
                "id",
                id,
                "source",
                "/tarn/" + wording.project(),
                "type",
                "dev.tarn.alert." + entry.event().name().toLowerCase(Locale.ROOT),
                "subject",
                entry.alert().finding().subject(),
                "time",
                entry.at().toString(),
                "datacontenttype",
                "application/json",
                "data",
                data(entry.alert(), wording));
    }

    private static Map<String, Object> data(Alert alert, Wording wording) {
        Finding finding = alert.finding();
        return JsonText.object(
                "alert",
                alert.id(),
                "kind",
                finding.kind().word(),
                "subject",
                finding.subject(),
                "severity",
                alert.severity().word(),
                "owner",
                finding.owner().orElse(null),
                "message",
                Wording.shortened(finding.message()),
                "place",
                finding.place().map(Place::toString).orElse(null),
                "since",
                finding.since().toString(),
                "resolvedAt",
                alert.resolvedAt().map(Instant::toString).orElse(null),
                "acknowledgedBy",
                alert.ackedBy().orElse(null),
                "downstream",
                finding.blast(),
                "lastGood",
                finding.lastGood().orElse(null),
                "link",
                wording.address(finding));
    }
}
