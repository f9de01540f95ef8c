package dev.tarn.refs;

import dev.tarn.model.AsOf;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.PublicationId;
import dev.tarn.model.RefName;
import dev.tarn.model.TableName;
import dev.tarn.model.TarnException;
import dev.tarn.model.catalog.EntryKey;
import dev.tarn.model.catalog.Publication;
import dev.tarn.model.catalog.Versioned;
import dev.tarn.model.graph.SqlText;
import dev.tarn.model.table.Field;
import dev.tarn.model.table.Schema;
import dev.tarn.model.table.TablePointer;
import dev.tarn.model.table.TableState;
import dev.tarn.model.table.Type;
import dev.tarn.spi.Catalog;
import dev.tarn.spi.CatalogView;
import dev.tarn.spi.ChangeColumns;
import dev.tarn.spi.ChangedFiles;
import dev.tarn.spi.EngineSession;
import dev.tarn.spi.Relation;
import dev.tarn.spi.TableReads;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which rows of a table each version between two points inserted, deleted and updated. Rows are
 * known by the ids that the table keeps or, where one is given, by a key.
 */
public final class ChangeFeed {
    /** More of them are a query too long to be planned. */
    private static final int STEPS_TOLD = 200;

    private static final int VERSIONS_SEARCHED = 100_000;

    private final Catalog catalog;
    private final TableReads tables;

    public ChangeFeed(Catalog catalog, TableReads tables) {
        this.catalog = catalog;
        this.tables = tables;
    }

    /** How finely changes are told. */
    public enum Grain {
        /** What each version changed. */
        VERSIONS,

        /** What is different at the end. */
        NET
    }

    /**
     * @param after the state before the first change to be told
     * @param upTo the state after the last one, of the same ref
     * @param key columns that name a row; empty for the ids that the table keeps
     */
    public record Request(
            TableName name, CatalogView after, CatalogView upTo, List<String> key, Grain grain) {}

    /** What lies between two versions of the table. */
    record Step(
            Publication publication, Optional<TablePointer> before, Optional<TablePointer> after) {}

    /**
     * Reads the changes, version by version.
     *
     * @param session where to read; it gets relations; closed with the result
     */
    public ChangedRows read(Request request, EngineSession session) {
        EntryKey entry = EntryKey.of(request.name());
        Optional<TablePointer> before = pointer(request, request.after().find(entry));
        Optional<TablePointer> after = pointer(request, request.upTo().find(entry));
        Columns columns =
                after.or(() -> before)
                        .map(p -> Columns.of(tables, p))
                        .orElseThrow(() -> RefErrors.notThere(request.name(), request.upTo()));
        for (String column : request.key()) {
            if (columns.schema().find(column).isEmpty()) {
                throw RefErrors.noKeyColumn(column, request.name(), columns.schema());
            }
        }
        return new ChangedRows(
                request.name(),
                steps(request, before, after),
                columns,
                request.key(),
                tables,
                session);
    }

    /**
     * The changes between two publications as a query over relations of its own.
     *
     * @param rows the query, or columns without rows
     * @param parts what it reads
     */
    public record Told(Relation rows, Map<TableName, Relation> parts) {}

    /**
     * @param after the publication after which changes are told
     * @param upTo the last one that is told
     */
    public Told told(RefName ref, TableName name, long after, long upTo) {
        Request request =
                new Request(
                        name,
                        catalog.read(ref, new AsOf.Publication(new PublicationId(after))),
                        catalog.read(ref, new AsOf.Publication(new PublicationId(upTo))),
                        List.of(),
                        Grain.VERSIONS);
        EntryKey entry = EntryKey.of(name);
        Optional<TablePointer> before = pointer(request, request.after().find(entry));
        Optional<TablePointer> now = pointer(request, request.upTo().find(entry));
        Columns columns =
                now.or(() -> before)
                        .map(p -> Columns.of(tables, p))
                        .orElseThrow(() -> RefErrors.notThere(name, request.upTo()));
        List<Step> steps = steps(request, before, now);
        if (steps.size() > STEPS_TOLD) {
            throw RefErrors.tooManyVersions(name, steps.size(), STEPS_TOLD);
        }
        Map<TableName, Relation> parts = new HashMap<>();
        List<String> queries = new ArrayList<>();
        for (Step step : steps) {
            try {
                ChangedFiles files = columns.files(tables, step);
                String id =
                        "%s_%d"
                                .formatted(
                                        Integer.toHexString(name.hashCode()),
                                        step.publication().id().value());
                TableName gone = new TableName(ChangedRows.GONE.schema(), "gone_" + id);
                TableName come = new TableName(ChangedRows.GONE.schema(), "come_" + id);
                parts.put(gone, files.gone());
                parts.put(come, files.come());
                Schema schema = columns.schema();
                queries.add("(" + query(step, files, schema, List.of(), gone, come).sql() + ")");
            } catch (TarnException failure) {
                throw expired(name, step, failure);
            }
        }
        return new Told(
                queries.isEmpty()
                        ? new Relation.Shape(ChangeColumns.of(columns.schema()))
                        : new Relation.View(String.join(" union all ", queries)),
                parts);
    }

