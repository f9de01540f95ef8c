package dev.tarn.state;

import dev.tarn.model.AsOf;
import dev.tarn.model.PublicationId;
import dev.tarn.model.RefName;
import dev.tarn.model.RunId;
import dev.tarn.model.catalog.Entry;
import dev.tarn.model.catalog.EntryKey;
import dev.tarn.model.catalog.Publication;
import dev.tarn.model.catalog.RefChange;
import dev.tarn.model.catalog.Versioned;
import dev.tarn.spi.Catalog;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Looks along and across refs. */
final class History {
    private static final String CHANGES =
            Chain.SQL
                    + """
                    , own AS (
                        SELECT e.kind, e.name, e.value
                        FROM chain c CROSS JOIN entries e
                        WHERE c.depth = 0 AND e.ref = c.ref
                            AND e.publication <= c.upto AND e.replaced > c.upto
                    ), base AS (
                        SELECT o.kind, o.name, e.value, e.publication,
                            row_number() OVER (PARTITION BY o.kind, o.name ORDER BY c.depth) AS pick
                        FROM own o CROSS JOIN chain c CROSS JOIN entries e
                        WHERE c.depth > 0 AND e.ref = c.ref
                            AND e.kind = o.kind AND e.name = o.name
                            AND e.publication <= c.upto AND e.replaced > c.upto
                    )
                    SELECT o.kind, o.name, o.value AS own, b.value, b.publication
                    FROM own o LEFT JOIN base b
                        ON b.kind = o.kind AND b.name = o.name AND b.pick = 1
                    """;

    private static final String PUBLICATION =
            """
            SELECT p.id, r.name AS ref, p.run, p.published_at, p.message, p.changes
            """;

    private static final String PUBLICATIONS =
            Chain.SQL
                    + PUBLICATION
                    + """
                    FROM chain c CROSS JOIN publications p JOIN refs r ON r.id = p.ref
                    WHERE p.ref = c.ref AND p.id <= c.upto
                    ORDER BY p.id DESC LIMIT ?
                    """;

    private static final String VERSIONS =
            Chain.SQL
                    + PUBLICATION
                    + """
                    , e.value, e.publication
                    FROM chain c CROSS JOIN entries e
                        JOIN publications p ON p.id = e.publication JOIN refs r ON r.id = p.ref
                    WHERE e.ref = c.ref AND e.publication <= c.upto AND e.kind = ? AND e.name = ?
                    ORDER BY e.publication DESC LIMIT ?
                    """;

    private static final String REACHABLE =
            Chain.EVERY
                    + """
                    SELECT e.kind, e.name, e.value, e.publication FROM entries e
                    WHERE e.kind = 'relation' AND e.value IS NOT NULL
                        AND (e.replaced > ? OR EXISTS (
                            SELECT 1 FROM chain c
                            WHERE c.ref = e.ref AND e.publication <= c.upto AND e.replaced > c.upto))
                    ORDER BY e.name, e.publication
                    """;

    private History() {}

    static List<RefChange> changes(Session session, RefName name) throws SQLException {
        Chain.State head = Chain.state(session, name, AsOf.head());
        return session.query(CHANGES, History::change, head.upto(), head.ref()).stream()
                .filter(c -> !c.own().equals(c.base().map(Versioned::entry)))
                .sorted(Comparator.comparing(RefChange::key))
                .toList();
    }

    private static RefChange change(Row row) throws SQLException {
        EntryKey key = Chain.key(row);
        return new RefChange(
                key,
                Chain.versioned(key, row),
                row.maybeText("own").map(text -> EntryJson.read(key.toString(), text)));
    }

    static List<Publication> publications(Session session, RefName name, int limit)
            throws SQLException {
        Chain.State head = Chain.state(session, name, AsOf.head());
        return session.query(PUBLICATIONS, History::publication, head.upto(), head.ref(), limit);
    }

    static List<Catalog.EntryVersion> versions(
            Session session, RefName name, EntryKey key, int limit) throws SQLException {
        Chain.State head = Chain.state(session, name, AsOf.head());
        return session.query(
                VERSIONS,
                row -> new Catalog.EntryVersion(publication(row), Chain.versioned(key, row)),
                head.upto(),
                head.ref(),
                Chain.kind(key.kind()),
                key.name(),
                limit);
    }

    static List<Versioned> reachable(Session session, PublicationId since) throws SQLException {
        return session
                .query(REACHABLE, row -> Chain.versioned(Chain.key(row), row), since.value())
                .stream()
                .flatMap(Optional::stream)
                .filter(v -> v.entry() instanceof Entry.Table || v.entry() instanceof Entry.View)
                .toList();
    }

    private static Publication publication(Row row) throws SQLException {
        return new Publication(
                new PublicationId(row.number("id")),
                new RefName(row.text("ref")),
                row.maybeText("run").map(RunId::new),
                row.time("published_at"),
                row.text("message"),
                Math.toIntExact(row.number("changes")));
    }
}
