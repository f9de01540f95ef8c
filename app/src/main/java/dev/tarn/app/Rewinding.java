package dev.tarn.app;

import dev.tarn.app.Rewind.Affected;
import dev.tarn.app.Rewind.Moved;
import dev.tarn.app.Rewind.Target;
import dev.tarn.ingest.BatchAccount;
import dev.tarn.ingest.FileIngest;
import dev.tarn.ingest.Landing;
import dev.tarn.model.AsOf;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.PublicationId;
import dev.tarn.model.TableName;
import dev.tarn.model.TarnException;
import dev.tarn.model.catalog.Change;
import dev.tarn.model.catalog.Change.Expected;
import dev.tarn.model.catalog.CommitRequest;
import dev.tarn.model.catalog.CommitResult;
import dev.tarn.model.catalog.Entry;
import dev.tarn.model.catalog.EntryKey;
import dev.tarn.model.catalog.Publication;
import dev.tarn.model.catalog.Versioned;
import dev.tarn.model.graph.Node;
import dev.tarn.model.table.TableState;
import dev.tarn.spi.CatalogView;
import dev.tarn.spi.OpenSource.Lag;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * Sets positions back, with or without the tables that belong to them. With them the warehouse is
 * what it was, so what is read again lands once; without them rows are read a second time.
 */
final class Rewinding {
    private final Wiring wiring;
    private final Looking looking;

    Rewinding(Wiring wiring, Looking looking) {
        this.wiring = wiring;
        this.looking = looking;
    }

    Rewind.Result rewind(
            Rewind request,
            BiFunction<Node.Source, Map<String, String>, Lag> lag,
            Function<Rewind, List<Node.Source>> select) {
        check(request);
        CatalogView now = looking.view(new At(request.ref(), AsOf.head()));
        Optional<CatalogView> then = then(request);
        List<Moved> moved = new ArrayList<>();
        List<Affected> tables = new ArrayList<>();
        List<Change> changes = new ArrayList<>();
        for (Node.Source source : select.apply(request)) {
            Map<String, Optional<String>> wanted = wanted(request, source, now, then);
            Map<String, String> after = new TreeMap<>();
            Sources.entries(source, now)
                    .forEach(v -> after.put(Sources.part(source, v.key()), text(v)));
            for (Map.Entry<String, Optional<String>> part : wanted.entrySet()) {
                EntryKey key = EntryKey.position(source.relation() + "/" + part.getKey());
                Optional<Versioned> existing = now.find(key);
                Optional<String> from = existing.map(Rewinding::text);
                part.getValue()
                        .ifPresentOrElse(
                                value -> after.put(part.getKey(), value),
                                () -> after.remove(part.getKey()));
                if (!from.equals(part.getValue())) {
                    moved.add(new Moved(source.relation(), part.getKey(), from, part.getValue()));
                    changes.add(
                            new Change(
                                    key,
                                    part.getValue().map(Entry.Position::new),
                                    Expected.of(existing)));
                }
            }
            boolean withRows = !request.keepRows();
            if (withRows) {
                changes.addAll(back(source.relation(), now, then));
                changes.addAll(back(Landing.quarantineTable(source.relation()), now, then));
                changes.addAll(back(ConnectedIngestion.loading(source), now, then));
                changes.addAll(back(BatchAccount.key(source.relation()), now, then));
            }
            tables.add(
                    new Affected(
                            source.relation(),
                            rows(source.relation(), Optional.of(now)),
                            rows(source.relation(), withRows ? then : Optional.of(now)),
                            lag.apply(source, after)));
        }
        Optional<Publication> publication =
                request.dryRun() || changes.isEmpty()
                        ? Optional.empty()
                        : Optional.of(commit(request, changes));
        return new Rewind.Result(moved, tables, publication);
    }

