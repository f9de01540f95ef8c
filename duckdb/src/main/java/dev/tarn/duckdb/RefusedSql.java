package dev.tarn.duckdb;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.Place;
import dev.tarn.model.TableName;
import dev.tarn.model.TarnException;
import java.util.Collection;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** What is said to somebody whose SQL may not run, and what to do instead. */
final class RefusedSql {
    private RefusedSql() {}

    static TarnException notAQuery(Optional<Place> place) {
        return refused(
                place,
                "Only queries can run here: SELECT, FROM, VALUES, WITH, DESCRIBE or SUMMARIZE. To"
                        + " change data, change a model and build it.");
    }

    static TarnException severalStatements(int count, Optional<Place> place) {
        return refused(
                place,
                count == 0
                        ? "There is no query. Write one, such as FROM schema.table."
                        : "One query can run at a time, and these are %d. Run them one by one."
                                .formatted(count));
    }

    static TarnException function(String name, Optional<Place> place) {
        String lower = name.toLowerCase(Locale.ROOT);
        String instead =
                lower.startsWith("read_")
                                || lower.contains("parquet")
                                || lower.contains("glob")
                                || lower.contains("sniff")
                        ? "To read files, declare them as a source and run `tarn ingest`."
                        : lower.startsWith("duckdb_") || lower.startsWith("pragma_")
                                ? "To see tables and columns, use `tarn tables` and `tarn show`."
                                : "Query tables with plain functions.";
        return refused(
                place, "Function '%s' is not allowed in queries. %s".formatted(name, instead));
    }

    static TarnException table(String name, Optional<Place> place) {
        if (AccessCheck.looksLikeFile(name)) {
            return refused(
                    place,
                    ("'%s' is a file, and files are not queried. Declare it as a source, run"
                                    + " `tarn ingest`, and query its table.")
                            .formatted(name));
        }
        return refused(
                place,
                "'%s' is no table of the warehouse. `tarn tables` lists those there are."
                        .formatted(name));
    }

    static TarnException show(Optional<Place> place) {
        return refused(
                place,
                "SHOW is not allowed in queries. Use `tarn tables`, or DESCRIBE schema.table.");
    }

    static TarnException timeTravel(Optional<Place> place) {
        return refused(
                place, "AT is not allowed on a table. Use `tarn query --at` for the whole query.");
    }

    static TarnException parameter(Optional<Place> place) {
        return refused(place, "The query has a parameter without a value. Write the value.");
    }

    static TarnException construct(String kind, Optional<Place> place) {
        return refused(
                place,
                "This part of the query (%s) is not allowed. Use plain SELECT."
                        .formatted(kind.toLowerCase(Locale.ROOT).replace('_', ' ')));
    }

    /** A function that is not written in the query but comes of it, mostly through views. */
    static TarnException hidden(String name, Collection<TableName> views, Optional<Place> place) {
        return refused(
                place,
                "Function '%s' is not allowed in queries, and this one comes to it%s"
                        .formatted(name, instead(views)));
    }

    /** A query whose plan cannot be looked at is not run. */
    static TarnException untold(String reason, Collection<TableName> views, Optional<Place> place) {
        return refused(
                place,
                "What this query reads cannot be checked (%s)%s"
                        .formatted(reason.lines().findFirst().orElse(""), instead(views)));
    }

    private static String instead(Collection<TableName> views) {
        if (views.isEmpty()) {
            return ". Query tables with plain functions.";
        }
        String names = views.stream().map(TableName::toString).collect(Collectors.joining(", "));
        return views.size() == 1
                ? ": it reads the view %s. Make that a table to query it.".formatted(names)
                : ": it reads the views %s. Make those tables to query them.".formatted(names);
    }

    static TarnException execute() {
        return refused(
                Optional.empty(),
                "This session is for queries only, so it takes no statements of the engine.");
    }

    private static TarnException refused(Optional<Place> place, String message) {
        return EngineErrors.problem(ErrorCode.SQL_REFUSED, place, message);
    }
}
