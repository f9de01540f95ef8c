package dev.tarn.alert;

import dev.tarn.model.Place;
import dev.tarn.model.alert.Alert;
import dev.tarn.model.alert.Finding;
import dev.tarn.model.alert.Notice;
import java.util.List;
import java.util.Map;

/**
 * Messages in the form of PagerDuty's Events API v2, one event for each alert. What is told of an
 * alert has the same key each time, so telling it twice changes nothing there.
 */
final class PagerDutyEvents {
    private static final int SUMMARY_MAX = 1_024;

    private PagerDutyEvents() {}

    static List<String> bodies(Notice notice, Wording wording, String key) {
        return notice.entries().stream().map(e -> JsonText.of(event(e, wording, key))).toList();
    }

    private static Map<String, Object> event(Notice.Entry entry, Wording wording, String key) {
        Alert alert = entry.alert();
        String action =
                switch (entry.event()) {
                    case FIRING, REMINDER, TEST -> "trigger";
                    case ACKNOWLEDGED -> "acknowledge";
                    case RESOLVED -> "resolve";
                };
        Map<String, Object> event =
                JsonText.object(
                        "routing_key",
                        key,
                        "event_action",
                        action,
                        "dedup_key",
                        "tarn/" + wording.project() + "/" + alert.id());
        if (action.equals("trigger")) {
            event.put("payload", payload(entry, wording));
            event.put(
                    "links",
                    List.of(
                            JsonText.object(
                                    "href", wording.address(alert.finding()), "text", "Tarn")));
            event.put("client", "Tarn");
            event.put("client_url", wording.address(alert.finding()));
        }
        return event;
    }

    private static Map<String, Object> payload(Notice.Entry entry, Wording wording) {
        Alert alert = entry.alert();
        Finding finding = alert.finding();
        String summary =
                "%s: %s".formatted(Wording.line(entry), finding.message().replaceAll("\\s+", " "));
        return JsonText.object(
                "summary",
                summary.length() > SUMMARY_MAX ? summary.substring(0, SUMMARY_MAX) : summary,
                "source",
                wording.project(),
                "severity",
                alert.severity().word(),
                "timestamp",
                finding.since().toString(),
                "component",
                finding.subject(),
                "group",
                finding.owner().orElse(null),
                "class",
                finding.kind().word(),
                "custom_details",
                JsonText.object(
                        "message",
                        Wording.shortened(finding.message()),
                        "place",
                        finding.place().map(Place::toString).orElse(null),
                        "downstream",
                        finding.blast().isEmpty() ? null : Wording.blast(finding.blast()),
                        "last_good",
                        finding.lastGood().orElse(null)));
    }
}
