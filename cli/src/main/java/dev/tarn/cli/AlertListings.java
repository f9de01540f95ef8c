package dev.tarn.cli;

import dev.tarn.cli.output.Listing;
import dev.tarn.model.Place;
import dev.tarn.model.alert.Alert;
import dev.tarn.model.alert.AlertKind;
import dev.tarn.model.alert.Notice;
import dev.tarn.model.alert.Silence;
import java.util.Locale;

/** Alerts and their messages as lists. */
final class AlertListings {
    private AlertListings() {}

    static Listing<Alert> alerts() {
        return new Listing<Alert>()
                .left("alert", "id", Alert::id)
                .left("severity", "severity", a -> a.severity().word())
                .left("kind", "kind", a -> a.finding().kind().word())
                .left("about", "subject", a -> a.finding().subject())
                .left("owner", "owner", a -> a.finding().owner())
                .left("red since", "since", a -> a.finding().since())
                .left("until", "resolvedAt", Alert::resolvedAt)
                .left("taken by", "ackedBy", Alert::ackedBy)
                .hidden("openedAt", Alert::openedAt)
                .hidden("message", a -> a.finding().message())
                .hidden("place", a -> a.finding().place().map(Place::toString))
                .hidden("downstream", a -> a.finding().blast())
                .hidden("lastGood", a -> a.finding().lastGood())
                .hidden("path", a -> a.finding().path());
    }

    static Listing<Silence> silences() {
        return new Listing<Silence>()
                .left("silence", "id", Silence::id)
                .left("kind", "kind", s -> s.kind().map(AlertKind::word))
                .left("about", "subject", Silence::subject)
                .left("owner", "owner", Silence::owner)
                .left("until", "until", Silence::until)
                .left("by", "by", Silence::by)
                .left("reason", "reason", Silence::reason)
                .hidden("createdAt", Silence::createdAt);
    }

    static Listing<Notice> notices() {
        return new Listing<Notice>()
                .left("message", "id", Notice::id)
                .left("channel", "channel", Notice::channel)
                .left("status", "status", n -> n.status().name().toLowerCase(Locale.ROOT))
                .right("alerts", "alerts", n -> (long) n.entries().size())
                .right("tried", "attempts", n -> (long) n.attempts())
                .left("made", "createdAt", Notice::createdAt)
                .left("due", "dueAt", Notice::dueAt)
                .left("why", "error", Notice::error)
                .hidden("group", Notice::group)
                .hidden("finishedAt", Notice::finishedAt);
    }
}
