package dev.tarn.state;

import dev.tarn.model.AsOf;
import dev.tarn.model.PublicationId;
import dev.tarn.model.RefName;
import dev.tarn.model.catalog.EntryKey;
import dev.tarn.model.catalog.Versioned;
import dev.tarn.spi.CatalogErrors;
import dev.tarn.spi.CatalogView;
import java.sql.SQLException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A state of a ref, looked up when asked. Every answer is one query. */
final class SqlCatalogView implements CatalogView {
    // Both queries have a row even if nothing is found, so that it is noticed when the ref was
    // deleted, or its old states were forgotten.
    private static final String KEPT = " WHERE own.id = ? AND k.oldest <= ? ";

    private static final String FIND =
            Chain.SQL
                    + """
                    SELECT f.value, f.publication
                    FROM refs own CROSS JOIN counters k LEFT JOIN (
                        SELECT e.value, e.publication
                        FROM chain c CROSS JOIN entries e
                        WHERE e.ref = c.ref AND e.kind = ? AND e.name = ?
                            AND e.publication = (
                                SELECT max(x.publication) FROM entries x
                                WHERE x.ref = c.ref AND x.kind = ? AND x.name = ?
                                    AND x.publication <= c.upto)
                        ORDER BY c.depth LIMIT 1
                    ) f ON 1 = 1
                    """
                    + KEPT;

    private static final String LIST = list("s.name, s.value, s.publication");
    private static final String NAMES = list("s.name");

    private final Database database;
    private final RefName ref;
    private final Chain.State state;
    private final PublicationId asOf;

    private static String list(String columns) {
        return Chain.SQL
                + """
                , shown AS (
                    SELECT e.name, e.value, e.publication,
                        row_number() OVER (PARTITION BY e.name ORDER BY c.depth) AS pick
                    FROM chain c CROSS JOIN entries e
                    WHERE e.ref = c.ref AND e.kind = ?
                        AND e.publication <= c.upto AND e.replaced > c.upto
                        AND e.name >= ? AND substr(e.name, 1, CAST(? AS INTEGER)) = ?
                )
                SELECT\s\
                """
                + columns
                + """
                \s
                FROM refs own CROSS JOIN counters k
                    LEFT JOIN shown s ON s.pick = 1 AND s.value IS NOT NULL
                """
                + KEPT
                + "ORDER BY s.name";
    }

    SqlCatalogView(Database database, RefName ref, Chain.State state, PublicationId asOf) {
        this.database = database;
        this.ref = ref;
        this.state = state;
        this.asOf = asOf;
    }

    @Override
    public RefName ref() {
        return ref;
    }

    @Override
    public PublicationId asOf() {
        return asOf;
    }

    @Override
    public Optional<Versioned> find(EntryKey key) {
        String kind = Chain.kind(key.kind());
        return database.read(session ->
                kept(
                                session,
                                oldest ->
                                        session.query(
                                                FIND,
                                                row -> Chain.versioned(key, row),
                                                state.upto(),
                                                state.ref(),
                                                kind,
                                                key.name(),
                                                kind,
                                                key.name(),
                                                state.ref(),
                                                oldest))
                        .getFirst());
    }

    @Override
    public List<Versioned> list(EntryKey.Kind kind, String prefix) {
        return listed(LIST, row -> listed(kind, row), kind, prefix);
    }

    @Override
    public List<String> names(EntryKey.Kind kind, String prefix) {
        return listed(NAMES, row -> row.maybeText("name"), kind, prefix);
    }

    private <T> List<T> listed(
            String sql, Row.Reader<Optional<T>> reader, EntryKey.Kind kind, String prefix) {
        return database.read(session ->
                kept(
                                session,
                                oldest ->
                                        session.query(
                                                sql,
                                                reader,
                                                state.upto(),
                                                state.ref(),
                                                Chain.kind(kind),
                                                prefix,
                                                prefix.codePointCount(0, prefix.length()),
                                                prefix,
                                                state.ref(),
                                                oldest))
                        .stream()
                        .flatMap(Optional::stream)
                        .toList());
    }

    /** Publications become visible in order, so the newest one that is shown names the state. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof SqlCatalogView o
                && database.equals(o.database)
                && ref.equals(o.ref)
                && state.ref() == o.state.ref()
                && asOf.equals(o.asOf);
    }

    @Override
    public int hashCode() {
        return Objects.hash(ref, state.ref(), asOf);
    }

    private static Optional<Versioned> listed(EntryKey.Kind kind, Row row) throws SQLException {
        String name = row.textOrNull("name");
        return name == null ? Optional.empty() : Chain.versioned(new EntryKey(kind, name), row);
    }

    /** A query that gives no rows when the oldest state that is kept is newer than asked for. */
    private interface Guarded<T> {
        List<T> since(long oldest) throws SQLException;
    }

    /** The rows, unless there are none because the ref or its old states are gone. */
    private <T> List<T> kept(Session session, Guarded<T> query) throws SQLException {
        List<T> rows = query.since(state.upto());
        if (!rows.isEmpty()) {
            return rows;
        }
        if (!Chain.exists(session, state)) {
            throw CatalogErrors.viewIsGone(ref);
        }
        Chain.requireKept(session, ref, state, new AsOf.Publication(asOf));
        return query.since(Long.MAX_VALUE);
    }
}
