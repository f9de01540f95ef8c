package dev.tarn.sql.statement;

import dev.tarn.model.PointInTime;
import dev.tarn.model.RefName;
import dev.tarn.model.RunId;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;

/** Reads which state of a table a statement means: literals only, unlike in queries. */
final class PointParser {
    private final Cursor cursor;

    PointParser(Cursor cursor) {
        this.cursor = cursor;
    }

    /** {@code AT (VERSION => 3)}, {@code VERSION AS OF 3}, {@code TIMESTAMP AS OF '…'}. */
    PointInTime point() {
        if (cursor.skip("at")) {
            cursor.expect("(");
            PointInTime point = named();
            cursor.expect(")");
            return point;
        }
        cursor.skip("for");
        if (cursor.skip("version", "as", "of") || cursor.skip("system_version", "as", "of")) {
            // Elsewhere names of branches are versions, too.
            return cursor.peek().kind() == Token.Kind.TEXT ? ref() : version();
        }
        if (cursor.skip("timestamp", "as", "of") || cursor.skip("system_time", "as", "of")) {
            return time();
        }
        throw cursor.expected("AT (…), VERSION AS OF, TIMESTAMP AS OF or the end of the statement");
    }

    private PointInTime named() {
        if (cursor.skip("version", "=>")) {
            return version();
        }
        if (cursor.skip("timestamp", "=>")) {
            return time();
        }
        if (cursor.skip("ref", "=>")) {
            return ref();
        }
        if (cursor.skip("run", "=>")) {
            String run = cursor.string("the id of a run in quotes");
            return new PointInTime.OfRun(
                    new RunId(run.startsWith("run:") ? run.substring("run:".length()) : run));
        }
        throw cursor.expected("VERSION, TIMESTAMP, REF or RUN with =>");
    }

    private PointInTime ref() {
        return new PointInTime.OnRef(new RefName(cursor.string("the name of a ref in quotes")));
    }

    private PointInTime version() {
        String text = cursor.peek().text();
        if (!text.matches("\\d{1,18}")) {
            throw cursor.expected("the number of a version");
        }
        cursor.next();
        return new PointInTime.Version(Long.parseLong(text));
    }

    private PointInTime time() {
        cursor.skip("timestamp");
        int start = cursor.at();
        String text = cursor.string("a time in quotes");
        try {
            return new PointInTime.Time(instant(text.strip().replace(' ', 'T')));
        } catch (DateTimeException e) {
            cursor.moveTo(start);
            throw cursor.expected("a time such as '2026-11-21 10:00:00'");
        }
    }

    /** In UTC where it says nothing. */
    private static Instant instant(String text) {
        if (text.length() <= "2026-11-21".length()) {
            return LocalDate.parse(text).atStartOfDay().toInstant(ZoneOffset.UTC);
        }
        return text.matches(".*(Z|[+-]\\d\\d:\\d\\d)$")
                ? OffsetDateTime.parse(text).toInstant()
                : LocalDateTime.parse(text).toInstant(ZoneOffset.UTC);
    }
}
