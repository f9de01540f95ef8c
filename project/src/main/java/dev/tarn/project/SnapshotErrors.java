package dev.tarn.project;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.Place;
import dev.tarn.model.Problem;
import dev.tarn.model.TarnException;
import java.util.Collection;

/** What can be wrong with snapshots. */
final class SnapshotErrors {
    private SnapshotErrors() {}

    static Problem comparedByTime(Place place, String name) {
        return Problem.at(
                ErrorCode.CONFIG_INVALID,
                place,
                ("Snapshot '%s' notices changes by time, so nothing is compared. Remove check_cols,"
                                + " or set strategy='check'.")
                        .formatted(name));
    }

    static Problem noList(Place place, String name, String written) {
        return Problem.at(
                ErrorCode.CONFIG_INVALID,
                place,
                ("Snapshot '%s' cannot have check_cols '%s': it is 'all' or a list of columns, such"
                                + " as check_cols=['%s'].")
                        .formatted(name, written, written));
    }

    /** Of what only a model can choose. */
    static Problem nothingElse(Place place, String who, String word) {
        return Problem.at(
                ErrorCode.CONFIG_INVALID,
                place,
                "%s cannot be materialized as '%s'. Remove the setting 'materialized'."
                        .formatted(who, word));
    }

    static TarnException hardDeletes(String word, Collection<String> known) {
        return TemplateErrors.failed(
                "Invalid setting for property hard_deletes: '%s' is none of %s."
                        .formatted(word, String.join(", ", known)));
    }

    static TarnException hardDeletesTwice() {
        return TemplateErrors.failed(
                "You cannot set both the invalidate_hard_deletes and hard_deletes config"
                        + " properties on the same snapshot. Keep hard_deletes.");
    }
}
