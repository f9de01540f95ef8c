package dev.tarn.app;

import dev.tarn.model.AsOf;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.PublicationId;
import dev.tarn.model.TarnException;
import dev.tarn.model.catalog.EntryKey;
import dev.tarn.model.catalog.Publication;
import dev.tarn.model.catalog.Versioned;
import dev.tarn.model.graph.FeedSpec;
import dev.tarn.model.graph.SqlText;
import dev.tarn.model.table.Schema;
import dev.tarn.model.table.Type;
import dev.tarn.refs.ChangeFeed;
import dev.tarn.refs.ChangedRows;
import dev.tarn.run.Cancellation;
import dev.tarn.run.CatalogRelations;
import dev.tarn.spi.Catalog.EntryVersion;
import dev.tarn.spi.CatalogView;
import dev.tarn.spi.Engine;
import dev.tarn.spi.EngineSession;
import dev.tarn.spi.OpenOutlet;
import dev.tarn.spi.OpenOutlet.Change;
import dev.tarn.spi.OpenOutlet.Kind;
import dev.tarn.spi.QueryResult;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a feed is told next: the whole table at first, then what its versions changed. */
final class FeedSteps {
    private static final int VERSIONS_SEARCHED = 100_000;

    /** Versions that are told in one step. */
    private static final int MOST_VERSIONS = 50;

    private static final int CHECKED_ROWS = 1000;

    private final Wiring wiring;

    FeedSteps(Wiring wiring) {
        this.wiring = wiring;
    }

    /**
     * A step.
     *
     * @param from the publication whose state was told; empty when the table is told as it is
     */
    record Step(FeedPosition position, Optional<Long> from, Publication last) {
        long upTo() {
            return last.id().value();
        }
    }

    /** Sees to it that there is a table with the key. */
    void require(FeedSpec feed) {
        Schema schema = schema(feed, view(AsOf.head())).orElseThrow(() -> FeedErrors.noTable(feed));
        for (String column : feed.key()) {
            if (schema.find(column).isEmpty()) {
                throw FeedErrors.noColumn(feed, column, schema);
            }
        }
    }

    private CatalogView view(AsOf asOf) {
        return wiring.catalog().read(Feeds.REF, asOf);
    }

    private Optional<Schema> schema(FeedSpec feed, CatalogView view) {
        return view.find(EntryKey.of(feed.table()))
                .flatMap(Versioned::pointer)
                .map(p -> wiring.tables().state(p).definition().schema());
    }

    /** A position that was kept. */
    FeedPosition position(FeedSpec feed, String text) {
        FeedPosition position =
                FeedPosition.parse(text).orElseThrow(() -> FeedErrors.badPosition(feed, text));
        if (!position.table().equals(feed.table().toString())) {
            throw FeedErrors.otherTable(feed, position.table());
        }
        return position;
    }

    /** What comes behind a position; empty when everything has been told. */
    Optional<Step> next(FeedSpec feed, Optional<FeedPosition> told) {
        List<EntryVersion> newest = versions(feed, 1);
        if (newest.isEmpty()) {
            throw FeedErrors.noTable(feed);
        }
        Publication head = newest.getFirst().publication();
        if (told.isEmpty()) {
            return newest.getFirst().value().isEmpty()
                    ? Optional.empty()
                    : Optional.of(step(feed, Optional.empty(), head));
        }
        if (told.get().isOf(feed.table(), head)) {
            return Optional.empty();
        }
        List<EntryVersion> all = versions(feed, VERSIONS_SEARCHED);
        int at = 0;
        while (at < all.size() && !told.get().isOf(feed.table(), all.get(at).publication())) {
            at++;
        }
        if (at == all.size()) {
            throw FeedErrors.notOurs(feed, told.get());
        }
        Publication last = all.get(Math.max(0, at - MOST_VERSIONS)).publication();
        return Optional.of(step(feed, Optional.of(told.get().publication()), last));
    }

