package dev.tarn.state;

import dev.tarn.model.PublicationId;
import dev.tarn.model.RefName;
import dev.tarn.model.RunId;
import dev.tarn.model.catalog.Change;
import dev.tarn.model.catalog.CommitRequest;
import dev.tarn.model.catalog.CommitResult;
import dev.tarn.model.catalog.CommitResult.Conflict;
import dev.tarn.model.catalog.EntryKey;
import dev.tarn.model.catalog.Publication;
import dev.tarn.model.catalog.Versioned;
import dev.tarn.model.run.RunStatus;
import dev.tarn.spi.CatalogErrors;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One commit, inside its transaction. */
final class Commit {
    /** Keys looked up by one query; far below what databases take as parameters. */
    private static final int CHUNK = 200;

    private static final String CURRENT =
            Chain.SQL
                    + """
                    , wanted (kind, name) AS (VALUES %s)
                    , shown AS (
                        SELECT w.kind, w.name, e.value, e.publication,
                            row_number() OVER (PARTITION BY w.kind, w.name ORDER BY c.depth) AS pick
                        FROM wanted w CROSS JOIN chain c CROSS JOIN entries e
                        WHERE e.ref = c.ref AND e.kind = w.kind AND e.name = w.name
                            AND e.publication = (
                                SELECT max(x.publication) FROM entries x
                                WHERE x.ref = c.ref AND x.kind = w.kind AND x.name = w.name
                                    AND x.publication <= c.upto)
                    )
                    SELECT s.kind, s.name, s.value, s.publication, p.run
                    FROM shown s LEFT JOIN publications p ON p.id = s.publication
                    WHERE s.pick = 1
                    """;

    private final Session session;
    private final CommitRequest request;
    private final Clock clock;

    Commit(Session session, CommitRequest request, Clock clock) {
        this.session = session;
        this.request = request;
        this.clock = clock;
    }

    /** The last version of an entry that the ref shows, dropped or not. */
    private record Current(
            EntryKey key,
            Optional<Versioned> value,
            PublicationId publication,
            Optional<RunId> run) {}

    private record Counters(long publication, Instant publishedAt) {}

    CommitResult apply() throws SQLException {
        Counters last =
                session.first(
                                "UPDATE counters SET ref = ref RETURNING publication, published_at",
                                row ->
                                        new Counters(
                                                row.number("publication"),
                                                row.time("published_at")))
                        .orElseThrow();
        Chain.State head = new Chain.State(writableRef(), last.publication());
        checkRun();
        List<Conflict> conflicts = conflicts(head);
        if (!conflicts.isEmpty()) {
            return new CommitResult.Conflicted(conflicts);
        }
        Instant now = clock.instant();
        Publication publication =
                new Publication(
                        new PublicationId(last.publication() + 1),
                        request.ref(),
                        request.run(),
                        now.isBefore(last.publishedAt()) ? last.publishedAt() : now,
                        request.message(),
                        request.changes().size());
        write(head.ref(), publication);
        return new CommitResult.Published(publication);
    }

    private long writableRef() throws SQLException {
        record Found(long id, String kind) {}
        RefName name = request.ref();
        Found found =
                session.first(
                                "SELECT id, kind FROM refs WHERE name = ?",
                                row -> new Found(row.number("id"), row.text("kind")),
                                name.value())
                        .orElse(null);
        if (found == null) {
            throw CatalogErrors.refNotFound(name, RefTable.names(session));
        }
        if (found.kind().equals("tag")) {
            throw CatalogErrors.tagIsFixed(name);
        }
        return found.id();
    }

    private void checkRun() throws SQLException {
        if (request.run().isEmpty()) {
            return;
        }
        boolean needed =
                request.endsRun() || !request.verdicts().isEmpty() || !request.lineage().isEmpty();
        RunId id = request.run().get();
        String status =
                session.first(
                                "SELECT status FROM runs WHERE id = ?",
                                row -> row.text("status"),
                                id.value())
                        .orElse("");
        if (needed && status.isEmpty()) {
            throw CatalogErrors.runNotFound(id);
        }
        // What a lost run left may have been cleaned up already.
        if (status.equals("lost") || (request.endsRun() && !status.equals("running"))) {
            throw CatalogErrors.runHasEnded(id, RunStatus.valueOf(status.toUpperCase(Locale.ROOT)));
        }
    }

