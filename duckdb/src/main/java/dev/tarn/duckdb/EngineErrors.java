package dev.tarn.duckdb;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.Place;
import dev.tarn.model.Problem;
import dev.tarn.model.Suggestion;
import dev.tarn.model.TableName;
import dev.tarn.model.TarnException;
import dev.tarn.model.graph.SqlText;
import dev.tarn.model.table.Field;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** What the engine says when something is wrong that DuckDB itself does not see. */
final class EngineErrors {
    private EngineErrors() {}

    static TarnException noPast(TableName name) {
        return new TarnException(
                ErrorCode.SQL_REFUSED,
                "Nothing is known here of %s at other times. Leave AT out.".formatted(name));
    }

    static TarnException noVersion(SqlText value) {
        return atClause(
                value,
                "'%s' names no state. Write VERSION => 12, TIMESTAMP => '2026-11-21 10:00', REF => 'branch' or RUN => 'id'."
                        .formatted(value.sql()));
    }

    static TarnException noChanges(SqlText value) {
        return atClause(
                value,
                "'%s' names no versions. Write CHANGES (FROM => 12) or CHANGES (FROM => 12, TO => 15)."
                        .formatted(value.sql()));
    }

    static TarnException noTime(SqlText value) {
        return atClause(
                value,
                "'%s' is no time. Write '2026-11-21 10:00:00' or now() - INTERVAL 1 DAY."
                        .formatted(value.sql()));
    }

    static Problem constantOfOtherType(String value, String type, Optional<Place> place) {
        String message =
                "'%s' does not go together with %s. Write a value of that type, or cast the other side."
                        .formatted(value, type);
        return mismatch(message, place);
    }

    static Problem columnOfOtherType(
            String column, String type, String wanted, Optional<Place> place) {
        String message =
                "Column '%s' is of type %s, which does not go together with %s. Take another column, or convert it."
                        .formatted(column, type, wanted);
        return mismatch(message, place);
    }

    private static Problem mismatch(String message, Optional<Place> place) {
        return place.map(p -> Problem.at(ErrorCode.TYPE_MISMATCH, p, message))
                .orElseGet(() -> Problem.of(ErrorCode.TYPE_MISMATCH, message));
    }

    private static TarnException atClause(SqlText value, String message) {
        return new TarnException(
                value.locate(0)
                        .map(p -> Problem.at(ErrorCode.SQL_INVALID, p, message))
                        .orElseGet(() -> Problem.of(ErrorCode.SQL_INVALID, message)));
    }

    static TarnException spillDirectory(Path directory, IOException cause) {
        return new TarnException(
                ErrorCode.STORAGE_FAILED,
                "The folder for spilled data, %s, cannot be made: %s"
                        .formatted(directory, cause.getMessage()),
                cause);
    }

    static TarnException directory(Path path, IOException cause) {
        return new TarnException(
                ErrorCode.STORAGE_FAILED,
                "%s cannot be changed: %s".formatted(path, cause.getMessage()),
                cause);
    }

    static TarnException internal(RawError error, Throwable cause) {
        return new TarnException(
                ErrorCode.INTERNAL,
                "DuckDB failed in a way Tarn does not know: %s".formatted(error.message()),
                cause);
    }

    static TarnException interrupted() {
        return new TarnException(ErrorCode.INTERRUPTED, "The statement was cancelled.");
    }

    static TarnException timeout(Duration limit) {
        return new TarnException(
                ErrorCode.TIMEOUT,
                "The statement ran longer than its limit of %s and was stopped."
                        .formatted(words(limit)));
    }

    private static String words(Duration limit) {
        if (limit.toMillis() % 1000 != 0) {
            return limit.toMillis() + " ms";
        }
        long seconds = limit.toSeconds();
        return seconds % 60 == 0 && seconds > 0 ? seconds / 60 + " min" : seconds + " s";
    }

    static TarnException tableNotFound(
            String written, Collection<TableName> names, Optional<Place> place) {
        return problem(ErrorCode.TABLE_NOT_FOUND, place, noTable(written, names));
    }

    /** A name is close when all of it is, or when its last part is that of another schema's. */
    static String noTable(String written, Collection<TableName> names) {
        String last = written.substring(written.lastIndexOf('.') + 1);
        Optional<String> close =
                Suggestion.closest(written, names.stream().map(TableName::toString).toList());
        Optional<String> elsewhere =
                Suggestion.closest(last, names.stream().map(TableName::table).toList())
                        .flatMap(t -> names.stream().filter(n -> n.table().equals(t)).findFirst())
                        .map(TableName::toString);
        return "Table '%s' does not exist.%s"
                .formatted(
                        written,
                        close.or(() -> elsewhere)
                                .map(n -> " Did you mean '" + n + "'?")
                                .orElse(""));
    }

    static TarnException ambiguousTable(
            String written, List<TableName> candidates, Optional<Place> place) {
        return problem(
                ErrorCode.SQL_INVALID,
                place,
                "Table '%s' is in more than one schema. Write %s."
                        .formatted(
                                written,
                                candidates.stream()
                                        .map(TableName::toString)
                                        .collect(Collectors.joining(" or "))));
    }

