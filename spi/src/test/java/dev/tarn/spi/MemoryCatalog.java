package dev.tarn.spi;

import dev.tarn.model.AsOf;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.PublicationId;
import dev.tarn.model.RefName;
import dev.tarn.model.TarnException;
import dev.tarn.model.catalog.Change;
import dev.tarn.model.catalog.CommitRequest;
import dev.tarn.model.catalog.CommitResult;
import dev.tarn.model.catalog.CommitResult.Conflict;
import dev.tarn.model.catalog.Entry;
import dev.tarn.model.catalog.EntryKey;
import dev.tarn.model.catalog.Publication;
import dev.tarn.model.catalog.Ref;
import dev.tarn.model.catalog.RefChange;
import dev.tarn.model.catalog.Versioned;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A catalog in memory for the tests of other modules. It keeps the same contract as the real ones,
 * and fails on command: {@link #failCommits}, {@link #conflictNext}, {@link #loseNextOutcome},
 * {@link #beforeNextCommit}.
 */
public final class MemoryCatalog implements Catalog {
    private final Clock clock;
    private final MemoryRunLog runs = new MemoryRunLog(this);
    private final NavigableMap<RefName, MemoryLine> lines = new TreeMap<>();
    private final Deque<EntryKey> conflicting = new ArrayDeque<>();
    private long oldest;
    private long newest;
    private Instant newestAt;
    private int failing;
    private boolean losing;
    private @Nullable Runnable before;

    public MemoryCatalog(Clock clock) {
        this.clock = clock;
        this.newestAt = clock.instant();
        lines.put(RefName.MAIN, MemoryLine.main(clock.instant()));
    }

    /** The record of runs beside it. */
    public RunLog runs() {
        return runs;
    }

    /** The next commits find the catalog busy. */
    public synchronized void failCommits(int count) {
        failing = count;
    }

    /** The next commit is told that somebody else has moved these entries. */
    public synchronized void conflictNext(EntryKey... keys) {
        conflicting.addAll(List.of(keys));
    }

    /** The next commit happens, but the caller is told that its outcome is unknown. */
    public synchronized void loseNextOutcome() {
        losing = true;
    }

    /** Something that happens right before the next commit, such as another one. */
    public synchronized void beforeNextCommit(Runnable action) {
        before = action;
    }

    @Override
    public synchronized Ref ref(RefName name) {
        return line(name).ref();
    }

    @Override
    public synchronized List<Ref> refs() {
        Comparator<Ref> mainFirst = Comparator.comparing(r -> !r.name().equals(RefName.MAIN));
        return lines.values().stream()
                .map(MemoryLine::ref)
                .sorted(mainFirst.thenComparing(Ref::name))
                .toList();
    }

    @Override
    public synchronized Ref create(RefName name, Ref.Kind kind, RefName parent, AsOf at) {
        if (name.isRun() != (kind == Ref.Kind.RUN)) {
            throw CatalogErrors.kindMismatch(name);
        }
        long cut = moment(parent, at);
        if (lines.containsKey(name)) {
            throw CatalogErrors.refExists(name);
        }
        MemoryLine line = line(parent).cut(name, kind, cut, clock.instant());
        lines.put(name, line);
        return line.ref();
    }

    @Override
    public synchronized void delete(RefName name) {
        if (name.equals(RefName.MAIN)) {
            throw CatalogErrors.mainStays();
        }
        line(name);
        List<RefName> children = children(name);
        if (!children.isEmpty()) {
            throw CatalogErrors.refInUse(name, children);
        }
        lines.remove(name);
    }

    private List<RefName> children(RefName name) {
        return lines.values().stream()
                .map(MemoryLine::ref)
                .filter(r -> r.parent().equals(Optional.of(name)))
                .map(Ref::name)
                .toList();
    }

    @Override
    public synchronized List<RefName> pruneRuns(Instant endedBefore) {
        List<RefName> pruned =
                lines.values().stream()
                        .map(MemoryLine::ref)
                        .filter(r -> r.kind() == Ref.Kind.RUN && children(r.name()).isEmpty())
                        .filter(r -> runs.endedBefore(r, endedBefore))
                        .map(Ref::name)
                        .toList();
        pruned.forEach(lines::remove);
        return pruned;
    }

    @Override
    public synchronized CatalogView read(RefName name, AsOf at) {
        MemoryLine line = line(name);
        long moment = moment(name, at);
        return new MemoryView(this, line, moment, line.newestShown(moment), line.state(moment));
    }

    @Override
    public synchronized long trimmable(PublicationId before) {
        return lines.values().stream()
                .mapToLong(line -> line.unneeded(before.value(), needed(line.name())).size())
                .sum();
    }

    @Override
    public synchronized long trim(PublicationId before) {
        oldest = Math.max(oldest, before.value());
        return lines.values().stream()
                .mapToLong(line -> line.trim(before.value(), needed(line.name())))
                .sum();
    }

    /** The moments of a ref on which others rest. */
    private Set<Long> needed(RefName name) {
        Set<Long> needed = new HashSet<>();
        for (MemoryLine line : lines.values()) {
            long upto = newest;
            Ref ref = line.ref();
            while (ref.parent().isPresent()) {
                upto = Math.min(upto, ref.cutAt().value());
                ref = line(ref.parent().get()).ref();
                if (ref.name().equals(name)) {
                    needed.add(upto);
                }
            }
        }
        return needed;
    }

    private synchronized void requireKept(RefName name, long moment, AsOf at) {
        if (moment < oldest && !needed(name).contains(moment)) {
            throw CatalogErrors.expired(name, at, new PublicationId(oldest));
        }
    }

    /** Whether a line is still there, and not another one of its name. */
    synchronized boolean holds(MemoryLine line) {
        return lines.get(line.name()) == line;
    }

    private long moment(RefName name, AsOf at) {
        MemoryLine line = line(name);
        Optional<Long> found =
                switch (at) {
                    case AsOf.Head h -> Optional.of(newest);
                    case AsOf.Publication p ->
                            Optional.of(p.id().value()).filter(v -> v >= 0 && v <= newest);
                    case AsOf.Time t ->
                            line.newestAt(t.time())
                                    .map(m -> m < oldest && isPast(t.time()) ? oldest : m);
                };
        found.ifPresent(moment -> requireKept(name, moment, at));
        return found.orElseThrow(
                () -> CatalogErrors.noSuchState(name, at, new PublicationId(newest)));
    }

    /** Whether a time is later than the oldest state that is kept. */
    private boolean isPast(Instant time) {
        return lines.values().stream()
                .flatMap(line -> line.publications().stream())
                .filter(p -> p.id().value() <= oldest)
                .noneMatch(p -> p.at().isAfter(time));
    }

    private MemoryLine line(RefName name) {
        MemoryLine line = lines.get(name);
        if (line == null) {
            throw CatalogErrors.refNotFound(name, lines.keySet());
        }
        return line;
    }

    @Override
    public CommitResult commit(CommitRequest request) {
        Runnable first = takeBefore();
        if (first != null) {
            first.run();
        }
        return commitNow(request);
    }

    private synchronized @Nullable Runnable takeBefore() {
        Runnable taken = before;
        before = null;
        return taken;
    }

    private synchronized CommitResult commitNow(CommitRequest request) {
        if (failing > 0) {
            failing--;
            throw new TarnException(ErrorCode.CATALOG_BUSY, "The catalog was told to be busy.");
        }
        MemoryLine line = line(request.ref());
        if (line.ref().kind() == Ref.Kind.TAG) {
            throw CatalogErrors.tagIsFixed(request.ref());
        }
        runs.check(request);
        List<Conflict> conflicts = conflicts(line, request);
        if (!conflicts.isEmpty()) {
            return new CommitResult.Conflicted(conflicts);
        }
        Instant now = clock.instant();
        newestAt = now.isBefore(newestAt) && newest > 0 ? newestAt : now;
        newest++;
        Publication publication =
                new Publication(
                        new PublicationId(newest),
                        request.ref(),
                        request.run(),
                        newestAt,
                        request.message(),
                        request.changes().size());
        line.publish(publication, request.changes());
        runs.publish(request, publication, now);
        if (losing) {
            losing = false;
            throw new TarnException(
                    ErrorCode.COMMIT_OUTCOME_UNKNOWN, "The catalog was told to lose the outcome.");
        }
        return new CommitResult.Published(publication);
    }

    private List<Conflict> conflicts(MemoryLine line, CommitRequest request) {
        Set<EntryKey> told = new HashSet<>(conflicting);
        conflicting.clear();
        List<Conflict> conflicts = new ArrayList<>();
        for (Change change : request.changes()) {
            Optional<Versioned> now = line.current(change.key());
            boolean met =
                    switch (change.expected()) {
                        case Change.Expected.Anything a -> true;
                        case Change.Expected.Absent a -> now.isEmpty();
                        case Change.Expected.Version v ->
                                now.map(Versioned::version).equals(Optional.of(v.version()));
                    };
            if (!met || told.contains(change.key())) {
                Optional<Publication> mover = line.lastMover(change.key());
                conflicts.add(
                        new Conflict(
                                change.key(),
                                now,
                                mover.map(Publication::id).orElse(new PublicationId(0)),
                                mover.flatMap(Publication::run)));
            }
        }
        return conflicts;
    }

    @Override
    public synchronized List<RefChange> changes(RefName name) {
        MemoryLine line = line(name);
        Set<EntryKey> keys = new TreeSet<>(line.base().keySet());
        keys.addAll(line.state(newest).keySet());
        List<RefChange> changes = new ArrayList<>();
        for (EntryKey key : keys) {
            Optional<Versioned> base = Optional.ofNullable(line.base().get(key));
            Optional<Entry> own = line.current(key).map(Versioned::entry);
            if (!own.equals(base.map(Versioned::entry))) {
                changes.add(new RefChange(key, base, own));
            }
        }
        return changes;
    }

    @Override
    public synchronized List<Publication> history(RefName name, int limit) {
        return line(name).publications().stream().limit(limit).toList();
    }

    @Override
    public synchronized List<EntryVersion> history(RefName name, EntryKey key, int limit) {
        return line(name).versions(key).stream().limit(limit).toList();
    }

    @Override
    public synchronized List<Versioned> reachable(PublicationId since) {
        Set<Versioned> found = new HashSet<>();
        for (MemoryLine line : lines.values()) {
            found.addAll(line.base().values());
            for (Map<EntryKey, Versioned> state : line.statesSince(since.value())) {
                found.addAll(state.values());
            }
        }
        return found.stream()
                .filter(v -> v.entry() instanceof Entry.Table)
                .sorted(
                        Comparator.<Versioned, String>comparing(v -> v.key().name())
                                .thenComparing(Versioned::version))
                .toList();
    }

    synchronized boolean hasRef(RefName name) {
        return lines.containsKey(name);
    }

    @Override
    public void close() {
        // Memory needs no closing.
    }

    /** One state of a line. */
    private record MemoryView(
            MemoryCatalog catalog,
            MemoryLine line,
            long moment,
            PublicationId asOf,
            Map<EntryKey, Versioned> state)
            implements CatalogView {
        @Override
        public RefName ref() {
            return line.name();
        }

        @Override
        public Optional<Versioned> find(EntryKey key) {
            check();
            return Optional.ofNullable(state.get(key));
        }

        @Override
        public List<Versioned> list(EntryKey.Kind kind, String prefix) {
            check();
            return state.values().stream()
                    .filter(v -> v.key().kind() == kind && v.key().name().startsWith(prefix))
                    .sorted(Comparator.comparing(Versioned::key))
                    .toList();
        }

        private void check() {
            if (!catalog.holds(line)) {
                throw CatalogErrors.viewIsGone(line.name());
            }
            catalog.requireKept(line.name(), moment, new AsOf.Publication(asOf));
        }
    }
}
