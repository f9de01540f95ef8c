package dev.tarn.run;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.TableName;
import dev.tarn.model.TarnException;
import dev.tarn.model.catalog.Entry;
import dev.tarn.model.graph.QueryTraits;
import dev.tarn.model.graph.Recipe;
import dev.tarn.model.graph.SqlText;
import dev.tarn.model.table.AttachedPointer;
import dev.tarn.model.table.Schema;
import dev.tarn.model.table.TableDefinition;
import dev.tarn.model.table.TablePointer;
import dev.tarn.model.table.Type;
import dev.tarn.run.MaterializedView.Input;
import dev.tarn.spi.ChangedFiles;
import dev.tarn.spi.Relation;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Makes the rows of a materialized view, and brings them up to date: from what changed in its
 * inputs where that gives exactly what its query would, else by asking the query again.
 */
final class ViewRefresh {
    /** From here on it is dearer to follow changes of most of a table than to read it. */
    private static final long MANY_ROWS = 100_000;

    /** After these what the view was made of cannot be read any more, but what it is of now can. */
    private static final Set<ErrorCode> NOT_KEPT =
            Set.of(ErrorCode.FILE_MISSING, ErrorCode.FILE_CORRUPT, ErrorCode.UNSUPPORTED);

    private final TaskContext context;

    /**
     * @param context one of its own: names in its session stand for other things afterwards
     */
    ViewRefresh(TaskContext context) {
        this.context = context;
    }

    /**
     * What became of a view.
     *
     * @param same whether there was nothing to do
     */
    record Done(Entry.Table entry, StatementOutcome.Counts counts, boolean same, String how) {}

    /** Why a view cannot follow what changed. */
    static final class NotFollowed extends Exception {
        private static final long serialVersionUID = 1L;

        NotFollowed(String reason) {
            super(reason);
        }

        String reason() {
            return String.valueOf(getMessage());
        }
    }

    /** Makes all rows. */
    Done make(
            TableName name,
            Optional<TablePointer> existing,
            TableDefinition definition,
            MaterializedView wanted) {
        return remade(name, existing, definition, wanted, Map.of(), "made whole");
    }

    /** Says how a query that is to be a materialized view will be kept up to date. */
    static String manner(Recipe recipe) {
        return switch (recipe) {
            case Recipe.Rows rows -> "follows the rows that change";
            case Recipe.Groups groups -> "follows the groups whose rows change";
            case Recipe.None none -> "is recomputed, as it " + none.reason();
        };
    }

    /**
     * @param whole whether the query is asked again in any case
     */
    Done refresh(TableName name, Entry.Table entry, boolean whole) {
        MaterializedView view = MaterializedView.of(entry).orElseThrow();
        QueryTraits traits = context.session().traits(SqlText.of(view.sql()));
        Optional<Map<TableName, Input>> now = MaterializedView.now(traits.reads(), context.view());
        boolean mine = entry.content().equals(view.state());
        if (!whole
                && mine
                && traits.unsteady().isEmpty()
                && now.filter(inputs -> same(view.inputs(), inputs)).isPresent()) {
            return new Done(entry, StatementOutcome.Counts.NONE, true, "nothing changed");
        }
        String reason;
        try {
            if (whole) {
                throw new NotFollowed("that was asked for");
            }
            if (!mine) {
                throw new NotFollowed("its rows were changed by others");
            }
            return followed(name, entry, view, traits, now);
        } catch (NotFollowed refused) {
            reason = refused.reason();
        } catch (TarnException failure) {
            if (failure.code() == ErrorCode.DATA_INVALID) {
                reason = "its changes cannot be computed alone";
            } else if (NOT_KEPT.contains(failure.code())) {
                reason = "what it was made of is not kept";
            } else {
                throw failure;
            }
        }
        return remade(name, entry, view, reason);
    }

    private static boolean same(Map<TableName, Input> then, Map<TableName, Input> now) {
        return then.keySet().equals(now.keySet())
                && now.entrySet().stream()
                        .allMatch(e ->
                                e.getValue().isThatOf(then.getOrDefault(e.getKey(), e.getValue())));
    }

    private Done remade(TableName name, Entry.Table entry, MaterializedView view, String reason) {
        try (TaskContext clean = context.again()) {
            Schema columns = clean.session().describe(SqlText.of(view.sql())).withoutIds();
            TableDefinition there = clean.tables().state(entry.pointer()).definition();
            return new ViewRefresh(clean)
                    .remade(
                            name,
                            Optional.of(entry.pointer()),
                            new TableDefinition(
                                    columns,
                                    there.partitioning(),
                                    there.sortOrder(),
                                    there.properties()),
                            view,
                            entry.attributes(),
                            "recomputed, as " + reason);
        }
    }

    private Done remade(
            TableName name,
            Optional<TablePointer> existing,
            TableDefinition definition,
            MaterializedView view,
            Map<String, String> attributes,
            String how) {
        TableWriter.Written written =
                context.writer().replace(name, existing, definition, SqlText.of(view.sql()));
        Set<TableName> reads = context.session().traits(SqlText.of(view.sql())).reads();
        MaterializedView made =
                new MaterializedView(
                        view.sql(),
                        written.pointer().metadataLocation(),
                        MaterializedView.now(reads, context.view()).orElse(Map.of()),
                        view.refresh(),
                        how);
        return new Done(
                new Entry.Table(written.pointer(), made.in(attributes)),
                new StatementOutcome.Counts(written.rows(), 0, 0),
                false,
                how);
    }

