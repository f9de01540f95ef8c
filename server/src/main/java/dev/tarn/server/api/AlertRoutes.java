package dev.tarn.server.api;

import static dev.tarn.server.api.JobRoutes.get;
import static dev.tarn.server.api.JobRoutes.post;

import dev.tarn.app.Alerts;
import dev.tarn.model.alert.Alert;
import dev.tarn.model.alert.AlertKind;
import dev.tarn.model.alert.Notice;
import dev.tarn.model.alert.Silence;
import dev.tarn.model.job.Durations;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What can be asked and said of alerts. */
final class AlertRoutes {
    private final Alerts alerts;

    AlertRoutes(Alerts alerts) {
        this.alerts = alerts;
    }

    List<Route> all() {
        return List.of(
                get(
                        "/alerts",
                        "What is red, the worst first; with all=true also what is over, newest first.",
                        List.of("all", "limit"),
                        a ->
                                Api.json(
                                        200,
                                        (a.query("all").filter("true"::equals).isPresent()
                                                        ? alerts.control().all(a.limit())
                                                        : alerts.control().open())
                                                .stream().map(this::alert).toList())),
                post(
                        "/alerts/{alert}/ack",
                        "Say that somebody is at it.",
                        List.of("by"),
                        a ->
                                Api.json(
                                        200,
                                        alert(
                                                alerts.control()
                                                        .ack(
                                                                a.name("alert"),
                                                                a.text("by").orElse(a.by()))))),
                get(
                        "/silences",
                        "Of what nobody hears for a while.",
                        List.of(),
                        a ->
                                Api.json(
                                        200,
                                        alerts.control().silences().stream()
                                                .map(AlertRoutes::silence)
                                                .toList())),
                post(
                        "/silences",
                        "Let nobody hear of some alerts for a while.",
                        List.of("kind", "subject", "owner", "for", "reason"),
                        a ->
                                Api.json(
                                        201,
                                        silence(
                                                alerts.control()
                                                        .silence(
                                                                a.text("kind")
                                                                        .map(AlertRoutes::kind),
                                                                a.text("subject"),
                                                                a.text("owner"),
                                                                time(a),
                                                                a.by(),
                                                                a.text("reason").orElse(""))))),
                new Route(
                        "DELETE",
                        "/silences/{silence}",
                        "End a silence.",
                        List.of(),
                        List.of(),
                        a -> {
                            alerts.control().endSilence(a.name("silence"));
                            return Api.json(200, Map.of("done", true));
                        }),
                get(
                        "/notices",
                        "Messages of a status: waiting, sent or dead; newest first.",
                        List.of("status", "limit"),
                        a ->
                                Api.json(
                                        200,
                                        alerts.control().notices(status(a), a.limit()).stream()
                                                .map(AlertRoutes::notice)
                                                .toList())),
                post(
                        "/notices/{notice}/again",
                        "Send a message once more that was given up.",
                        List.of(),
                        a -> Api.json(200, notice(alerts.control().again(a.name("notice"))))),
                post(
                        "/channels/{channel}/test",
                        "Send a message that says that nothing is wrong.",
                        List.of(),
                        a -> {
                            alerts.control().test(a.name("channel"));
                            return Api.json(200, Map.of("done", true));
                        }));
    }

    private Map<String, @Nullable Object> alert(Alert alert) {
        Map<String, @Nullable Object> all = new LinkedHashMap<>();
        all.put("id", alert.id());
        all.put("kind", alert.finding().kind().word());
        all.put("subject", alert.finding().subject());
        all.put("severity", alert.severity());
        all.put("owner", alert.finding().owner());
        all.put("since", alert.finding().since());
        all.put("openedAt", alert.openedAt());
        all.put("resolvedAt", alert.resolvedAt());
        all.put("ackedBy", alert.ackedBy());
        all.put("silenced", alerts.control().silences().stream().anyMatch(s -> s.concerns(alert)));
        all.put("message", alert.finding().message());
        all.put("place", alert.finding().place().map(Object::toString));
        all.put("blast", alert.finding().blast());
        all.put("lastGood", alert.finding().lastGood());
        all.put("page", alert.finding().path());
        return all;
    }

    private static Map<String, @Nullable Object> silence(Silence silence) {
        Map<String, @Nullable Object> all = new LinkedHashMap<>();
        all.put("id", silence.id());
        all.put("kind", silence.kind().map(AlertKind::word));
        all.put("subject", silence.subject());
        all.put("owner", silence.owner());
        all.put("createdAt", silence.createdAt());
        all.put("until", silence.until());
        all.put("by", silence.by());
        all.put("reason", silence.reason());
        return all;
    }

    private static Map<String, @Nullable Object> notice(Notice notice) {
        Map<String, @Nullable Object> all = new LinkedHashMap<>();
        all.put("id", notice.id());
        all.put("channel", notice.channel());
        all.put("status", notice.status());
        all.put("createdAt", notice.createdAt());
        all.put("dueAt", notice.dueAt());
        all.put("attempts", notice.attempts());
        all.put("finishedAt", notice.finishedAt());
        all.put("error", notice.error());
        all.put("alerts", notice.entries().stream().map(e -> e.alert().id()).toList());
        return all;
    }

    private static AlertKind kind(String word) {
        return AlertKind.of(word)
                .orElseThrow(() ->
                        ApiErrors.wrongField(
                                "kind", "one of " + String.join(", ", AlertKind.words())));
    }

    private static Duration time(Asked a) {
        String text = WarehouseRoutes.required(a, "for");
        return Durations.parse(text)
                .orElseThrow(() -> ApiErrors.wrongField("for", "a length of time such as 2h"));
    }

    private static Notice.Status status(Asked a) {
        String text = a.query("status").orElse("waiting");
        return Optional.of(text.toUpperCase(Locale.ROOT))
                .flatMap(t ->
                        List.of(Notice.Status.values()).stream()
                                .filter(s -> s.name().equals(t))
                                .findFirst())
                .orElseThrow(
                        () -> ApiErrors.wrongParameter("status", text, "waiting, sent or dead"));
    }
}
