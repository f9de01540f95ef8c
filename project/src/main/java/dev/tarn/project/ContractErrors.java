package dev.tarn.project;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.Place;
import dev.tarn.model.Problem;

/** What is wrong with what a contract says. */
final class ContractErrors {
    private ContractErrors() {}

    static Problem columnWithoutType(Place place, String model, String column) {
        return Problem.at(
                ErrorCode.CONFIG_INVALID,
                place,
                "The contract of model '%s' is enforced, so column '%s' needs a data_type."
                        .formatted(model, column));
    }

    static Problem keys(Place place, String model) {
        return Problem.at(
                ErrorCode.CONFIG_INVALID,
                place,
                ("Model '%s' has more than one primary key. One of several columns is a constraint"
                                + " of the model, with 'columns', and of none of its columns.")
                        .formatted(model));
    }

    static Problem change(Place place, String model, String change) {
        return Problem.at(
                ErrorCode.CONFIG_INVALID,
                place,
                "Incremental model '%s' has a contract, so on_schema_change is 'append_new_columns' or 'fail', not '%s'."
                        .formatted(model, change));
    }

    static Problem noColumns(Place place, String model) {
        return Problem.at(
                ErrorCode.CONFIG_INVALID,
                place,
                ("The contract of model '%s' is enforced, but no columns are declared. List them"
                                + " with name and data_type.")
                        .formatted(model));
    }

    static Problem target(Place place, String model, String written) {
        return Problem.at(
                ErrorCode.CONFIG_INVALID,
                place,
                ("A foreign key of model '%s' points 'to' '%s', which is neither a call of ref nor of"
                                + " source. Write, for example, to: ref('customers').")
                        .formatted(model, written));
    }

    static Problem targetColumns(Place place, String model, int own, int theirs) {
        return Problem.at(
                ErrorCode.CONFIG_INVALID,
                place,
                ("A foreign key of model '%s' has %d column(s) and points to %d. List as many in"
                                + " 'to_columns' as it has itself.")
                        .formatted(model, own, theirs));
    }
}