    private Done followed(
            TableName name,
            Entry.Table entry,
            MaterializedView view,
            QueryTraits traits,
            Optional<Map<TableName, Input>> now)
            throws NotFollowed {
        Map<TableName, Set<TableName>> alone =
                switch (traits.recipe()) {
                    case Recipe.Rows rows -> rows.alone();
                    case Recipe.Groups groups -> groups.alone();
                    case Recipe.None none -> throw new NotFollowed("it " + none.reason());
                };
        Map<TableName, Input> inputs =
                now.orElseThrow(() -> new NotFollowed("it asks what the warehouse holds"));
        Schema columns = context.tables().state(entry.pointer()).definition().schema();
        check(view, columns);
        Map<TableName, ViewChanges.Changed> changed = changed(view, inputs, alone);
        StatementTable table = statementTable(name, entry);
        ViewChanges changes =
                new ViewChanges(context, table, SqlText.of(view.sql()), columns, changed, alone);
        ViewChanges.Made made =
                switch (traits.recipe()) {
                    case Recipe.Rows rows -> changes.rows();
                    case Recipe.Groups groups -> changes.groups(groups);
                    case Recipe.None none -> throw new IllegalStateException("Refused before");
                };
        String how =
                "incrementally: %d rows in, %d out"
                        .formatted(made.counts().inserted(), made.counts().deleted());
        MaterializedView next =
                new MaterializedView(
                        view.sql(), made.pointer().metadataLocation(), inputs, view.refresh(), how);
        return new Done(
                new Entry.Table(made.pointer(), next.in(entry.attributes())),
                made.counts(),
                false,
                how);
    }

    private StatementTable statementTable(TableName name, Entry.Table entry) throws NotFollowed {
        return context.view()
                .find(dev.tarn.model.catalog.EntryKey.of(name))
                .map(found -> new StatementTable(name, found, entry))
                .orElseThrow(() -> new NotFollowed("it is not there"));
    }

    private void check(MaterializedView view, Schema columns) throws NotFollowed {
        Schema now = context.session().describe(SqlText.of(view.sql()));
        if (!now.sameColumns(columns)) {
            throw new NotFollowed("it has other columns than before");
        }
        if (columns.fields().stream().anyMatch(f -> f.type() == Type.Primitive.VARIANT)) {
            throw new NotFollowed("it has a column whose values cannot be compared (VARIANT)");
        }
    }

    private Map<TableName, ViewChanges.Changed> changed(
            MaterializedView view,
            Map<TableName, Input> inputs,
            Map<TableName, Set<TableName>> alone)
            throws NotFollowed {
        if (!view.inputs().keySet().equals(inputs.keySet())) {
            throw new NotFollowed("it reads other tables than before");
        }
        Map<TableName, ViewChanges.Changed> changed = new TreeMap<>();
        for (Map.Entry<TableName, Input> each : inputs.entrySet()) {
            TableName name = each.getKey();
            Input then = view.inputs().getOrDefault(name, each.getValue());
            if (each.getValue().isThatOf(then)) {
                continue;
            }
            if (!(then instanceof Input.Table was)
                    || !(each.getValue() instanceof Input.Table is)) {
                throw new NotFollowed("the view %s is another one".formatted(name));
            }
            if (alone.containsKey(name)) {
                changed.put(name, changed(name, was, is));
            }
        }
        return changed;
    }

    private ViewChanges.Changed changed(TableName name, Input.Table was, Input.Table is)
            throws NotFollowed {
        if (AttachedPointer.of(was.pointer()).isPresent()
                || AttachedPointer.of(is.pointer()).isPresent()) {
            throw new NotFollowed("others write " + name);
        }
        Schema then = context.tables().state(was.pointer()).definition().schema();
        Schema now = context.tables().state(is.pointer()).definition().schema();
        if (!then.equals(now)) {
            throw new NotFollowed("the columns of %s changed".formatted(name));
        }
        ChangedFiles files =
                ChangedFiles.between(
                        context.tables(), Optional.of(was.pointer()), Optional.of(is.pointer()));
        if (ViewChanges.holdsForeign(files.gone()) || ViewChanges.holdsForeign(files.come())) {
            throw new NotFollowed("others wrote files of " + name);
        }
        long rows = ViewChanges.rows(files.gone()) + ViewChanges.rows(files.come());
        if (rows > MANY_ROWS && 2 * rows > ViewChanges.rows(relation(is.pointer()))) {
            throw new NotFollowed("most of %s changed".formatted(name));
        }
        return new ViewChanges.Changed(
                relation(was.pointer()),
                relation(is.pointer()),
                ViewChanges.part(files.gone()),
                ViewChanges.part(files.come()));
    }

    private Relation.Table relation(TablePointer pointer) {
        return new Relation.Table(
                context.tables().state(pointer).definition().schema(),
                predicates -> context.tables().scan(pointer, Optional.empty(), predicates));
    }
}
