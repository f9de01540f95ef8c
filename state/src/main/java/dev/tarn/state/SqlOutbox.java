package dev.tarn.state;

import dev.tarn.model.PublicationId;
import dev.tarn.model.TableName;
import dev.tarn.model.catalog.EntryKey;
import dev.tarn.model.catalog.Versioned;
import dev.tarn.model.table.TablePointer;
import dev.tarn.spi.Outbox;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The outbox as a table of names; the states themselves are the catalog's entries. */
final class SqlOutbox implements Outbox {
    /** The ref {@code main}, which is there from the first migration on. */
    static final long MAIN = 1;

    private static final String ITEMS =
            """
            SELECT o.name, o.publication, p.published_at, e.value,
                (SELECT x.value FROM entries x
                    WHERE x.ref = 1 AND x.kind = 'relation' AND x.name = o.name
                        AND x.publication < o.publication
                    ORDER BY x.publication DESC LIMIT 1) AS previous
            FROM outbox o
            JOIN publications p ON p.id = o.publication
            JOIN entries e ON e.ref = 1 AND e.kind = 'relation' AND e.name = o.name
                AND e.publication = o.publication
            ORDER BY o.publication, o.name
            """;

    private final Database database;

    SqlOutbox(Database database) {
        this.database = database;
    }

    @Override
    public List<Item> items() {
        return database.read(session -> session.query(ITEMS, SqlOutbox::item));
    }

    @Override
    public void done(List<Item> items) {
        if (items.isEmpty()) {
            return;
        }
        List<@Nullable Object[]> rows = new ArrayList<>();
        for (Item item : items) {
            rows.add(new @Nullable Object[] {item.publication().value(), item.table().toString()});
        }
        // Told twice is told right.
        database.note(session -> {
            session.batch("DELETE FROM outbox WHERE publication = ? AND name = ?", rows);
            return rows;
        });
    }

    static void add(Session session, long publication, List<EntryKey> relations)
            throws SQLException {
        List<@Nullable Object[]> rows = new ArrayList<>();
        for (EntryKey key : relations) {
            rows.add(new @Nullable Object[] {publication, key.name()});
        }
        session.batch("INSERT INTO outbox (publication, name) VALUES (?, ?)", rows);
    }

    private static Item item(Row row) throws SQLException {
        String name = row.text("name");
        return new Item(
                TableName.parse(name),
                new PublicationId(row.number("publication")),
                row.time("published_at"),
                pointer(name, row.maybeText("value")),
                pointer(name, row.maybeText("previous")));
    }

    private static Optional<TablePointer> pointer(String name, Optional<String> value) {
        return value.flatMap(text ->
                new Versioned(
                                new EntryKey(EntryKey.Kind.RELATION, name),
                                EntryJson.read(name, text),
                                new PublicationId(0))
                        .pointer());
    }
}
