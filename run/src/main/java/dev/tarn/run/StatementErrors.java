package dev.tarn.run;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.Problem;
import dev.tarn.model.Suggestion;
import dev.tarn.model.TableName;
import dev.tarn.model.TarnException;
import dev.tarn.model.graph.SqlText;
import dev.tarn.model.table.Field;
import dev.tarn.model.table.PartitionField;
import dev.tarn.sql.statement.Name;
import dev.tarn.sql.statement.Statement;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What is said about statements that change tables. */
final class StatementErrors {
    private StatementErrors() {}

    static TarnException notForUsers(Statement.WithoutEffect statement) {
        String verb = statement.verb().toUpperCase(java.util.Locale.ROOT);
        String reason =
                switch (statement.verb()) {
                    case "rollback", "abort" ->
                            "All statements of a text are published together or, when one fails, not"
                                    + " at all. Leave it out.";
                    default -> "Leave it out.";
                };
        return told(
                ErrorCode.UNSUPPORTED,
                statement.text(),
                "%s has no effect here. %s".formatted(verb, reason));
    }

    static TarnException vocabularyOfUsers(Statement.Vocabulary statement) {
        return told(
                ErrorCode.UNSUPPORTED,
                statement.text(),
                ("%s %s is for hooks and headers of a project: no catalog keeps it. A file in functions/"
                                + " makes a function that models can call.")
                        .formatted(
                                statement.made() ? "CREATE" : "DROP",
                                statement.what().toUpperCase(java.util.Locale.ROOT)));
    }

    static TarnException otherWithoutWords(SqlText query) {
        return told(
                ErrorCode.UNSUPPORTED,
                query,
                "With the bodies of its macros in their place, this view has columns of other types. Make it a"
                        + " table, or use a function of the project.");
    }

    /** For a view, which is asked when its macros are gone. */
    static TarnException needsWords(SqlText query, TarnException why) {
        Problem first = why.problems().getFirst();
        return told(
                first.code(),
                query,
                ("%s A macro or type that a hook or a header makes is there while the run works, and not when"
                                + " somebody reads the view. Make it a table, or use a function of the project.")
                        .formatted(first.message()));
    }

    static TarnException missing(Name written, TableName table, Collection<TableName> there) {
        List<String> names = there.stream().map(TableName::toString).toList();
        return told(
                ErrorCode.TABLE_NOT_FOUND,
                written.written(),
                "There is no table or view %s.%s `tarn tables` lists what there is."
                        .formatted(table, Suggestion.hint(table.toString(), names)));
    }

    static TarnException ambiguous(Name written, List<TableName> same) {
        return told(
                ErrorCode.TABLE_NOT_FOUND,
                written.written(),
                "%s is the name of several tables: %s. Say which."
                        .formatted(
                                written,
                                same.stream()
                                        .map(TableName::toString)
                                        .sorted()
                                        .collect(Collectors.joining(", "))));
    }

    static TarnException materialized(Name written, TableName view) {
        return told(
                ErrorCode.UNSUPPORTED,
                written.written(),
                "%s is a materialized view: its rows are those of its query. Change the tables it reads, or make it anew with CREATE OR REPLACE MATERIALIZED VIEW."
                        .formatted(view));
    }

    static TarnException notMaterialized(Name written, TableName table) {
        return told(
                ErrorCode.UNSUPPORTED,
                written.written(),
                "%s is not a materialized view, so there is nothing to refresh. `tarn tables` says what each name is."
                        .formatted(table));
    }

    static TarnException wrongRefresh(Name written, String value) {
        return told(
                ErrorCode.CONFIG_INVALID,
                written.written(),
                "The property tarn.refresh is auto or manual, not '%s'.".formatted(value));
    }

    static TarnException readsItself(Name written, TableName view) {
        return told(
                ErrorCode.SQL_INVALID,
                written.written(),
                "%s would be made of itself. Give one of the two another name.".formatted(view));
    }

    static TarnException notATable(Name written, TableName table) {
        return told(
                ErrorCode.SQL_INVALID,
                written.written(),
                "%s is a view: its rows cannot be changed. Change its query, or the table it reads."
                        .formatted(table));
    }