    private List<EntryVersion> versions(FeedSpec feed, int most) {
        return wiring.catalog().history(Feeds.REF, EntryKey.of(feed.table()), most);
    }

    private static Step step(FeedSpec feed, Optional<Long> from, Publication last) {
        return new Step(FeedPosition.of(feed.table(), last), from, last);
    }

    /** Tells a step; returns how many changes it has. */
    long tell(FeedSpec feed, Step step, OpenOutlet outlet, Cancellation cancellation) {
        CatalogView upTo = view(new AsOf.Publication(step.last().id()));
        try (EngineSession session = wiring.engine().open(Engine.SessionOptions.TRUSTED)) {
            cancellation.watch(session);
            try {
                long changes =
                        step.from().isEmpty()
                                ? table(feed, step, upTo, session, outlet, cancellation)
                                : changes(feed, step, upTo, session, outlet, cancellation);
                cancellation.check();
                outlet.commit(step.position().toJson());
                return changes;
            } finally {
                cancellation.release(session);
            }
        } catch (RuntimeException failure) {
            outlet.abandon();
            throw failure;
        }
    }

    private long table(
            FeedSpec feed,
            Step step,
            CatalogView view,
            EngineSession session,
            OpenOutlet outlet,
            Cancellation cancellation) {
        session.resolver(new CatalogRelations(view, wiring.tables(), wiring.past()));
        String all =
                "select * from %s.%s"
                        .formatted(
                                Type.quoted(feed.table().schema()),
                                Type.quoted(feed.table().table()));
        try (QueryResult rows = session.query(SqlText.of(all))) {
            outlet.begin(rows.schema());
            long told = 0;
            while (rows.next()) {
                outlet.tell(new Change(Kind.READ, step.upTo(), step.last().at(), null, rows.row()));
                if (++told % CHECKED_ROWS == 0) {
                    cancellation.check();
                }
            }
            return told;
        }
    }

    private long changes(
            FeedSpec feed,
            Step step,
            CatalogView upTo,
            EngineSession session,
            OpenOutlet outlet,
            Cancellation cancellation) {
        long from = step.from().orElseThrow();
        CatalogView after = view(new AsOf.Publication(new PublicationId(from)));
        ChangeFeed.Request request =
                new ChangeFeed.Request(
                        feed.table(), after, upTo, feed.key(), ChangeFeed.Grain.VERSIONS);
        try (ChangedRows rows =
                new ChangeFeed(wiring.catalog(), wiring.tables()).read(request, session)) {
            Schema columns = schema(feed, upTo).or(() -> schema(feed, after)).orElseThrow();
            outlet.begin(columns);
            return told(
                    rows,
                    rows.schema().fields().size() - columns.fields().size(),
                    outlet,
                    cancellation);
        } catch (TarnException failure) {
            throw failure.code() == ErrorCode.PUBLICATION_NOT_FOUND
                    ? FeedErrors.expired(feed, failure)
                    : failure;
        }
    }

    /** Of an updated row the old values come right before the new ones. */
    private static long told(
            ChangedRows rows, int said, OpenOutlet outlet, Cancellation cancellation) {
        long told = 0;
        List<@Nullable Object> before = List.of();
        while (rows.next()) {
            List<@Nullable Object> row = rows.row();
            List<@Nullable Object> values = row.subList(said, row.size());
            long publication = row.get(1) instanceof Number n ? n.longValue() : 0;
            Instant at = row.get(3) instanceof Instant time ? time : Instant.EPOCH;
            switch (String.valueOf(row.get(0))) {
                case "inserted" ->
                        outlet.tell(new Change(Kind.INSERTED, publication, at, null, values));
                case "deleted" ->
                        outlet.tell(new Change(Kind.DELETED, publication, at, values, null));
                case "update_before" -> {
                    before = values;
                    continue;
                }
                default -> outlet.tell(new Change(Kind.UPDATED, publication, at, before, values));
            }
            if (++told % CHECKED_ROWS == 0) {
                cancellation.check();
            }
        }
        return told;
    }
}