    private static void check(Rewind request) {
        if (request.select().isEmpty()) {
            throw usage("Say which sources are to go back: --select source:NAME.");
        }
        if (!request.parts().isEmpty() && !request.keepRows()) {
            throw usage(
                    "A table goes back as a whole, so --part needs --keep-rows: rows of the part"
                            + " are then read a second time.");
        }
        if (request.to() instanceof Target.Value && request.parts().size() != 1) {
            throw usage("A position is one of a single part. Name it with --part.");
        }
    }

    private static TarnException usage(String text) {
        return new TarnException(ErrorCode.USAGE, text);
    }

    private Optional<CatalogView> then(Rewind request) {
        return switch (request.to()) {
            case Target.State state -> Optional.of(looking.view(state.at()));
            case Target.Start start ->
                    Optional.of(
                            looking.view(
                                    new At(
                                            request.ref(),
                                            new AsOf.Publication(new PublicationId(0)))));
            case Target.Value value -> Optional.empty();
        };
    }

    /** The parts that are meant, and where they are to stand. */
    private static Map<String, Optional<String>> wanted(
            Rewind request, Node.Source source, CatalogView now, Optional<CatalogView> then) {
        Map<String, Optional<String>> wanted = new TreeMap<>();
        if (request.to() instanceof Target.Value value) {
            if (ConnectedIngestion.connector(source).isEmpty()
                    && !FileIngest.isPosition(value.value())) {
                throw usage(
                        "'%s' is no position of a file of %s. `tarn positions` shows those there are; to have a file read again, go back to the start of it: --part FILE --to start --keep-rows."
                                .formatted(value.value(), source.relation()));
            }
            wanted.put(request.parts().getFirst(), Optional.of(value.value()));
            return wanted;
        }
        Sources.entries(source, now)
                .forEach(v -> wanted.put(Sources.part(source, v.key()), Optional.empty()));
        then.ifPresent(view ->
                Sources.entries(source, view)
                        .forEach(v ->
                                wanted.put(Sources.part(source, v.key()), Optional.of(text(v)))));
        if (!request.parts().isEmpty()) {
            for (String part : request.parts()) {
                if (!wanted.containsKey(part)) {
                    throw usage(
                            "%s has no part '%s'. It has: %s."
                                    .formatted(
                                            source.relation(),
                                            part,
                                            String.join(", ", new TreeSet<>(wanted.keySet()))));
                }
            }
            wanted.keySet().retainAll(request.parts());
        }
        return wanted;
    }

    private static String text(Versioned found) {
        return found.entry() instanceof Entry.Position p ? p.value() : "";
    }

    private static List<Change> back(TableName name, CatalogView now, Optional<CatalogView> then) {
        return back(EntryKey.of(name), now, then);
    }

    private static List<Change> back(EntryKey key, CatalogView now, Optional<CatalogView> then) {
        Optional<Versioned> is = now.find(key);
        Optional<Versioned> was = then.flatMap(view -> view.find(key));
        boolean same = is.map(Versioned::entry).equals(was.map(Versioned::entry));
        return same
                ? List.of()
                : List.of(new Change(key, was.map(Versioned::entry), Expected.of(is)));
    }

    private long rows(TableName name, Optional<CatalogView> view) {
        return view.flatMap(v -> v.find(EntryKey.of(name)))
                .flatMap(Versioned::pointer)
                .flatMap(p -> wiring.tables().state(p).current())
                .map(TableState.Snapshot::totalRows)
                .orElse(0L);
    }

    private Publication commit(Rewind request, List<Change> changes) {
        String what = "rewind " + String.join(" ", request.select());
        return switch (wiring.catalog().commit(CommitRequest.of(request.ref(), changes, what))) {
            case CommitResult.Published published -> published.publication();
            case CommitResult.Conflicted moved ->
                    throw new TarnException(
                            ErrorCode.COMMIT_CONFLICT,
                            "The source was landed meanwhile; nothing went back. Stop what follows it and try again.");
        };
    }
}
