package dev.tarn.run;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.TarnException;
import dev.tarn.model.graph.SqlText;
import dev.tarn.model.table.Field;
import dev.tarn.model.table.Type;
import dev.tarn.spi.QueryResult;
import dev.tarn.spi.Relation.Places;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Looks for rows that a table cannot take, and names one of them. */
final class Violations {
    private static final int COLUMNS_SHOWN = 4;
    private static final String PLACE = Places.FILE + ", " + Places.POSITION;

    private final StatementGround ground;
    private final TargetTable target;

    Violations(StatementGround ground, TargetTable target) {
        this.ground = ground;
        this.target = target;
    }

    /**
     * Values on their way into a column.
     *
     * @param values a query with one column, {@code wrong_value}: the values before they are made
     *     the column's type
     */
    record Candidate(Field field, SqlText values) {}

    /** The failure, told of the column and the value that it comes from where that can be found. */
    TarnException explain(TarnException failure, List<Candidate> candidates) {
        if (failure.code() != ErrorCode.DATA_INVALID) {
            return failure;
        }
        for (Candidate candidate : candidates) {
            Optional<String> sample = misfit(candidate);
            if (sample.isPresent()) {
                return StatementErrors.misfit(
                        ground.text(), target.name(), candidate.field(), sample.get(), failure);
            }
        }
        return failure;
    }

    private Optional<String> misfit(Candidate candidate) {
        SqlText query =
                Sql.around(
                        "select cast(wrong_value as varchar) from (\n",
                        candidate.values(),
                        "\n) where wrong_value is not null and try_cast(wrong_value as %s) is null limit 1"
                                .formatted(candidate.field().type().sql()));
        try (QueryResult rows = ground.session().query(query)) {
            return rows.next() ? Optional.of(String.valueOf(rows.value(0))) : Optional.empty();
        } catch (TarnException alsoFails) {
            return Optional.empty();
        }
    }

    /** Refuses staged rows with nulls in columns that must have values. */
    void refuseNulls(Collection<String> changed) {
        for (String name : changed) {
            Field field = target.schema().find(name).orElseThrow();
            if (field.required()) {
                String nulls =
                        " from %s where %s and %s is null"
                                .formatted(
                                        ChangedRows.STAGED, ChangedRows.WRITTEN, Type.quoted(name));
                long count = ground.count(SqlText.of("select count(*)" + nulls));
                if (count > 0) {
                    throw StatementErrors.nulls(
                            ground.text(),
                            target.name(),
                            field,
                            count,
                            sample(SqlText.of("select *" + nulls)));
                }
            }
        }
    }

    /** The first row of a query, as text. */
    Optional<String> sample(SqlText rows) {
        String columns =
                target.schema().names().stream()
                        .limit(COLUMNS_SHOWN)
                        .map(n -> Type.quoted(n) + " := " + Type.quoted(n))
                        .collect(Collectors.joining(", "));
        SqlText query =
                Sql.around(
                        "select cast(struct_pack(" + columns + ") as varchar) from (\n",
                        rows,
                        "\n) limit 1");
        try (QueryResult found = ground.session().query(query)) {
            return found.next() ? Optional.of(String.valueOf(found.value(0))) : Optional.empty();
        }
    }

    /**
     * Refuses staged rows that would change one row of the table twice.
     *
     * @param which those of them that count
     */
    void refuseDoubles(String which) {
        SqlText doubles =
                SqlText.of(
                        "select %s, count(*) from %s where %s is not null group by all having count(*) > 1 and bool_or(%s) order by all limit 1"
                                .formatted(PLACE, ChangedRows.STAGED, Places.FILE, which));
        Object file;
        Object position;
        long times;
        try (QueryResult found = ground.session().query(doubles)) {
            if (!found.next()) {
                return;
            }
            file = found.value(0);
            position = found.value(1);
            times = found.value(2) instanceof Number n ? n.longValue() : 0;
        }
        SqlText row =
                SqlText.of(
                        "select * from \"%s\".%s where %s = %s and %s = %s"
                                .formatted(
                                        target.placed().schema(),
                                        Type.quoted(target.placed().table()),
                                        Places.FILE,
                                        file,
                                        Places.POSITION,
                                        position));
        throw StatementErrors.matchedTwice(
                ground.text(), target.name(), times, sample(row).orElse("?"));
    }
}