    private static Optional<TablePointer> pointer(Request request, Optional<Versioned> found) {
        if (found.isPresent() && found.get().pointer().isEmpty()) {
            throw RefErrors.onlyTables(request.name());
        }
        return found.flatMap(Versioned::pointer);
    }

    private List<Step> steps(
            Request request, Optional<TablePointer> before, Optional<TablePointer> after) {
        PublicationId from = request.after().asOf();
        PublicationId to = request.upTo().asOf();
        if (from.compareTo(to) > 0) {
            throw RefErrors.backwards(request.name(), from, to);
        }
        List<Catalog.EntryVersion> versions =
                new ArrayList<>(
                        catalog
                                .history(
                                        request.upTo().ref(),
                                        EntryKey.of(request.name()),
                                        VERSIONS_SEARCHED)
                                .stream()
                                .filter(v -> v.publication().id().compareTo(from) > 0)
                                .filter(v -> v.publication().id().compareTo(to) <= 0)
                                .toList()
                                .reversed());
        List<Step> steps = new ArrayList<>();
        if (versions.isEmpty()) {
            return steps;
        }
        if (request.grain() == Grain.NET) {
            steps.add(new Step(versions.getLast().publication(), before, after));
            return steps;
        }
        Optional<TablePointer> last = before;
        for (Catalog.EntryVersion version : versions) {
            Optional<TablePointer> next = pointer(request, version.value());
            if (!next.equals(last)) {
                steps.add(new Step(version.publication(), last, next));
            }
            last = next;
        }
        return steps;
    }

    /**
     * The columns in which changes are told: those of the newest state.
     *
     * @param table what table they are of
     */
    record Columns(Schema schema, String table) {
        static Columns of(TableReads tables, TablePointer pointer) {
            TableState state = tables.state(pointer);
            return new Columns(state.definition().schema(), state.uuid());
        }

        /**
         * The files of a step, read as the table is now: columns are known by their ids, whatever
         * they were called, and those made anew since by their names. What was another table is
         * read as it was.
         */
        ChangedFiles files(TableReads tables, Step step) {
            ChangedFiles files = ChangedFiles.between(tables, step.before(), step.after());
            return isOf(tables, step.before()) && isOf(tables, step.after())
                    ? files.readAs(this::of)
                    : files;
        }

        private Schema of(Schema have) {
            Map<Integer, Field> known = new HashMap<>();
            have.fields().forEach(f -> known.put(f.id(), f));
            List<Field> read = new ArrayList<>();
            for (Field field : schema.fields()) {
                Optional<Field> successor =
                        known.containsKey(field.id())
                                ? Optional.empty()
                                : have.find(field.name()).filter(f -> !has(f.id()));
                read.add(successor.map(f -> f.withName(field.name())).orElse(field));
            }
            return new Schema(read);
        }

        private boolean has(int id) {
            return schema.fields().stream().anyMatch(f -> f.id() == id);
        }

        private boolean isOf(TableReads tables, Optional<TablePointer> state) {
            return state.isEmpty() || tables.state(state.get()).uuid().equals(table);
        }
    }

    /** The rows of one step, in the columns of the newest state. */
    static SqlText query(Step step, ChangedFiles files, Schema schema, List<String> key) {
        return query(step, files, schema, key, ChangedRows.GONE, ChangedRows.COME);
    }

