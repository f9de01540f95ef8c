package dev.tarn.state;

import dev.tarn.model.AsOf;
import dev.tarn.model.PublicationId;
import dev.tarn.model.RefName;
import dev.tarn.model.catalog.Ref;
import dev.tarn.spi.CatalogErrors;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The refs, without what they hold. */
final class RefTable {
    private static final String SELECT =
            """
            SELECT r.name, r.kind, p.name AS parent, r.cut_at, r.created_at,
                coalesce((SELECT max(x.id) FROM publications x WHERE x.ref = r.id), r.cut_at)
                    AS head
            FROM refs r LEFT JOIN refs p ON p.id = r.parent
            """;

    private static final String PRUNABLE =
            """
            SELECT r.name FROM refs r LEFT JOIN runs n ON r.name = 'run:' || n.id
            WHERE r.kind = 'run'
                AND coalesce(n.finished_at < ?, n.id IS NULL AND r.created_at < ?)
                AND NOT EXISTS (SELECT 1 FROM refs c WHERE c.parent = r.id)
            ORDER BY r.name
            """;

    private RefTable() {}

    static Optional<Ref> find(Session session, RefName name) throws SQLException {
        return session.first(SELECT + "WHERE r.name = ?", RefTable::ref, name.value());
    }

    static List<Ref> all(Session session) throws SQLException {
        return session.query(
                SELECT + "ORDER BY CASE WHEN r.name = 'main' THEN 0 ELSE 1 END, r.name",
                RefTable::ref);
    }

    static List<RefName> names(Session session) throws SQLException {
        return session.query("SELECT name FROM refs", RefTable::name);
    }

    static Ref create(
            Session session, RefName name, Ref.Kind kind, RefName parent, AsOf at, Instant now)
            throws SQLException {
        long id = nextId(session);
        Chain.State cut = Chain.state(session, parent, at);
        if (find(session, name).isPresent()) {
            throw CatalogErrors.refExists(name);
        }
        session.update(
                "INSERT INTO refs (id, name, kind, parent, cut_at, created_at)"
                        + " VALUES (?, ?, ?, ?, ?, ?)",
                id,
                name.value(),
                kind.name().toLowerCase(Locale.ROOT),
                cut.ref(),
                cut.upto(),
                Times.nanos(now));
        PublicationId cutAt = new PublicationId(cut.upto());
        return new Ref(name, kind, Optional.of(parent), cutAt, cutAt, now);
    }

    /** Ids are never used again, so that a view of a deleted ref cannot show another one. */
    private static long nextId(Session session) throws SQLException {
        return session.first(
                        "UPDATE counters SET ref = ref + 1 RETURNING ref", row -> row.number("ref"))
                .orElseThrow();
    }

    static void delete(Session session, RefName name) throws SQLException {
        lock(session);
        long id =
                session.first(
                                "SELECT id FROM refs WHERE name = ?",
                                row -> row.number("id"),
                                name.value())
                        .orElse(0L);
        if (id == 0) {
            throw CatalogErrors.refNotFound(name, names(session));
        }
        List<RefName> children =
                session.query("SELECT name FROM refs WHERE parent = ?", RefTable::name, id);
        if (!children.isEmpty()) {
            throw CatalogErrors.refInUse(name, children);
        }
        session.update("DELETE FROM entries WHERE ref = ?", id);
        session.update("DELETE FROM publications WHERE ref = ?", id);
        session.update("DELETE FROM refs WHERE id = ?", id);
    }

    static List<RefName> prunable(Session session, Instant endedBefore) throws SQLException {
        lock(session);
        return session.query(
                PRUNABLE, RefTable::name, Times.nanos(endedBefore), Times.nanos(endedBefore));
    }

    /** Keeps others from changing refs and entries until the transaction ends. */
    private static void lock(Session session) throws SQLException {
        session.update("UPDATE counters SET ref = ref");
    }

    private static RefName name(Row row) throws SQLException {
        return new RefName(row.text("name"));
    }

    private static Ref ref(Row row) throws SQLException {
        return new Ref(
                name(row),
                Ref.Kind.valueOf(row.text("kind").toUpperCase(Locale.ROOT)),
                row.maybeText("parent").map(RefName::new),
                new PublicationId(row.number("cut_at")),
                new PublicationId(row.number("head")),
                row.time("created_at"));
    }
}
