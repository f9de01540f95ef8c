package dev.tarn.http;

import dev.tarn.http.RestPages.Page;
import dev.tarn.http.RestPages.Row;
import dev.tarn.http.RestSettings.ByCursor;
import dev.tarn.model.graph.ConnectorSpec.Mode;
import dev.tarn.model.graph.ConnectorSpec.Write;
import dev.tarn.model.table.Schema;
import dev.tarn.spi.Connector.Request;
import dev.tarn.spi.OpenSource;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One stream of records that an API has. As a snapshot it is loaded page by page; incrementally it
 * is asked for what has a greater cursor; as a log its pages are read on from the last one. What a
 * server gives again at the seam of two looks is known by its marks.
 */
final class RestSource implements OpenSource {
    /** The one part that positions have. */
    static final String PART = "records";

    private static final int MOST_MARKS = 10_000;
    private static final Duration SNAPSHOT_AGAIN = Duration.ofHours(1);
    private static final Duration LOOK_AGAIN = Duration.ofSeconds(30);

    private final RestSettings settings;
    private final Request request;
    private final Caller caller;
    private final Waiting waiting;
    private final RestPages pages;
    private final Mode mode;
    private boolean loaded;
    private @Nullable Instant looked;

    RestSource(RestSettings settings, Request request, Caller caller, Waiting waiting) {
        this.settings = settings;
        this.request = request;
        this.caller = caller;
        this.waiting = waiting;
        this.pages = new RestPages(settings, caller);
        this.mode = request.spec().mode().orElse(Mode.SNAPSHOT);
    }

    @Override
    public Optional<Schema> columns() {
        return Optional.empty();
    }

    @Override
    public Optional<Batch> next(Map<String, String> positions, Limits limits) {
        waiting.check();
        Optional<RestPosition> position =
                Optional.ofNullable(positions.get(PART)).map(RestPosition::parse);
        if (mode == Mode.SNAPSHOT) {
            return snapshot(position, limits);
        }
        Instant last = looked;
        Duration again = settings.refresh().orElse(LOOK_AGAIN);
        if (limits.linger()
                && last != null
                && request.clock().instant().isBefore(last.plus(again))) {
            return Optional.empty();
        }
        Look look = new Look(position.orElse(RestPosition.START));
        List<Row> news = look.firstNews();
        if (news.isEmpty() && !look.moved) {
            looked = request.clock().instant();
            return Optional.empty();
        }
        return Optional.of(new RestBatch(columnsOf(), Optional.empty(), look.reader(news, limits)));
    }

    private RestColumns columnsOf() {
        return new RestColumns(request.spec().write() != Write.SCD2, settings.parent().isPresent());
    }

    private Optional<Batch> snapshot(Optional<RestPosition> position, Limits limits) {
        boolean whole = position.isPresent() && position.get().load() == null;
        if (whole && loaded && !isDue(position.get())) {
            return Optional.empty();
        }
        RestPosition from =
                position.filter(p -> p.load() != null)
                        .orElseGet(() ->
                                RestPosition.ofLoad("load-" + request.clock().instant(), null));
        RestBatch.Reader reader =
                settings.parent().isPresent() ? this::children : told -> load(from, told, limits);
        return Optional.of(new RestBatch(columnsOf(), Optional.ofNullable(from.load()), reader));
    }

    private boolean isDue(RestPosition position) {
        String at = position.at();
        Duration again = settings.refresh().orElse(SNAPSHOT_AGAIN);
        return at == null || !Instant.parse(at).plus(again).isAfter(request.clock().instant());
    }