    private static SqlText query(
            Step step,
            ChangedFiles files,
            Schema schema,
            List<String> key,
            TableName gone,
            TableName come) {
        Schema was = files.gone().schema();
        Schema is = files.come().schema();
        String same;
        String on;
        if (!key.isEmpty()) {
            on = String.join(" and ", key.stream().map(ChangeFeed::equal).toList());
            same = sameValues(was, is);
        } else if (files.identity() == ChangedFiles.Identity.OTHER_TABLE) {
            on = "false";
            same = "false";
        } else if (files.identity() == ChangedFiles.Identity.ROW_IDS) {
            on = "g.__tarn_row_id = c.__tarn_row_id";
            same = "g.__tarn_last_updated is not distinct from c.__tarn_last_updated";
        } else {
            return wholeRows(step, was, is, schema, gone, come);
        }
        String left =
                "select case when c.__there then 'update_before' else 'deleted' end, %s%s, g.__tarn_row_id as __row, 0 as __side from (select *, true as __there from %s) g left join (select *, true as __there from %s) c on %s where c.__there is null or not (%s)"
                        .formatted(said(step), columns(schema, was, "g"), gone, come, on, same);
        String right =
                "select case when g.__there then 'update_after' else 'inserted' end, %s%s, c.__tarn_row_id as __row, 1 as __side from (select *, true as __there from %s) c left join (select *, true as __there from %s) g on %s where g.__there is null or not (%s)"
                        .formatted(said(step), columns(schema, is, "c"), come, gone, on, same);
        return SqlText.of(
                "select * exclude (__row, __side) from (%s union all %s) as changes(%s, __row, __side) order by __row, __side"
                        .formatted(left, right, names(schema)));
    }

    /** Without names for rows all that can be told is which there are more or fewer of. */
    private static SqlText wholeRows(
            Step step,
            Schema was,
            Schema is,
            Schema schema,
            TableName goneRows,
            TableName comeRows) {
        String gone = "select %s from %s as g".formatted(list(schema, was, "g"), goneRows);
        String come = "select %s from %s as c".formatted(list(schema, is, "c"), comeRows);
        return SqlText.of(
                "select 'deleted', %1$s, * from (%2$s except all %3$s) union all select 'inserted', %1$s, * from (%3$s except all %2$s)"
                        .formatted(said(step), gone, come));
    }

    private static String equal(String column) {
        return "g.%1$s is not distinct from c.%1$s".formatted(Type.quoted(column));
    }

    private static String sameValues(Schema was, Schema is) {
        List<String> same = new ArrayList<>();
        for (Field field : is.fields()) {
            same.add(
                    was.find(field.name()).isPresent()
                            ? equal(field.name())
                            : "c.%s is null".formatted(Type.quoted(field.name())));
        }
        return String.join(" and ", same);
    }

    private static String said(Step step) {
        return "%d::bigint, %s, '%s'::timestamptz"
                .formatted(
                        step.publication().id().value(),
                        step.publication()
                                .run()
                                .map(r -> "'" + r.value() + "'")
                                .orElse("null::varchar"),
                        step.publication().at());
    }

    private static String columns(Schema schema, Schema have, String side) {
        return ", " + list(schema, have, side);
    }

    private static String list(Schema schema, Schema have, String side) {
        List<String> columns = new ArrayList<>();
        for (Field field : schema.fields()) {
            String value =
                    have.find(field.name())
                            .map(f -> side + "." + Type.quoted(f.name()))
                            .orElse("null");
            columns.add(
                    "try_cast(%s as %s) as %s"
                            .formatted(value, field.type().sql(), Type.quoted(field.name())));
        }
        return String.join(", ", columns);
    }

    private static String names(Schema schema) {
        List<String> names = new ArrayList<>(ChangedRows.SAID);
        schema.names().forEach(n -> names.add(Type.quoted(n)));
        return String.join(", ", names);
    }

    /** A version whose files are gone, told as what it is. */
    static TarnException expired(TableName name, Step step, TarnException failure) {
        boolean gone =
                failure.code() == ErrorCode.FILE_MISSING
                        || failure.code() == ErrorCode.FILE_CORRUPT;
        return gone ? RefErrors.expired(name, step.publication(), failure) : failure;
    }
}
