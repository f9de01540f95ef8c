package dev.tarn.app;

import dev.tarn.ingest.FileIngest;
import dev.tarn.ingest.Landing;
import dev.tarn.model.AsOf;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.RefName;
import dev.tarn.model.TableName;
import dev.tarn.model.TarnException;
import dev.tarn.model.graph.Node;
import dev.tarn.model.graph.NodeId;
import dev.tarn.model.graph.SqlText;
import dev.tarn.run.Cancellation;
import dev.tarn.run.NodeCompiler;
import dev.tarn.run.NodeLineage;
import dev.tarn.run.RunListener;
import dev.tarn.run.RunReport;
import dev.tarn.run.RunRequest;
import dev.tarn.spi.CatalogView;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What did not fit into the tables of sources: looked at, corrected, landed again. */
public final class Quarantine {
    private final Building building;
    private final Wiring wiring;
    private final Looking looking;
    private final Asking asking;
    private final Sources sources;

    Quarantine(Building building, Wiring wiring, Looking looking, Asking asking, Sources sources) {
        this.building = building;
        this.wiring = wiring;
        this.looking = looking;
        this.asking = asking;
        this.sources = sources;
    }

    /**
     * Rows that did not fit for one reason.
     *
     * @param example of a reason, since reasons have values in them
     */
    public record Misfits(
            TableName table,
            Optional<String> column,
            String example,
            long rows,
            Instant first,
            Instant last) {}

    /**
     * A record in the place of another one.
     *
     * @param seen what stood there when it was written; nothing is changed if that is not so any
     *     more
     */
    public record Correction(String file, Optional<Long> row, String raw, Optional<String> seen) {
        public Correction(String file, Optional<Long> row, String raw) {
            this(file, row, raw, Optional.empty());
        }
    }

    /** What is in quarantine, by source and column. */
    public List<Misfits> list(List<String> select, List<String> exclude, At at) {
        CatalogView view = looking.view(at);
        List<Misfits> found = new ArrayList<>();
        for (Node.Source source : sources.selected(select, exclude)) {
            if (source.ingest().isEmpty() || !QuarantineReplay.has(source, view)) {
                continue;
            }
            String sql =
                    "select _column, min(_reason), count(*), min(_ingested_at), max(_ingested_at) from %s group by _column order by 3 desc, 1"
                            .formatted(quoted(source));
            try (Answer rows = asking.query(SqlText.of(sql), view, false, new Cancellation())) {
                while (rows.next()) {
                    found.add(
                            new Misfits(
                                    source.relation(),
                                    Optional.ofNullable(rows.value(0)).map(Object::toString),
                                    String.valueOf(rows.value(1)),
                                    rows.value(2) instanceof Number n ? n.longValue() : 0,
                                    instant(rows.value(3)),
                                    instant(rows.value(4))));
                }
            }
        }
        return found;
    }

    private static Instant instant(@org.jspecify.annotations.Nullable Object value) {
        return value instanceof Instant instant ? instant : Instant.EPOCH;
    }

    private static String quoted(Node.Source source) {
        TableName name = Landing.quarantineTable(source.relation());
        return dev.tarn.model.table.Type.quoted(name.schema())
                + "."
                + dev.tarn.model.table.Type.quoted(name.table());
    }

    /** The quarantine table of the one source that is selected. */
    public TableName table(List<String> select, At at) {
        return Landing.quarantineTable(one(select, at).relation());
    }

    private Node.Source one(List<String> select, At at) {
        CatalogView view = looking.view(at);
        List<Node.Source> found =
                sources.selected(select, List.of()).stream()
                        .filter(s -> s.ingest().isPresent())
                        .toList();
        if (found.size() != 1) {
            throw new TarnException(
                    ErrorCode.SELECTION_INVALID,
                    "Name one table of a source, such as shop.orders. Selected are %d."
                            .formatted(found.size()));
        }
        Node.Source source = found.getFirst();
        if (!QuarantineReplay.has(source, view)) {
            throw new TarnException(
                    ErrorCode.TABLE_NOT_FOUND,
                    "Nothing of %s is in quarantine.".formatted(source.relation()));
        }
        return source;
    }

