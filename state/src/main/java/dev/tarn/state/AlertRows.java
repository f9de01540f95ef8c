package dev.tarn.state;

import dev.tarn.model.Place;
import dev.tarn.model.alert.Alert;
import dev.tarn.model.alert.AlertKind;
import dev.tarn.model.alert.Desk;
import dev.tarn.model.alert.Finding;
import dev.tarn.model.alert.Mark;
import dev.tarn.model.alert.Notice;
import dev.tarn.model.alert.Severity;
import dev.tarn.model.alert.Signal;
import dev.tarn.model.alert.Silence;
import dev.tarn.model.alert.Told;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Rows of the tables of alerts as values, and the other way round. */
final class AlertRows {
    private AlertRows() {}

    static Desk desk(Row row) throws SQLException {
        return new Desk(
                row.text("holder"),
                row.text("host"),
                row.number("process"),
                row.number("process_start"),
                row.number("beats"),
                row.number("fence"));
    }

    static Alert alert(Row row) throws SQLException {
        Optional<String> file = row.maybeText("file");
        int line = Math.toIntExact(row.number("line"));
        int column = Math.toIntExact(row.number("col"));
        String blast = row.text("blast");
        return new Alert(
                row.text("id"),
                new Finding(
                        kind(row.text("kind")),
                        row.text("subject"),
                        row.maybeText("owner"),
                        row.time("since"),
                        row.text("message"),
                        file.map(f -> new Place(f, line, column)),
                        blast.isEmpty() ? List.of() : blast.lines().toList(),
                        row.maybeText("last_good"),
                        row.text("path")),
                Severity.valueOf(row.text("severity").toUpperCase(Locale.ROOT)),
                row.time("opened_at"),
                row.maybeTime("resolved_at"),
                row.maybeText("acked_by"));
    }

    static @Nullable Object[] values(Alert alert) {
        Finding finding = alert.finding();
        return new @Nullable Object[] {
            alert.id(),
            finding.kind().word(),
            finding.subject(),
            finding.owner().orElse(null),
            alert.severity().word(),
            Times.nanos(finding.since()),
            Times.nanos(alert.openedAt()),
            nanosOrNull(alert.resolvedAt()),
            alert.ackedBy().orElse(null),
            finding.message(),
            finding.place().map(Place::file).orElse(null),
            finding.place().map(Place::line).orElse(0),
            finding.place().map(Place::column).orElse(0),
            String.join("\n", finding.blast()),
            finding.lastGood().orElse(null),
            finding.path()
        };
    }

    static Told told(Row row) throws SQLException {
        return new Told(
                row.text("alert"), row.text("channel"), event(row.text("event")), row.time("at"));
    }

    /** Its entries are read apart. */
    static Notice notice(Row row) throws SQLException {
        return new Notice(
                row.text("id"),
                row.text("channel"),
                row.text("group_key"),
                Notice.Status.valueOf(row.text("status").toUpperCase(Locale.ROOT)),
                row.time("created_at"),
                row.time("due_at"),
                Math.toIntExact(row.number("attempts")),
                row.maybeTime("finished_at"),
                row.maybeText("error"),
                List.of());
    }

    static Notice.Entry entry(Row row) throws SQLException {
        return new Notice.Entry(alert(row), event(row.text("event")), row.time("told_at"));
    }

    static Silence silence(Row row) throws SQLException {
        return new Silence(
                row.text("id"),
                row.maybeText("kind").map(AlertRows::kind),
                row.maybeText("subject"),
                row.maybeText("owner"),
                row.time("created_at"),
                row.time("until"),
                row.text("created_by"),
                row.text("reason"));
    }

    static Signal signal(Row row) throws SQLException {
        return new Signal(
                row.text("kind"), row.text("subject"), row.time("since"), row.text("message"));
    }

    static Mark mark(Row row) throws SQLException {
        return new Mark(row.text("name"), row.number("value"), row.time("at"));
    }

    private static AlertKind kind(String word) {
        return AlertKind.valueOf(word.toUpperCase(Locale.ROOT));
    }

    private static Notice.Event event(String word) {
        return Notice.Event.valueOf(word.toUpperCase(Locale.ROOT));
    }

    static @Nullable Long nanosOrNull(Optional<Instant> time) {
        return time.map(Times::nanos).orElse(null);
    }
}
