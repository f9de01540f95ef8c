package dev.tarn.state;

import dev.tarn.model.AsOf;
import dev.tarn.model.PublicationId;
import dev.tarn.model.RefName;
import dev.tarn.model.catalog.EntryKey;
import dev.tarn.model.catalog.Versioned;
import dev.tarn.spi.CatalogErrors;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Optional;

/**
 * Where reading on a ref looks: the ref up to some publication, then its parent up to the cut, and
 * so on. What a chain shows never changes, as publications become visible in the order of their
 * numbers.
 */
final class Chain {
    /** What {@code entries.replaced} holds while there is no newer version. */
    static final long NEVER = Long.MAX_VALUE;

    /**
     * The start of a query over {@code chain(ref, upto, depth)}. Its parameters: the newest
     * publication to show, and the ref's id.
     */
    static final String SQL =
            """
            WITH RECURSIVE chain (ref, parent, cut_at, upto, depth) AS (
                SELECT id, parent, cut_at, CAST(? AS BIGINT), 0 FROM refs WHERE id = ?
                UNION ALL
                SELECT r.id, r.parent, r.cut_at,
                    CASE WHEN c.cut_at < c.upto THEN c.cut_at ELSE c.upto END, c.depth + 1
                FROM chain c JOIN refs r ON r.id = c.parent
            )
            """;

    /** The same for all refs as they are now: each with every state on which another rests. */
    static final String EVERY =
            """
            WITH RECURSIVE chain (ref, parent, cut_at, upto) AS (
                SELECT r.id, r.parent, r.cut_at, k.publication FROM refs r CROSS JOIN counters k
                UNION
                SELECT r.id, r.parent, r.cut_at,
                    CASE WHEN c.cut_at < c.upto THEN c.cut_at ELSE c.upto END
                FROM chain c JOIN refs r ON r.id = c.parent
            )
            """;

    private static final String START =
            """
            SELECT r.id AS ref, k.publication AS newest, k.oldest
            FROM refs r CROSS JOIN counters k WHERE r.name = ?
            """;

    private static final String NEWEST_SHOWN =
            SQL
                    + """
                    SELECT max((SELECT max(p.id) FROM publications p
                        WHERE p.ref = c.ref AND p.id <= c.upto)) AS newest
                    FROM chain c
                    """;

    private static final String NEWEST_AT_TIME =
            SQL
                    + """
                    SELECT max((SELECT max(p.id) FROM publications p
                        WHERE p.ref = c.ref AND p.id <= c.upto AND p.published_at <= ?)) AS newest
                    FROM chain c
                    """;

    private Chain() {}

    /** One state of a ref: everything on its chain up to a publication. */
    record State(long ref, long upto) {}

    /**
     * @throws dev.tarn.model.TarnException {@code REF_NOT_FOUND}, {@code PUBLICATION_NOT_FOUND}
     */
    static State state(Session session, RefName name, AsOf at) throws SQLException {
        Start start =
                session.first(
                                START,
                                row ->
                                        new Start(
                                                new State(row.number("ref"), row.number("newest")),
                                                row.number("oldest")),
                                name.value())
                        .orElse(null);
        if (start == null) {
            throw CatalogErrors.refNotFound(name, RefTable.names(session));
        }
        State head = start.head();
        Optional<State> found =
                switch (at) {
                    case AsOf.Head h -> Optional.of(head);
                    case AsOf.Publication p ->
                            p.id().value() < 0 || p.id().value() > head.upto()
                                    ? Optional.empty()
                                    : Optional.of(new State(head.ref(), p.id().value()));
                    case AsOf.Time t -> atTime(session, start, Times.nanos(t.time()));
                };
        if (found.isPresent() && found.get().upto() < start.oldest()) {
            requireKept(session, name, found.get(), at);
        }
        return found.orElseThrow(
                () -> CatalogErrors.noSuchState(name, at, new PublicationId(head.upto())));
    }

    /** Where a ref stands, and the first publication as of which everything can be read. */
    private record Start(State head, long oldest) {}

    /** What a ref showed at a time; later than the oldest state it is at least that. */
    private static Optional<State> atTime(Session session, Start start, long nanos)
            throws SQLException {
        State head = start.head();
        Optional<Long> newest =
                session.first(
                                NEWEST_AT_TIME,
                                row -> row.maybeNumber("newest"),
                                head.upto(),
                                head.ref(),
                                nanos)
                        .flatMap(found -> found);
        if (newest.isPresent() && newest.get() < start.oldest()) {
            boolean later =
                    session.first(
                                    "SELECT max(published_at) AS at FROM publications"
                                            + " WHERE id <= ?",
                                    row -> row.maybeNumber("at"),
                                    start.oldest())
                            .flatMap(at -> at)
                            .filter(at -> at <= nanos)
                            .isPresent();
            return Optional.of(new State(head.ref(), later ? start.oldest() : newest.get()));
        }
        return newest.map(upto -> new State(head.ref(), upto));
    }

    static boolean exists(Session session, State state) throws SQLException {
        return session.first("SELECT id FROM refs WHERE id = ?", row -> true, state.ref())
                .isPresent();
    }

    /**
     * @throws dev.tarn.model.TarnException {@code PUBLICATION_NOT_FOUND} if a state is older than
     *     all that are kept, and is not one from which another ref was cut
     */
    static void requireKept(Session session, RefName name, State state, AsOf at)
            throws SQLException {
        long oldest =
                session.first("SELECT oldest FROM counters", row -> row.number("oldest"))
                        .orElse(0L);
        boolean cut =
                session.first(
                                EVERY + "SELECT ref FROM chain WHERE ref = ? AND upto = ?",
                                row -> true,
                                state.ref(),
                                state.upto())
                        .isPresent();
        if (state.upto() < oldest && !cut) {
            throw CatalogErrors.expired(name, at, new PublicationId(oldest));
        }
    }

    /** The newest publication that a state shows, 0 if there is none. */
    static PublicationId newestShown(Session session, State state) throws SQLException {
        return session.first(
                        NEWEST_SHOWN, row -> row.maybeNumber("newest"), state.upto(), state.ref())
                .flatMap(newest -> newest)
                .map(PublicationId::new)
                .orElse(new PublicationId(0));
    }

    static String kind(EntryKey.Kind kind) {
        return kind.name().toLowerCase(Locale.ROOT);
    }

    /** The key in the columns {@code kind} and {@code name}. */
    static EntryKey key(Row row) throws SQLException {
        return new EntryKey(
                EntryKey.Kind.valueOf(row.text("kind").toUpperCase(Locale.ROOT)), row.text("name"));
    }

    /** The entry in the columns {@code value} and {@code publication}, unless dropped. */
    static Optional<Versioned> versioned(EntryKey key, Row row) throws SQLException {
        PublicationId version = new PublicationId(row.number("publication"));
        return row.maybeText("value")
                .map(text -> new Versioned(key, EntryJson.read(key.toString(), text), version));
    }
}
