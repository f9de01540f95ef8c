package dev.tarn.run;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.Problem;
import dev.tarn.model.RefName;
import dev.tarn.model.RunId;
import dev.tarn.model.TableName;
import dev.tarn.model.TarnException;
import dev.tarn.model.catalog.CommitResult.Conflict;
import dev.tarn.model.catalog.EntryKey;
import dev.tarn.model.graph.Contract;
import dev.tarn.model.graph.Node;
import dev.tarn.model.graph.RowKey;
import dev.tarn.model.table.Field;
import dev.tarn.model.table.Schema;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What runs say when they refuse or fail. */
final class RunErrors {
    private RunErrors() {}

    static TarnException cancelled() {
        return new TarnException(
                ErrorCode.INTERRUPTED,
                "The run was stopped before it was done; nothing was published.");
    }

    static TarnException convertedOtherwise(String before, String after) {
        return new TarnException(
                ErrorCode.INTERNAL,
                "The table was not converted: its rows read otherwise from the new files (count, values and hashes were %s and became %s). Nothing was published and its files are as they were; please report this."
                        .formatted(before, after));
    }

    static TarnException conflict(RefName target, List<Conflict> conflicts) {
        Conflict first = conflicts.getFirst();
        String others = conflicts.size() == 1 ? "" : " and %d more".formatted(conflicts.size() - 1);
        String who =
                first.run()
                        .map(run -> "run " + run)
                        .orElseGet(() -> "publication " + first.publishedBy());
        return new TarnException(
                ErrorCode.COMMIT_CONFLICT,
                "Nothing was published: %s%s moved on %s while this run worked; %s was first. Run again to build on its result."
                        .formatted(first.key(), others, target, who));
    }

    static TarnException viewOfAnotherEngine(EntryKey view, String dialect) {
        return new TarnException(
                ErrorCode.UNSUPPORTED,
                "The view %s was made by another engine and its query is in the dialect '%s', which Tarn does not read. Read it there, or give it a representation in the dialect 'duckdb' too."
                        .formatted(view, dialect));
    }

    static Problem checkFailed(Node.Check check, long failures) {
        return Problem.at(
                ErrorCode.CHECK_FAILED,
                check.common().place(),
                "Check %s found %d failing row%s."
                        .formatted(check.name(), failures, failures == 1 ? "" : "s"));
    }

    static TarnException inputMissing(Node node, Node input, TableName table) {
        String out =
                input instanceof Node.Source source
                        ? source.ingest()
                                .map(i ->
                                        "Files for source '%s' are looked for at %s; none is there."
                                                .formatted(source.name(), i.location()))
                                .orElse("Whoever fills this source has to do so first.")
                        : "Build it first: `tarn build --select +%s`.".formatted(node.name());
        return new TarnException(
                Problem.at(
                        ErrorCode.TABLE_NOT_FOUND,
                        node.common().place(),
                        "%s does not exist yet, and '%s' reads it. %s"
                                .formatted(table, node.name(), out)));
    }

    static TarnException columnsChanged(Node node, TableName table, Schema old, Schema now) {
        List<String> gone = old.names().stream().filter(n -> now.find(n).isEmpty()).toList();
        List<String> added = now.names().stream().filter(n -> old.find(n).isEmpty()).toList();
        String what =
                List.of(list("new", added), list("gone", gone)).stream()
                        .flatMap(Optional::stream)
                        .collect(Collectors.joining("; "));
        return new TarnException(
                Problem.at(
                        ErrorCode.SCHEMA_CHANGE_REFUSED,
                        node.common().place(),
                        "The columns of %s changed (%s) and on_schema_change is 'fail'. Set it to 'append_new_columns' or 'sync_all_columns', or build with --full."
                                .formatted(table, what.isEmpty() ? "types" : what)));
    }

    static TarnException columnsGone(Node node, TableName table, List<String> gone) {
        return new TarnException(
                Problem.at(
                        ErrorCode.SCHEMA_CHANGE_REFUSED,
                        node.common().place(),
                        "The query no longer has columns of %s (%s) and on_schema_change is 'ignore'. Select them, set it to 'append_new_columns', which leaves them empty in new rows, or to 'sync_all_columns', or build with --full."
                                .formatted(table, String.join(", ", gone))));
    }

    static TarnException columnsLose(Node node, TableName table, Schema old, List<Field> now) {
        String what =
                now.stream()
                        .map(f ->
                                "%s: %s, now %s"
                                        .formatted(
                                                f.name(),
                                                old.find(f.name()).orElseThrow().type().sql(),
                                                f.type().sql()))
                        .collect(Collectors.joining("; "));
        return new TarnException(
                Problem.at(
                        ErrorCode.SCHEMA_CHANGE_REFUSED,
                        node.common().place(),
                        "Columns of %s cannot take the types that the query gives them now without losing something (%s), although on_schema_change is 'sync_all_columns'. Cast them in the query, or build with --full."
                                .formatted(table, what)));
    }

    static TarnException wrongKey(Node node, String key, Schema schema) {
        return wrongColumn(node, "unique_key", key, schema);
    }

