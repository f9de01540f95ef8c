package dev.tarn.duckdb;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.Place;
import dev.tarn.model.PointInTime;
import dev.tarn.model.RefName;
import dev.tarn.model.RunId;
import dev.tarn.model.TarnException;
import dev.tarn.model.graph.SqlText;
import dev.tarn.sql.statement.TimeTravel.Wanted;
import dev.tarn.sql.statement.Token;
import dev.tarn.sql.statement.Tokens;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Reads what queries say about the time at which they want a table. */
final class PastTables {
    /** With nothing but these, an expression cannot reach anything but the clock. */
    private static final Set<String> HARMLESS =
            Set.of(
                    "timestamp",
                    "timestamptz",
                    "date",
                    "interval",
                    "now",
                    "current_timestamp",
                    "current_date",
                    "today",
                    "cast",
                    "as",
                    "second",
                    "seconds",
                    "minute",
                    "minutes",
                    "hour",
                    "hours",
                    "day",
                    "days",
                    "week",
                    "weeks",
                    "month",
                    "months",
                    "year",
                    "years");

    private final StatementRunner runner;

    PastTables(StatementRunner runner) {
        this.runner = runner;
    }

    PointInTime point(Wanted wanted) {
        return switch (wanted.unit()) {
            case VERSION -> new PointInTime.Version(number(wanted.value()));
            case TIMESTAMP -> new PointInTime.Time(time(wanted.value()));
            case REF -> {
                String text = string(wanted.value());
                yield placed(wanted, () -> new PointInTime.OnRef(new RefName(text)));
            }
            case CHANGES -> changes(wanted.value());
            case RUN -> {
                String text = string(wanted.value());
                String id = text.startsWith("run:") ? text.substring("run:".length()) : text;
                yield placed(wanted, () -> new PointInTime.OfRun(new RunId(id)));
            }
        };
    }

    /** {@code from => 3}, perhaps with {@code , to => 5}. */
    private static PointInTime changes(SqlText value) {
        var tokens = Tokens.of(value);
        boolean open = tokens.size() == 3;
        boolean both =
                tokens.size() == 7
                        && tokens.get(3).is(",")
                        && tokens.get(4).is("to")
                        && tokens.get(5).is("=>");
        if (!open && !both) {
            throw EngineErrors.noChanges(value);
        }
        try {
            return new PointInTime.Changes(
                    Long.parseLong(tokens.get(2).text()),
                    both ? Optional.of(Long.parseLong(tokens.get(6).text())) : Optional.empty());
        } catch (NumberFormatException e) {
            throw EngineErrors.noChanges(value);
        }
    }

    private static PointInTime placed(
            Wanted wanted, java.util.function.Supplier<PointInTime> point) {
        try {
            return point.get();
        } catch (TarnException e) {
            throw at(wanted, e);
        }
    }

    /** The same, told at the clause. */
    static TarnException at(Wanted wanted, TarnException failure) {
        Optional<Place> place = wanted.value().locate(0);
        return place.map(failure::at).orElse(failure);
    }

    private static long number(SqlText value) {
        try {
            return Long.parseLong(only(value, Token.Kind.NUMBER).text());
        } catch (NumberFormatException e) {
            throw EngineErrors.noVersion(value);
        }
    }

    private static String string(SqlText value) {
        return only(value, Token.Kind.TEXT).value();
    }

    private static Token only(SqlText value, Token.Kind kind) {
        var tokens = Tokens.of(value);
        if (tokens.size() != 1 || tokens.getFirst().kind() != kind) {
            throw EngineErrors.noVersion(value);
        }
        return tokens.getFirst();
    }

    private Instant time(SqlText value) {
        for (Token token : Tokens.of(value)) {
            boolean name =
                    token.isName() && !HARMLESS.contains(token.text().toLowerCase(Locale.ROOT));
            if (name) {
                throw EngineErrors.noTime(value);
            }
        }
        try {
            long micros =
                    runner.query(
                            "SELECT epoch_us(CAST((" + value.sql() + "\n) AS TIMESTAMPTZ))",
                            Source.OURS,
                            rows -> {
                                rows.next();
                                long found = rows.getLong(1);
                                return rows.wasNull() ? Long.MIN_VALUE : found;
                            });
            if (micros == Long.MIN_VALUE) {
                throw EngineErrors.noTime(value);
            }
            return Instant.ofEpochSecond(
                    Math.floorDiv(micros, 1_000_000L), Math.floorMod(micros, 1_000_000L) * 1_000L);
        } catch (TarnException e) {
            if (e.code() == ErrorCode.INTERRUPTED || e.code() == ErrorCode.TIMEOUT) {
                throw e;
            }
            throw EngineErrors.noTime(value);
        }
    }
}
