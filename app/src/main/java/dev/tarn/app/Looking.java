package dev.tarn.app;

import dev.tarn.model.AsOf;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.RefName;
import dev.tarn.model.RunId;
import dev.tarn.model.Suggestion;
import dev.tarn.model.TableName;
import dev.tarn.model.TarnException;
import dev.tarn.model.catalog.Entry;
import dev.tarn.model.catalog.EntryKey;
import dev.tarn.model.catalog.Ref;
import dev.tarn.model.catalog.Versioned;
import dev.tarn.model.run.Run;
import dev.tarn.model.run.Verdict;
import dev.tarn.model.table.AttachedPointer;
import dev.tarn.model.table.Schema;
import dev.tarn.model.table.TableState;
import dev.tarn.run.MaterializedView;
import dev.tarn.spi.Catalog;
import dev.tarn.spi.CatalogView;
import dev.tarn.spi.RunLog;
import dev.tarn.spi.Tables;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Reads what is in a warehouse, as of any state. */
final class Looking {
    private final Catalog catalog;
    private final RunLog runs;
    private final Tables tables;

    Looking(Catalog catalog, RunLog runs, Tables tables) {
        this.catalog = catalog;
        this.runs = runs;
        this.tables = tables;
    }

    /** The state that {@code at} means. The ref of a published run leads to its publication. */
    CatalogView view(At at) {
        if (at.ref().isRun() && refs().stream().noneMatch(r -> r.name().equals(at.ref()))) {
            Run run = runs.run(new RunId(at.ref().value().substring("run:".length())));
            return run.publication()
                    .map(p -> catalog.read(run.target(), new AsOf.Publication(p)))
                    .orElseThrow(() ->
                            new TarnException(
                                    ErrorCode.REF_NOT_FOUND,
                                    "Run %s changed nothing or its ref is gone; `tarn runs show %s` tells what it did."
                                            .formatted(run.id(), run.id())));
        }
        return catalog.read(at.ref(), at.asOf());
    }

    private List<Ref> refs() {
        return catalog.refs();
    }

    List<TableListing> tables(At at) {
        return view(at).list(EntryKey.Kind.RELATION, "").stream().map(this::listing).toList();
    }

    List<TableListing> tables(At at, List<TableName> names) {
        CatalogView view = view(at);
        return names.stream()
                .flatMap(n -> view.find(EntryKey.of(n)).stream())
                .map(this::listing)
                .toList();
    }

    List<Verdict> verdicts(At at) {
        return verdicts(view(at)).toList();
    }

    private static Stream<Verdict> verdicts(CatalogView view) {
        return view.list(EntryKey.Kind.VERDICT, "").stream()
                .map(Versioned::entry)
                .filter(Entry.Judgement.class::isInstance)
                .map(e -> ((Entry.Judgement) e).verdict());
    }

    TableReport table(TableName name, At at) {
        CatalogView view = view(at);
        Versioned found =
                view.find(EntryKey.of(name)).orElseThrow(() -> unknown(name.toString(), view));
        List<Verdict> checks =
                verdicts(view).filter(v -> v.subject().equals(name.toString())).toList();
        Optional<TableState> state = state(found);
        Schema schema =
                found.entry() instanceof Entry.View v
                        ? v.schema()
                        : state.orElseThrow().definition().schema();
        return new TableReport(
                listing(found, state),
                schema,
                state,
                found.entry() instanceof Entry.View v
                        ? Optional.of(v.sql())
                        : MaterializedView.of(found.entry()).map(MaterializedView::sql),
                found.version(),
                found.entry().attributes(),
                checks);
    }

    /** The relation that {@code schema.table} or, where that is clear, {@code table} names. */
    TableName named(String text, CatalogView view) {
        if (text.contains(".")) {
            return TableName.parse(text);
        }
        List<TableName> same =
                view.list(EntryKey.Kind.RELATION, "").stream()
                        .map(v -> TableName.parse(v.key().name()))
                        .filter(n -> n.table().equalsIgnoreCase(text))
                        .toList();
        return switch (same.size()) {
            case 1 -> same.getFirst();
            case 0 -> throw unknown(text, view);
            default -> throw ambiguous(text, same);
        };
    }

    List<Catalog.EntryVersion> history(TableName name, RefName ref, int limit) {
        CatalogView view = catalog.read(ref, AsOf.head());
        List<Catalog.EntryVersion> versions = catalog.history(ref, EntryKey.of(name), limit);
        if (versions.isEmpty()) {
            throw unknown(name.toString(), view);
        }
        return versions;
    }

    private Optional<TableState> state(Versioned found) {
        return found.pointer().map(tables::state);
    }

    /** Also of a table whose metadata is damaged: the others are to be seen all the same. */
    private TableListing listing(Versioned found) {
        try {
            return listing(found, state(found));
        } catch (TarnException damage) {
            if (damage.code() != ErrorCode.FILE_MISSING
                    && damage.code() != ErrorCode.FILE_CORRUPT) {
                throw damage;
            }
            return new TableListing(
                    TableName.parse(found.key().name()),
                    "damaged",
                    0,
                    0,
                    0,
                    Optional.empty(),
                    Optional.ofNullable(found.entry().attributes().get("owner")),
                    Optional.of(damage.problems().getFirst().message()));
        }
    }

    private static TableListing listing(Versioned found, Optional<TableState> state) {
        Optional<TableState.Snapshot> current = state.flatMap(TableState::current);
        Map<String, String> attributes = found.entry().attributes();
        return new TableListing(
                TableName.parse(found.key().name()),
                kind(found),
                current.map(TableState.Snapshot::totalRows).orElse(0L),
                current.map(TableState.Snapshot::totalFiles).orElse(0L),
                current.map(TableState.Snapshot::totalBytes).orElse(0L),
                current.map(TableState.Snapshot::committedAt),
                Optional.ofNullable(attributes.get("owner")),
                Optional.ofNullable(attributes.get("description")));
    }

    private static String kind(Versioned found) {
        boolean attached = found.pointer().flatMap(AttachedPointer::of).isPresent();
        boolean materialized = MaterializedView.of(found.entry()).isPresent();
        return found.entry() instanceof Entry.View
                ? "view"
                : attached ? "attached" : materialized ? "materialized view" : "table";
    }

    private static TarnException unknown(String name, CatalogView view) {
        List<String> names =
                view.list(EntryKey.Kind.RELATION, "").stream()
                        .map(v -> v.key().name())
                        .map(n -> name.contains(".") ? n : n.substring(n.indexOf('.') + 1))
                        .distinct()
                        .toList();
        return new TarnException(
                ErrorCode.TABLE_NOT_FOUND,
                "There is no table or view %s on %s.%s `tarn tables` lists what there is."
                        .formatted(name, view.ref(), Suggestion.hint(name, names)));
    }

    private static TarnException ambiguous(String name, List<TableName> same) {
        return new TarnException(
                ErrorCode.TABLE_NOT_FOUND,
                "%s is the name of several tables: %s. Say which."
                        .formatted(
                                name,
                                same.stream()
                                        .map(TableName::toString)
                                        .collect(Collectors.joining(", "))));
    }
}