    static TarnException wrongColumn(Node node, String setting, String key, Schema schema) {
        return new TarnException(
                Problem.at(
                        ErrorCode.COLUMN_NOT_FOUND,
                        node.common().place(),
                        "%s names '%s', which is not a column of %s.%s"
                                .formatted(
                                        setting,
                                        key,
                                        node.name(),
                                        dev.tarn.model.Suggestion.hint(key, schema.names()))));
    }

    static TarnException snapshotColumn(Node node, String what, String column, Schema schema) {
        return new TarnException(
                Problem.at(
                        ErrorCode.COLUMN_NOT_FOUND,
                        node.common().place(),
                        "%s '%s', which is not a column of snapshot %s.%s"
                                .formatted(
                                        what,
                                        column,
                                        node.name(),
                                        dev.tarn.model.Suggestion.hint(column, schema.names()))));
    }

    static TarnException notASnapshot(Node node, List<String> missing) {
        return new TarnException(
                Problem.at(
                        ErrorCode.SCHEMA_CHANGE_REFUSED,
                        node.common().place(),
                        "Snapshot target is missing configured columns (missing %s). Name them with snapshot_meta_column_names as they are, give snapshot '%s' another schema or alias, or drop what is there."
                                .formatted(
                                        missing.stream()
                                                .map(m -> "\"" + m + "\"")
                                                .collect(Collectors.joining(", ")),
                                        node.name())));
    }

    static TarnException noBegin(Node node) {
        return new TarnException(
                Problem.at(
                        ErrorCode.CONFIG_INVALID,
                        node.common().place(),
                        "Microbatch model '%s' has no begin, so nobody knows its first period. Set begin, or give --event-time-start and --event-time-end."
                                .formatted(node.name())));
    }

    /** Some periods failed for the same reason. */
    static Problem batchesFailed(Node node, List<Batches.Batch> batches, Problem reason) {
        Batches.Batch first = batches.getFirst();
        String others =
                batches.size() == 1
                        ? ""
                        : ", and in %d more, the last to %s"
                                .formatted(batches.size() - 1, batches.getLast().end());
        String message =
                "%s (in the batch from %s to %s%s)"
                        .formatted(reason.message(), first.start(), first.end(), others);
        return Problem.at(reason.code(), reason.place().orElse(node.common().place()), message);
    }

    static TarnException batchesHaveNoKeys(Node node, RowKey key) {
        return new TarnException(
                Problem.at(
                        ErrorCode.CONFIG_INVALID,
                        key.written().orElse(node.common().place()),
                        "The strategy microbatch does not support 'unique_key': each batch replaces the rows of its period, whatever their keys are. Remove unique_key, or use the strategy merge."));
    }

    static Problem constraintIncomplete(Node.Model model, Contract.Constraint constraint) {
        String kind = constraint.kind().name().toLowerCase(Locale.ROOT);
        return Problem.at(
                ErrorCode.CONFIG_INVALID,
                model.common().place(),
                constraint.columns().isEmpty()
                        ? "The constraint %s of '%s' names no columns. List them under 'columns'."
                                .formatted(kind, model.name())
                        : ("The constraint %s of '%s' does not say what it points to. Write, for"
                                        + " example, to: ref('customers') and to_columns: [id].")
                                .formatted(kind, model.name()));
    }

    static Problem constraintFailed(Node node, String rule, long rows) {
        return Problem.at(
                ErrorCode.DATA_INVALID,
                node.common().place(),
                "%s breaks its constraint %s in %d row%s. Correct the query, or the constraint."
                        .formatted(node.name(), rule, rows, rows == 1 ? "" : "s"));
    }

    static TarnException failuresAreNoNumber(
            Node check, String calculation, @Nullable Object failures) {
        return new TarnException(
                Problem.at(
                        ErrorCode.DATA_INVALID,
                        check.common().place(),
                        "fail_calc of '%s' is %s, which gave %s and not a whole number. Write, for example, coalesce(sum(n), 0)."
                                .formatted(
                                        check.name(),
                                        calculation,
                                        failures == null ? "null" : failures)));
    }

    static TarnException notRetryable(RunId run, String status) {
        return new TarnException(
                ErrorCode.USAGE,
                "Run %s cannot be retried: it is %s. Only runs that published nothing can go on from where they stopped."
                        .formatted(run, status));
    }

    static TarnException noLoader(Node.Source source) {
        return new TarnException(
                Problem.at(
                        ErrorCode.UNSUPPORTED,
                        source.common().place(),
                        "Source %s has an ingest block, but this run was started without ingestion."
                                .formatted(source.name())));
    }

    static Problem asProblem(Node node, Throwable failure) {
        if (failure instanceof TarnException known) {
            Problem first = known.problems().getFirst();
            return first.place().isPresent()
                    ? first
                    : Problem.at(first.code(), node.common().place(), first.message());
        }
        return Problem.at(
                ErrorCode.INTERNAL,
                node.common().place(),
                "%s failed in a way Tarn did not foresee: %s. The log has the details."
                        .formatted(node.id(), failure));
    }

    private static Optional<String> list(String word, List<String> names) {
        return names.isEmpty()
                ? Optional.empty()
                : Optional.of(word + ": " + String.join(", ", names));
    }
}