    /** Pages of a snapshot, up to the limits. */
    private RestBatch.Reached load(RestPosition from, RestBatch.Told told, Limits limits) {
        String load = Objects.requireNonNull(from.load());
        Instant end = request.clock().instant().plus(limits.every());
        Walk walk = new Walk(settings.first(Map.of(), Optional.empty()), settings.records());
        Optional<String> state = Optional.ofNullable(from.page());
        while (true) {
            Page page = walk.page(state, false);
            told.page(page, page.rows(), Optional.empty());
            if (page.next().isEmpty()) {
                loaded = true;
                return reached(RestPosition.loaded(request.clock().instant().toString()), true);
            }
            state = page.next();
            if (told.rows() >= limits.rows()
                    || told.bytes() >= limits.bytes()
                    || !request.clock().instant().isBefore(end)) {
                return reached(RestPosition.ofLoad(load, state.get()), false);
            }
        }
    }

    private static RestBatch.Reached reached(RestPosition position, boolean complete) {
        return new RestBatch.Reached(position.toJson(), complete);
    }

    /** The records of all parents. */
    private RestBatch.Reached children(RestBatch.Told told) {
        RestSettings.Parent parent = settings.parent().orElseThrow();
        for (String value : parents(parent)) {
            Walk walk = new Walk(settings.first(Map.of(), Optional.of(value)), settings.records());
            Optional<String> state = Optional.empty();
            do {
                Page page = walk.page(state, true);
                if (page.missing()) {
                    told.refuse(page.from(), 0, "there is nothing of this parent (404)", value);
                }
                told.page(page, page.rows(), Optional.of(value));
                state = page.next();
            } while (state.isPresent());
        }
        loaded = true;
        return reached(RestPosition.loaded(request.clock().instant().toString()), true);
    }

    private List<String> parents(RestSettings.Parent parent) {
        List<String> values = new ArrayList<>();
        Walk walk = new Walk(settings.parents(), parent.records());
        Optional<String> state = Optional.empty();
        do {
            Page page = walk.page(state, false);
            page.rows()
                    .forEach(row ->
                            RestPages.scalar(row.json(), parent.field()).ifPresent(values::add));
            state = page.next();
        } while (state.isPresent());
        return values;
    }

    /** Goes from page to page, and sees to it that there is an end. */
    private final class Walk {
        private final URI first;
        private final JsonPath records;
        private final Set<String> following = new HashSet<>();
        private long count;
        private String last = "";

        Walk(URI first, JsonPath records) {
            this.first = first;
            this.records = records;
        }

        Page page(Optional<String> state, boolean mayBeMissing) {
            waiting.check();
            Page page = pages.fetch(first, state, records, mayBeMissing);
            count++;
            boolean same =
                    settings.paging().counts()
                            ? !page.rows().isEmpty() && page.hash().equals(last)
                            : page.next().isPresent() && page.next().equals(state);
            if (same && mode != Mode.LOG) {
                throw HttpErrors.stuck(caller.shown(first));
            }
            if (mode != Mode.LOG && !page.next().map(following::add).orElse(true)) {
                throw HttpErrors.circle(caller.shown(first));
            }
            if (count > settings.mostPages()) {
                throw HttpErrors.tooManyPages(caller.shown(first), settings.mostPages());
            }
            last = page.hash();
            return page;
        }
    }

    /** What is new behind a position. */
    private final class Look {
        private final Optional<ByCursor> cursor = settings.cursor();
        private final Marks before;
        private final Marks known;
        private final @Nullable String since;
        private final Walk walk;
        private @Nullable String greatest;
        private Optional<String> state;
        private Optional<String> kept;
        private boolean over;
        private @Nullable Page page;

        /** Whether the position is another one, even without a new record. */
        private boolean moved;

        Look(RestPosition from) {
            boolean begun = mode != Mode.LOG && from.page() != null;
            this.before = Marks.of(begun ? from.before() : from.known());
            this.known = Marks.of(begun ? from.known() : List.of());
            this.since = begun ? from.since() : from.greatest();
            this.greatest = from.greatest();
            this.state = Optional.ofNullable(from.page());
            this.kept = state;
            this.walk = new Walk(settings.first(asking(), Optional.empty()), settings.records());
        }

