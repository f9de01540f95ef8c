package dev.tarn.project;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.Place;
import dev.tarn.model.Problem;
import dev.tarn.model.Suggestion;
import dev.tarn.model.TarnException;
import dev.tarn.model.graph.Materialization;
import dev.tarn.model.graph.Materialization.Strategy;
import dev.tarn.model.graph.Node;
import dev.tarn.model.graph.RowKey;
import dev.tarn.model.graph.SqlText;
import dev.tarn.model.table.Schema;
import dev.tarn.model.table.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Looks whether what an incremental model finds old rows by is among its columns. */
final class KeyCheck {
    private final Function<SqlText, Schema> describe;

    KeyCheck(Function<SqlText, Schema> describe) {
        this.describe = describe;
    }

    /**
     * @throws TarnException with every part of the key that is not there
     */
    void check(Node.Model model, Schema columns) {
        List<Problem> problems = new ArrayList<>();
        RowKey key = model.materialization().key();
        Place place = key.written().orElse(model.common().place());
        for (String part : key.parts()) {
            Optional<String> column = RowKey.column(part);
            if (column.isPresent()) {
                missing(model, "unique_key", column.get(), columns, place).ifPresent(problems::add);
            } else {
                expression(model, part, columns, place).ifPresent(problems::add);
            }
        }
        if (model.materialization() instanceof Materialization.Incremental i
                && i.strategy() instanceof Strategy.Microbatch batches) {
            missing(
                            model,
                            "event_time",
                            batches.rules().eventTime(),
                            columns,
                            model.common().place())
                    .ifPresent(problems::add);
        }
        if (!problems.isEmpty()) {
            throw new TarnException(problems);
        }
    }

    private static Optional<Problem> missing(
            Node.Model model, String setting, String column, Schema columns, Place place) {
        return column.isBlank() || columns.find(column).isPresent()
                ? Optional.empty()
                : Optional.of(
                        Problem.at(
                                ErrorCode.COLUMN_NOT_FOUND,
                                place,
                                "%s names '%s', which is not a column of %s.%s"
                                        .formatted(
                                                setting,
                                                column,
                                                model.name(),
                                                Suggestion.hint(column, columns.names()))));
    }

    private Optional<Problem> expression(
            Node.Model model, String part, Schema columns, Place place) {
        String row =
                columns.fields().stream()
                        .map(f ->
                                "cast(null as %s) as %s"
                                        .formatted(f.type().sql(), Type.quoted(f.name())))
                        .collect(Collectors.joining(", "));
        try {
            Schema unused =
                    describe.apply(SqlText.of("select (" + part + "\n) from (select " + row + ")"));
            return Optional.empty();
        } catch (TarnException e) {
            Problem first = e.problems().getFirst();
            return Optional.of(
                    Problem.at(
                            first.code(),
                            place,
                            "unique_key of %s: %s".formatted(model.name(), first.message())));
        }
    }
}