    static TarnException viewCloned(Name written, TableName view) {
        return told(
                ErrorCode.SQL_INVALID,
                written.written(),
                "%s is a view, which has no rows to share. Make another view: CREATE VIEW … AS SELECT * FROM %s."
                        .formatted(view, view));
    }

    static TarnException otherKind(Name written, TableName name, Statement.Kind kind) {
        String other = kind == Statement.Kind.TABLE ? "view" : "table";
        return told(
                ErrorCode.SQL_INVALID,
                written.written(),
                "%s is a %s. Write %s instead of %s."
                        .formatted(name, other, other.toUpperCase(java.util.Locale.ROOT), kind));
    }

    static TarnException exists(SqlText place, TableName table) {
        return told(
                ErrorCode.TABLE_EXISTS,
                place,
                "%s is there already. Write CREATE OR REPLACE or IF NOT EXISTS, or choose another name."
                        .formatted(table));
    }

    static TarnException noColumn(
            Statement.ColumnRef written, String name, TableName table, List<String> columns) {
        return told(ErrorCode.COLUMN_NOT_FOUND, written.written(), unknown(name, table, columns));
    }

    static TarnException noColumnFor(
            SqlText place, String name, TableName table, List<String> columns) {
        return told(
                ErrorCode.COLUMN_NOT_FOUND,
                place,
                unknown(name, table, columns)
                        + " Name the columns to fill, or add it with ALTER TABLE.");
    }

    private static String unknown(String name, TableName table, List<String> columns) {
        return "%s has no column '%s'.%s It has: %s."
                .formatted(table, name, Suggestion.hint(name, columns), String.join(", ", columns));
    }

    static TarnException partOfColumn(Statement.ColumnRef column) {
        return told(
                ErrorCode.UNSUPPORTED,
                column.written(),
                "'%s' is a part of a column, and only whole columns can be set. Write %s = struct_update(%s, …)."
                        .formatted(
                                column.name(), column.path().getFirst(), column.path().getFirst()));
    }

    static TarnException columnTwice(Statement.ColumnRef written, String name) {
        return told(
                ErrorCode.SQL_INVALID,
                written.written(),
                "Column '%s' is named twice. Leave one of them out.".formatted(name));
    }

    static TarnException columnCount(SqlText sql, TableName table, int wanted, int found) {
        return told(
                ErrorCode.SQL_INVALID,
                sql,
                "%d columns of %s are to be filled, but the rows have %d. Name the columns: INSERT INTO %s (a, b) …"
                        .formatted(wanted, table, found, table));
    }

    static TarnException columnsInOrder(SqlText sql, TableName table, int wanted, int found) {
        return told(
                ErrorCode.SQL_INVALID,
                sql,
                "%s has %d columns and the source %d, so they cannot be taken in order. Write BY NAME, or name the columns."
                        .formatted(table, wanted, found));
    }

    static TarnException refusedByMerge(
            SqlText sql, TableName table, long rows, Optional<String> reason) {
        return told(
                ErrorCode.DATA_INVALID,
                sql,
                "A branch of the merge into %s that is an error applies to %s%s"
                        .formatted(
                                table,
                                rows == 1 ? "one row" : rows + " rows",
                                reason.map(r -> ": " + r).orElse(".")));
    }

    static TarnException valuesMissing(SqlText place, TableName table, List<String> columns) {
        return told(
                ErrorCode.DATA_INVALID,
                place,
                "%s needs a value for %s, which refuse%s nulls and ha%s no default."
                        .formatted(
                                table,
                                columns.stream()
                                        .map(c -> "'" + c + "'")
                                        .collect(Collectors.joining(", ")),
                                columns.size() == 1 ? "s" : "",
                                columns.size() == 1 ? "s" : "ve"));
    }

    static TarnException nulls(
            SqlText place, TableName table, Field field, long rows, Optional<String> sample) {
        return told(
                ErrorCode.DATA_INVALID,
                place,
                "Column '%s' of %s refuses nulls, and %s%s. Give it a value, or allow them: ALTER TABLE %s ALTER COLUMN %s DROP NOT NULL."
                        .formatted(
                                field.name(),
                                table,
                                rows == 1 ? "a row has none" : rows + " rows have none",
                                sample.map(s -> ": " + s).orElse(""),
                                table,
                                field.name()));
    }

