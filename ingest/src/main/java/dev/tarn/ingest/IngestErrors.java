package dev.tarn.ingest;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.Place;
import dev.tarn.model.Problem;
import dev.tarn.model.Suggestion;
import dev.tarn.model.TarnException;
import java.util.Collection;
import java.util.List;

/** What ingestion says when it cannot go on. */
final class IngestErrors {
    private IngestErrors() {}

    static TarnException notIngested(String source) {
        return new TarnException(
                ErrorCode.CONFIG_INVALID,
                "Source %s has no 'ingest:' block. Add one with a location.".formatted(source));
    }

    static TarnException unreadable(Place place, List<String> reasons) {
        return new TarnException(
                reasons.stream()
                        .map(reason ->
                                Problem.at(
                                        ErrorCode.SOURCE_UNREADABLE,
                                        place,
                                        "%s Nothing was landed. Give this account the right"
                                                        .formatted(reason)
                                                + " to read the file, or move it away."))
                        .toList());
    }

    static TarnException changed(Collection<String> files) {
        return new TarnException(
                files.stream()
                        .map(file ->
                                Problem.of(
                                        ErrorCode.SOURCE_CHANGED,
                                        ("%s changed while it was read. Nothing was landed;"
                                                        + " run again when it is complete.")
                                                .formatted(file)))
                        .toList());
    }

    static TarnException held(
            Place place, String table, List<String> differences, List<Renames.Rename> renames) {
        return new TarnException(
                Problem.at(
                        ErrorCode.SOURCE_HELD,
                        place,
                        ("What came for %s does not have the table's columns: %s. Nothing was landed,"
                                                + " because the source says 'schema_policy: hold'. Set it"
                                                + " to 'evolve' to change the table or to 'quarantine' to"
                                                + " keep such rows apart, or correct the source.")
                                        .formatted(table, String.join("; ", differences))
                                + renamed(renames)));
    }

    private static String renamed(List<Renames.Rename> renames) {
        StringBuilder text = new StringBuilder();
        for (Renames.Rename rename : renames) {
            text.append(" ").append(rename).append(": if it is, ");
            text.append(rename.statement()).append(" lets it land.");
        }
        return text.toString();
    }

    static TarnException notAsExpected(Place place, String table, List<String> reasons) {
        return new TarnException(
                Problem.at(
                        ErrorCode.SOURCE_HELD,
                        place,
                        "What came for %s is not as expected: %s. Nothing was landed. Correct the source, or the expectation."
                                .formatted(table, String.join("; ", reasons))));
    }

    static Problem unknownOption(Place place, String option, Collection<String> known) {
        return Problem.at(
                ErrorCode.UNKNOWN_KEY,
                place,
                "There is no ingest option '%s'.%s Known options: %s."
                        .formatted(
                                option,
                                Suggestion.hint(option, known),
                                String.join(", ", known.stream().sorted().toList())));
    }

    static Problem badOption(Place place, String option, String value, String wanted) {
        return Problem.at(
                ErrorCode.CONFIG_INVALID,
                place,
                "Ingest option '%s' is '%s' and must be %s.".formatted(option, value, wanted));
    }

    static Problem unknownType(Place place, String column, String type) {
        return Problem.at(
                ErrorCode.CONFIG_INVALID,
                place,
                "Column '%s' has the type '%s', which the engine does not know."
                        .formatted(column, type));
    }

    static TarnException rowsDoNotAddUp(String table, long read, long landed, long quarantined) {
        return new TarnException(
                ErrorCode.INTERNAL,
                ("The files for %s have %d rows, but %d were landed and %d quarantined. Nothing was"
                                + " published.")
                        .formatted(table, read, landed, quarantined));
    }

    static TarnException streamRowsDoNotAddUp(
            String table, long read, long landed, long quarantined) {
        return new TarnException(
                ErrorCode.INTERNAL,
                ("The source of %s told %d rows, but %d were landed and %d quarantined. Nothing"
                                + " was published.")
                        .formatted(table, read, landed, quarantined));
    }

    static TarnException tooManyRefused(String table, int refused, String reason) {
        return new TarnException(
                ErrorCode.DATA_INVALID,
                "%,d rows of one batch for %s cannot be read, the last because of %s. Nothing of the batch was landed; correct the source."
                        .formatted(refused, table, reason));
    }

    static TarnException noKey(Place place, String write) {
        return new TarnException(
                Problem.at(
                        ErrorCode.CONFIG_INVALID,
                        place,
                        ("'write: %s' needs the 'key' of a row, and the source does not know"
                                        + " it.")
                                .formatted(write)));
    }

    static TarnException notAColumn(Place place, String key, Collection<String> columns) {
        return new TarnException(
                Problem.at(
                        ErrorCode.CONFIG_INVALID,
                        place,
                        "The key '%s' is no column of the rows.%s"
                                .formatted(key, Suggestion.hint(key, columns))));
    }

    static TarnException interrupted() {
        return new TarnException(ErrorCode.INTERRUPTED, "Reading files was stopped.");
    }
}