    /**
     * Corrects records where they are; they land with the next {@link #replay}.
     *
     * @param value the new record, in SQL over the columns of the quarantine table
     * @param condition which rows
     * @param seen what stood there; only records that are still that are changed
     * @throws TarnException {@code OUTDATED} if there are none
     */
    public StatementResult fix(
            List<String> select,
            RefName ref,
            String value,
            String condition,
            Optional<String> seen,
            Cancellation cancellation) {
        Node.Source source = one(select, new At(ref, AsOf.head()));
        String still = seen.map(s -> " and _raw = " + literal(s)).orElse("");
        StatementResult done =
                execute(
                        "update %s set _raw = cast((%s\n) as varchar) where (%s\n)%s"
                                .formatted(quoted(source), value, condition, still),
                        ref,
                        cancellation);
        if (seen.isPresent() && done.rows() == 0) {
            throw outdated(0, 1);
        }
        return done;
    }

    private static TarnException outdated(long changed, long wanted) {
        return new TarnException(
                ErrorCode.OUTDATED,
                ("%d of %d records were changed: the others are not in quarantine any more as they were seen."
                                + " Somebody corrected or landed them; look again before you correct them.")
                        .formatted(changed, wanted));
    }

    /** The same with records that somebody wrote. */
    public StatementResult fix(
            List<String> select,
            RefName ref,
            List<Correction> corrections,
            Cancellation cancellation) {
        Node.Source source = one(select, new At(ref, AsOf.head()));
        String values =
                corrections.stream()
                        .map(c ->
                                "(%s, cast(%s as bigint), %s, cast(%s as varchar))"
                                        .formatted(
                                                literal(c.file()),
                                                c.row().map(String::valueOf).orElse("null"),
                                                literal(c.raw()),
                                                c.seen().map(Quarantine::literal).orElse("null")))
                        .collect(Collectors.joining(", "));
        StatementResult done =
                execute(
                        "merge into %s as q using (select * from (values %s) v(f, r, raw, seen)) as s on q._file is not distinct from s.f and q._row is not distinct from s.r when matched and (s.seen is null or q._raw = s.seen) then update set _raw = s.raw"
                                .formatted(quoted(source), values),
                        ref,
                        cancellation);
        boolean looked = corrections.stream().anyMatch(c -> c.seen().isPresent());
        if (looked && done.rows() < corrections.size()) {
            throw outdated(done.rows(), corrections.size());
        }
        return done;
    }

    /** How many records a correction changed. */
    public record StatementResult(long rows) {}

    private StatementResult execute(String sql, RefName ref, Cancellation cancellation) {
        Executed executed =
                new Executing(wiring).execute(SqlText.ofFile(sql, "fix"), ref, cancellation);
        return new StatementResult(
                executed.outcomes().stream().mapToLong(o -> o.counts().total()).sum());
    }

    private static String literal(String text) {
        return "'" + text.replace("'", "''") + "'";
    }

    /**
     * Lands rows of quarantine again, all that fit in one publication; they leave it with that.
     *
     * @param condition which rows, in SQL over the columns of the quarantine table
     */
    public RunReport replay(
            BuildRequest request,
            String condition,
            RunListener listener,
            Cancellation cancellation) {
        CatalogView view = looking.view(new At(request.target(), AsOf.head()));
        Set<NodeId> selected = new LinkedHashSet<>();
        for (Node.Source source : sources.selected(request.select(), request.exclude())) {
            if (source.ingest().isPresent() && QuarantineReplay.has(source, view)) {
                requireCondition(source, condition, view);
                selected.add(source.id());
            }
        }
        if (selected.isEmpty()) {
            throw new TarnException(ErrorCode.SELECTION_INVALID, "Nothing is in quarantine.");
        }
        try (ConnectedIngestion connected = building.connected(Set.of(), 1, false)) {
            QuarantineReplay replay =
                    new QuarantineReplay(
                            new FileIngest(wiring.storage(), wiring.readers(), wiring.clock()),
                            wiring.engine(),
                            wiring.tables(),
                            wiring.clock(),
                            building.request().projectDirectory(),
                            connected::key,
                            condition);
            return building.runner(replay, NodeCompiler.NONE, NodeLineage.NONE)
                    .run(
                            new RunRequest(
                                    building.compiled(),
                                    selected,
                                    request.target(),
                                    request.command(),
                                    false,
                                    false,
                                    Optional.empty()),
                            listener,
                            cancellation);
        }
    }

    /** Binds a condition as one that somebody typed. */
    private void requireCondition(Node.Source source, String condition, CatalogView view) {
        String sql = "select 1 from %s where (%s\n) limit 0".formatted(quoted(source), condition);
        asking.query(SqlText.ofFile(sql, "where"), view, false, new Cancellation()).close();
    }
}
