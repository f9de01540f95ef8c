package dev.tarn.state;

import dev.tarn.model.PublicationId;
import java.sql.SQLException;

/** Forgets what nobody can ask for any more. */
final class Trimming {
    /** Versions that ended before, and that no ref rests on. */
    private static final String UNREACHABLE =
            """
            FROM entries WHERE replaced <= ? AND NOT EXISTS (
                SELECT 1 FROM chain c
                WHERE c.ref = entries.ref
                    AND entries.publication <= c.upto AND entries.replaced > c.upto)
            """;

    private static final String UNUSED_PUBLICATIONS =
            """
            DELETE FROM publications WHERE id < ?
                AND NOT EXISTS (SELECT 1 FROM entries e WHERE e.publication = publications.id)
                AND id <> (SELECT max(p.id) FROM publications p WHERE p.ref = publications.ref)
                AND NOT EXISTS (
                    SELECT 1 FROM refs c WHERE c.parent = publications.ref
                        AND publications.id = (SELECT max(p.id) FROM publications p
                            WHERE p.ref = publications.ref AND p.id <= c.cut_at))
            """;

    private Trimming() {}

    static long count(Session session, PublicationId before) throws SQLException {
        return session.first(
                        Chain.EVERY + "SELECT count(*) AS versions " + UNREACHABLE,
                        row -> row.number("versions"),
                        before.value())
                .orElse(0L);
    }

    static long trim(Session session, PublicationId before) throws SQLException {
        session.update(
                "UPDATE counters SET oldest = CASE WHEN oldest < ? THEN ? ELSE oldest END",
                before.value(),
                before.value());
        long gone = session.update(Chain.EVERY + "DELETE " + UNREACHABLE, before.value());
        if (gone > 0) {
            session.update(UNUSED_PUBLICATIONS, before.value());
        }
        return gone;
    }
}