    static TarnException viewCycle(Collection<TableName> path, TableName again) {
        return new TarnException(
                ErrorCode.DEPENDENCY_CYCLE,
                "View %s reads itself: %s."
                        .formatted(
                                again,
                                java.util.stream.Stream.concat(
                                                path.stream().dropWhile(n -> !n.equals(again)),
                                                java.util.stream.Stream.of(again))
                                        .map(TableName::toString)
                                        .collect(Collectors.joining(" -> "))));
    }

    static TarnException unstorable(String column, String type, Optional<Place> place) {
        return problem(
                ErrorCode.TYPE_MISMATCH,
                place,
                "Column '%s' has type %s, which no table can store. Cast it to another type."
                        .formatted(column, type));
    }

    static TarnException notAQuery(Optional<Place> place) {
        return problem(
                ErrorCode.SQL_INVALID, place, "A query is needed here: SELECT, FROM or VALUES.");
    }

    static TarnException severalStatements(Optional<Place> place) {
        return problem(
                ErrorCode.SQL_INVALID,
                place,
                "One query is needed here, and there are several statements. Keep the first.");
    }

    static TarnException doubleColumn(String column, Optional<Place> place) {
        return problem(
                ErrorCode.SQL_INVALID,
                place,
                "Column '%s' is there twice. Give one of the two another name with AS."
                        .formatted(column));
    }

    static TarnException nestedVariant(String column, Optional<Place> place) {
        return problem(
                ErrorCode.UNSUPPORTED,
                place,
                "Column '%1$s' holds a VARIANT in a struct, a list or a map, and only whole columns can be written as VARIANT. Make all of it one: %1$s::variant."
                        .formatted(column));
    }

    static TarnException missingRequired(String column, Optional<Place> place) {
        return problem(
                ErrorCode.TYPE_MISMATCH,
                place,
                "Column '%s' is required by the table, and the query does not have it. Add it."
                        .formatted(column));
    }

    static TarnException extraColumns(
            List<String> columns, List<String> known, Optional<Place> place) {
        String list = columns.stream().map(c -> "'" + c + "'").collect(Collectors.joining(", "));
        String hint = columns.size() == 1 ? Suggestion.hint(columns.getFirst(), known) : "";
        return problem(
                ErrorCode.TYPE_MISMATCH,
                place,
                "The table has no %s %s of the query.%s Its columns are %s."
                        .formatted(
                                columns.size() == 1 ? "column" : "columns",
                                list,
                                hint,
                                String.join(", ", known)));
    }

    static TarnException nullsInRequired(String column, long rows, Optional<Place> place) {
        return problem(
                ErrorCode.DATA_INVALID,
                place,
                "Column '%s' is required, and it is null in %s. Filter or fill these rows."
                        .formatted(column, rows == 1 ? "1 row" : rows + " rows"));
    }

    static TarnException endless(Field field, Optional<Place> place) {
        return problem(
                ErrorCode.DATA_INVALID,
                place,
                "Column '%s' is %s and cannot hold infinity in a table. Write null instead, with nullif for example, or a date that is far away."
                        .formatted(field.name(), field.type().sql()));
    }

    static TarnException ambiguousMerge(
            TableName table, List<String> keys, String values, long rows, long more) {
        return new TarnException(
                ErrorCode.MERGE_AMBIGUOUS,
                "The query has %d rows with the key (%s) = (%s) of %s%s. Keep one row per key."
                        .formatted(
                                rows,
                                String.join(", ", keys),
                                values,
                                table,
                                more == 0
                                        ? ""
                                        : more == 1
                                                ? ", and 1 more key is there more than once"
                                                : ", and "
                                                        + more
                                                        + " more keys are there more than once"));
    }

    static TarnException notATable(TableName name) {
        return new TarnException(
                ErrorCode.UNSUPPORTED,
                "%s is not a table with rows of its own, so none can be replaced.".formatted(name));
    }

    static TarnException keyNotFound(String key, String where, Collection<String> columns) {
        return new TarnException(
                ErrorCode.COLUMN_NOT_FOUND,
                "Key column '%s' does not exist in %s.%s"
                        .formatted(key, where, Suggestion.hint(key, columns)));
    }

    static TarnException badValue(String column, String type, Object value, Throwable cause) {
        return new TarnException(
                ErrorCode.DATA_INVALID,
                "Value '%s' of Java type %s does not fit column '%s' of type %s."
                        .formatted(value, value.getClass().getSimpleName(), column, type),
                cause);
    }

    static TarnException notUtf8(String column) {
        return new TarnException(
                ErrorCode.DATA_INVALID,
                "A value of column '%s' is not UTF-8, and only UTF-8 is text.".formatted(column));
    }

    static TarnException rowWidth(int values, int columns) {
        return new TarnException(
                ErrorCode.DATA_INVALID,
                "A row has %d values, and the table %d columns.".formatted(values, columns));
    }

    static TarnException problem(ErrorCode code, Optional<Place> place, String message) {
        return new TarnException(new Problem(code, place, message));
    }
}