    static TarnException misfit(
            SqlText place, TableName table, Field field, String sample, Throwable cause) {
        String message =
                "Column '%s' of %s is %s and cannot hold '%s'. Convert or leave out such rows, with try_cast for example."
                        .formatted(field.name(), table, field.type().sql(), sample);
        return new TarnException(problem(ErrorCode.DATA_INVALID, place, message), cause);
    }

    static TarnException matchedTwice(SqlText place, TableName table, long times, String row) {
        return told(
                ErrorCode.MERGE_AMBIGUOUS,
                place,
                "%d rows want to change the same row of %s: %s. Let each row match at most once, with a GROUP BY or QUALIFY row_number() in the source for example."
                        .formatted(times, table, row));
    }

    static TarnException notOnlyValue(SqlText place, String name) {
        return told(
                ErrorCode.SCHEMA_CHANGE_REFUSED,
                place,
                "Column '%s' cannot refuse nulls from the start, for rows that are there would have none. Give it a DEFAULT."
                        .formatted(name));
    }

    static TarnException hasNulls(SqlText place, TableName table, String column, long rows) {
        return told(
                ErrorCode.SCHEMA_CHANGE_REFUSED,
                place,
                "Column '%s' of %s cannot refuse nulls: %s. Fill them first: UPDATE %s SET %s = … WHERE %s IS NULL."
                        .formatted(
                                column,
                                table,
                                rows == 1 ? "a row has one" : rows + " rows have one",
                                table,
                                column,
                                column));
    }

    static TarnException notALiteral(SqlText value) {
        return told(
                ErrorCode.UNSUPPORTED,
                value,
                "A default must be a literal such as 0, 'none' or true: it stands for all rows alike.");
    }

    static TarnException notPartitionedBy(
            SqlText place, TableName table, PartitionField field, List<PartitionField> fields) {
        return told(
                ErrorCode.SQL_INVALID,
                place,
                "%s is not partitioned by %s. It is by: %s."
                        .formatted(
                                table,
                                field.name(),
                                fields.isEmpty()
                                        ? "nothing"
                                        : fields.stream()
                                                .map(PartitionField::name)
                                                .collect(Collectors.joining(", "))));
    }

    static TarnException neverThere(Name written, TableName name) {
        return told(
                ErrorCode.TABLE_NOT_FOUND,
                written.written(),
                "%s was never there, so it cannot come back. `tarn tables` lists what there is."
                        .formatted(name));
    }

    static TarnException notDropped(Name written, TableName name) {
        return told(
                ErrorCode.TABLE_EXISTS,
                written.written(),
                "%s is there. Drop or rename it before an earlier one comes back.".formatted(name));
    }

    static TarnException onlyForTables(SqlText place, TableName view) {
        return told(
                ErrorCode.UNSUPPORTED,
                place,
                "%s is a view: besides its name nothing of it can be altered. Write CREATE OR REPLACE VIEW."
                        .formatted(view));
    }

    /** A branch of a merge about rows without a partner speaks of the partner. */
    static TarnException otherSide(Statement.Side side, TarnException failure) {
        String missing = side == Statement.Side.NOT_MATCHED ? "table" : "source";
        Problem problem =
                new Problem(
                        ErrorCode.SQL_INVALID,
                        failure.problems().getFirst().place(),
                        "This branch is about rows that no row of the %1$s matches, so it has no columns of the %1$s. Leave them out."
                                .formatted(missing));
        return new TarnException(problem, failure);
    }

    static TarnException schemaHolds(Name written, List<String> held) {
        String some = String.join(", ", held.subList(0, Math.min(3, held.size())));
        return told(
                ErrorCode.SQL_INVALID,
                written.written(),
                "Schema %s still holds %s%s. Write CASCADE behind it to drop what it holds, too."
                        .formatted(written.table(), some, held.size() > 3 ? ", …" : ""));
    }

    static TarnException at(SqlText place, TarnException failure) {
        return place.locate(0).map(failure::at).orElse(failure);
    }

    static TarnException told(ErrorCode code, SqlText place, String message) {
        @Nullable Throwable none = null;
        return new TarnException(problem(code, place, message), none);
    }

    private static Problem problem(ErrorCode code, SqlText sql, String message) {
        return sql.locate(0)
                .map(p -> Problem.at(code, p, message))
                .orElseGet(() -> Problem.of(code, message));
    }
}