        private Map<String, String> asking() {
            if (cursor.isEmpty()) {
                return Map.of();
            }
            ByCursor by = cursor.get();
            String value =
                    since == null ? by.start().orElse(null) : CursorValue.behind(since, by.lag());
            return value == null
                    ? Map.of()
                    : Map.of(by.param(), CursorValue.told(value, by.form()));
        }

        /** The new records of the first page that has some; empty if none has. */
        List<Row> firstNews() {
            boolean resumed = mode != Mode.LOG && state.isPresent();
            List<Row> news = List.of();
            while (news.isEmpty() && !over) {
                news = nextNews();
            }
            moved |= resumed;
            return news;
        }

        private List<Row> nextNews() {
            Page now = walk.page(state, false);
            page = now;
            List<Row> news = new ArrayList<>();
            for (Row row : now.rows()) {
                String hash = Marks.hash(row.json());
                if (!before.take(hash) && !isPassed(row)) {
                    news.add(row);
                }
                if (cursor.isPresent()) {
                    note(row, hash, cursor.get());
                }
            }
            over = now.next().isEmpty();
            if (mode == Mode.LOG) {
                keep(now);
                over |= now.rows().isEmpty() || now.next().equals(now.state());
            }
            state = over ? state : now.next();
            return news;
        }

        /** Whether a record is behind what was asked for: not every server heeds that. */
        private boolean isPassed(Row row) {
            String from = since;
            return from != null
                    && cursor.filter(by ->
                                    RestPages.scalar(row.json(), new JsonPath(List.of(by.field())))
                                            .filter(v ->
                                                    CursorValue.isBefore(
                                                            v, CursorValue.behind(from, by.lag())))
                                            .isPresent())
                            .isPresent();
        }

        /** A log goes on with the last page that had records, since it may get more. */
        private void keep(Page now) {
            before.clear();
            if (!now.rows().isEmpty()) {
                moved |= !now.state().equals(kept);
                kept = now.state();
                known.clear();
                now.rows().forEach(row -> known.add(Marks.hash(row.json()), null));
            }
        }

        private void note(Row row, String hash, ByCursor by) {
            String value =
                    RestPages.scalar(row.json(), new JsonPath(List.of(by.field()))).orElse(null);
            known.add(hash, value);
            if (value != null && (greatest == null || CursorValue.compare(value, greatest) > 0)) {
                greatest = value;
            }
            if (known.size() > 2 * MOST_MARKS) {
                trim(by);
            }
        }

        /** Forgets what the next look will not see again. */
        private void trim(ByCursor by) {
            String reached = greatest;
            if (reached != null) {
                known.forgetBelow(CursorValue.behind(reached, by.lag()));
            }
            if (known.size() > MOST_MARKS) {
                if (request.spec().key().isEmpty()) {
                    throw HttpErrors.crowded(
                            caller.shown(walk.first), String.valueOf(reached), MOST_MARKS);
                }
                known.clear();
            }
        }

        RestBatch.Reader reader(List<Row> news, Limits limits) {
            return told -> {
                Instant end = request.clock().instant().plus(limits.every());
                tell(told, news);
                while (!over
                        && told.rows() < limits.rows()
                        && (!limits.linger() || request.clock().instant().isBefore(end))) {
                    tell(told, nextNews());
                }
                if (over) {
                    looked = request.clock().instant();
                }
                return reached(position(), false);
            };
        }

        private void tell(RestBatch.Told told, List<Row> news) {
            Page now = page;
            if (now != null) {
                told.page(now, news, Optional.empty());
            }
        }

        private RestPosition position() {
            cursor.ifPresent(this::trim);
            if (mode == Mode.LOG) {
                return new RestPosition(
                        null, kept.orElse(null), null, null, List.of(), known.all(), null);
            }
            return over
                    ? new RestPosition(null, null, null, greatest, List.of(), known.all(), null)
                    : new RestPosition(
                            null,
                            state.orElse(null),
                            since,
                            greatest,
                            before.all(),
                            known.all(),
                            null);
        }
    }

    @Override
    public void cancel() {
        caller.cancel();
    }

    @Override
    public void close() {
        caller.close();
    }
}