    private List<Conflict> conflicts(Chain.State head) throws SQLException {
        List<Change> conditional =
                request.changes().stream()
                        .filter(c -> !(c.expected() instanceof Change.Expected.Anything))
                        .toList();
        Map<EntryKey, Current> current = new HashMap<>();
        for (int i = 0; i < conditional.size(); i += CHUNK) {
            List<Change> chunk = conditional.subList(i, Math.min(i + CHUNK, conditional.size()));
            for (Current c : current(head, chunk)) {
                current.put(c.key(), c);
            }
        }
        List<Conflict> conflicts = new ArrayList<>();
        for (Change change : conditional) {
            Current now = current.get(change.key());
            if (!isMet(change.expected(), now)) {
                conflicts.add(conflict(change.key(), now));
            }
        }
        return conflicts;
    }

    private List<Current> current(Chain.State head, List<Change> changes) throws SQLException {
        List<@Nullable Object> parameters = new ArrayList<>();
        parameters.add(head.upto());
        parameters.add(head.ref());
        for (Change change : changes) {
            parameters.add(Chain.kind(change.key().kind()));
            parameters.add(change.key().name());
        }
        String places = String.join(", ", Collections.nCopies(changes.size(), "(?, ?)"));
        return session.query(
                CURRENT.formatted(places),
                row -> {
                    EntryKey key = Chain.key(row);
                    return new Current(
                            key,
                            Chain.versioned(key, row),
                            new PublicationId(row.number("publication")),
                            row.maybeText("run").map(RunId::new));
                },
                parameters.toArray());
    }

    private static boolean isMet(Change.Expected expected, @Nullable Current now) {
        Optional<Versioned> value = now == null ? Optional.empty() : now.value();
        return switch (expected) {
            case Change.Expected.Anything a -> true;
            case Change.Expected.Absent a -> value.isEmpty();
            case Change.Expected.Version v ->
                    value.isPresent() && value.get().version().equals(v.version());
        };
    }

    private static Conflict conflict(EntryKey key, @Nullable Current now) {
        return now == null
                ? new Conflict(key, Optional.empty(), new PublicationId(0), Optional.empty())
                : new Conflict(key, now.value(), now.publication(), now.run());
    }

    private void write(long ref, Publication publication) throws SQLException {
        long id = publication.id().value();
        session.update(
                "UPDATE counters SET publication = ?, published_at = ?",
                id,
                Times.nanos(publication.at()));
        session.update(
                "INSERT INTO publications (id, ref, run, published_at, message, changes)"
                        + " VALUES (?, ?, ?, ?, ?, ?)",
                id,
                ref,
                publication.run().map(RunId::value).orElse(null),
                Times.nanos(publication.at()),
                publication.message(),
                publication.changes());
        writeEntries(ref, id);
        if (ref == SqlOutbox.MAIN) {
            SqlOutbox.add(
                    session,
                    id,
                    request.changes().stream()
                            .map(Change::key)
                            .filter(key -> key.kind() == EntryKey.Kind.RELATION)
                            .toList());
        }
        if (request.run().isPresent()) {
            RunId run = request.run().get();
            RunRows.writeVerdicts(session, run, request.verdicts());
            RunRows.writeLineage(session, run, request.lineage());
            if (request.endsRun()) {
                endRun(run, publication);
            }
        }
    }

    private void writeEntries(long ref, long publication) throws SQLException {
        List<@Nullable Object[]> replaced = new ArrayList<>();
        List<@Nullable Object[]> written = new ArrayList<>();
        for (Change change : request.changes()) {
            String kind = Chain.kind(change.key().kind());
            String name = change.key().name();
            replaced.add(new @Nullable Object[] {publication, ref, kind, name, Chain.NEVER});
            written.add(
                    new @Nullable Object[] {
                        ref,
                        kind,
                        name,
                        publication,
                        Chain.NEVER,
                        change.next().map(EntryJson::write).orElse(null)
                    });
        }
        session.batch(
                "UPDATE entries SET replaced = ?"
                        + " WHERE ref = ? AND kind = ? AND name = ? AND replaced = ?",
                replaced);
        session.batch(
                "INSERT INTO entries (ref, kind, name, publication, replaced, value)"
                        + " VALUES (?, ?, ?, ?, ?, ?)",
                written);
    }

    private void endRun(RunId run, Publication publication) throws SQLException {
        int ended =
                session.update(
                        "UPDATE runs SET status = 'published', finished_at = ?, publication = ?"
                                + " WHERE id = ? AND status = 'running'",
                        Times.nanos(clock.instant()),
                        publication.id().value(),
                        run.value());
        if (ended == 0) {
            // Somebody declared it lost since it was checked.
            throw CatalogErrors.runHasEnded(run, RunStatus.LOST);
        }
    }
}
