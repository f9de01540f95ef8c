package dev.tarn.project;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.Place;
import dev.tarn.model.Problem;
import dev.tarn.model.Suggestion;
import dev.tarn.model.TableName;
import dev.tarn.model.graph.Node;
import java.util.Collection;
import java.util.List;

/** What is said when queries do not fit their inputs. */
final class BindErrors {
    private BindErrors() {}

    /** What the engine says about tables, with what a project can do about it. */
    static Problem withWayOut(Problem problem) {
        return problem.code() == ErrorCode.TABLE_NOT_FOUND
                ? new Problem(
                        problem.code(),
                        problem.place(),
                        problem.message() + " Name tables with ref() or source().")
                : problem;
    }

    static Problem columnsUnknown(Place place, String source) {
        return Problem.at(
                ErrorCode.TABLE_NOT_FOUND,
                place,
                ("The columns of source '%s' are not known yet, so what reads it is not checked"
                                + " before it runs. Declare each column with its data_type to have"
                                + " it checked.")
                        .formatted(source));
    }

    static Problem tableNotDeclared(Place place, String node, TableName name, Node owner) {
        String call =
                owner instanceof Node.Source source
                        ? "{{ source('%s', '%s') }}"
                                .formatted(source.sourceName(), source.common().fqn().getLast())
                        : "{{ ref('%s') }}".formatted(owner.name());
        return Problem.at(
                ErrorCode.TABLE_NOT_FOUND,
                place,
                "'%s' reads %s without saying that it depends on it. Write %s instead."
                        .formatted(node, name, call));
    }

    static Problem readsItself(Place place, String node, TableName name) {
        return Problem.at(
                ErrorCode.TABLE_NOT_FOUND,
                place,
                ("'%s' reads %s, which it makes itself. A model that goes on from its own rows is"
                                + " incremental: set materialized='incremental' and read {{ this }}"
                                + " inside {%% if is_incremental() %%}.")
                        .formatted(node, name));
    }

    static Problem readsItselfFirst(Place place, String node, TableName name) {
        return Problem.at(
                ErrorCode.TABLE_NOT_FOUND,
                place,
                ("'%s' reads %s, which it makes itself and which is not there yet. What it reads"
                                + " of its own rows goes inside {%% if is_incremental() %%}, with"
                                + " materialized='incremental'.")
                        .formatted(node, name));
    }

    static Problem describedInVain(Place place, TableName name, List<String> columns) {
        return Problem.at(
                ErrorCode.COLUMN_NOT_FOUND,
                place,
                "In relation %s: The following columns are specified in the schema but are not present in the database: %s"
                        .formatted(name, String.join(", ", columns)));
    }

    static Problem tableNotFound(
            Place place, String node, TableName name, Collection<TableName> known) {
        return Problem.at(
                ErrorCode.TABLE_NOT_FOUND,
                place,
                ("'%s' reads %s, which is no table of this project.%s Name tables with ref() or"
                                + " source().")
                        .formatted(
                                node,
                                name,
                                Suggestion.hint(
                                        name.toString(),
                                        known.stream().map(TableName::toString).toList())));
    }

    static Problem notCalled(
            Place place, String node, Node.Model function, List<String> parameters) {
        return Problem.at(
                ErrorCode.TABLE_NOT_FOUND,
                place,
                "'%s' reads %s, which is a table function and has no rows of its own. Call it: {{ ref('%s') }}(%s)."
                        .formatted(
                                node,
                                function.relation(),
                                function.name(),
                                String.join(", ", parameters)));
    }
}
