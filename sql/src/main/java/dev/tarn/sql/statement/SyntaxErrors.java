package dev.tarn.sql.statement;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.Problem;
import dev.tarn.model.Suggestion;
import dev.tarn.model.TarnException;
import dev.tarn.model.graph.SqlText;
import java.util.List;

/** What is said about statements that cannot be read. */
final class SyntaxErrors {
    private SyntaxErrors() {}

    static TarnException unended(SqlText text, int offset, String what) {
        return told(
                ErrorCode.SQL_SYNTAX,
                text,
                offset,
                "The %s that begins here does not end.".formatted(what));
    }

    static TarnException expected(SqlText text, int offset, String wanted, String found) {
        return told(
                ErrorCode.SQL_SYNTAX,
                text,
                offset,
                "Here %s is expected, not %s.".formatted(wanted, shown(found)));
    }

    static TarnException unknownStatement(
            SqlText text, int offset, String found, List<String> known) {
        return told(
                ErrorCode.UNSUPPORTED,
                text,
                offset,
                "%s begins no statement that can be executed.%s What can: %s."
                        .formatted(
                                shown(found),
                                found.equalsIgnoreCase("copy")
                                        ? " Files are written by models with materialized='external'."
                                        : Suggestion.hint(found, known),
                                String.join(", ", known)));
    }

    static TarnException unsupported(SqlText text, int offset, String what, String instead) {
        return told(
                ErrorCode.UNSUPPORTED,
                text,
                offset,
                "%s cannot be executed. %s".formatted(what, instead));
    }

    static TarnException told(ErrorCode code, SqlText text, int offset, String message) {
        return new TarnException(
                text.locate(offset)
                        .map(p -> Problem.at(code, p, message))
                        .orElseGet(() -> Problem.of(code, message)));
    }

    private static String shown(String found) {
        return found.isEmpty() ? "the end" : "'" + found + "'";
    }
}
