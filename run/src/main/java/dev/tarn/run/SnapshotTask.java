package dev.tarn.run;

import dev.tarn.model.TableName;
import dev.tarn.model.catalog.Change;
import dev.tarn.model.catalog.Change.Expected;
import dev.tarn.model.catalog.Entry;
import dev.tarn.model.catalog.EntryKey;
import dev.tarn.model.catalog.Versioned;
import dev.tarn.model.graph.Materialization;
import dev.tarn.model.graph.Node;
import dev.tarn.model.graph.SnapshotRules;
import dev.tarn.model.graph.SnapshotRules.HardDeletes;
import dev.tarn.model.graph.SqlText;
import dev.tarn.model.table.Field;
import dev.tarn.model.table.Schema;
import dev.tarn.model.table.SchemaChange;
import dev.tarn.model.table.TableDefinition;
import dev.tarn.model.table.TablePointer;
import dev.tarn.model.table.Type;
import dev.tarn.spi.EngineSession;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Writes down how the rows of a query change: the version of a row that is no longer valid gets an
 * end, the new one a beginning.
 */
final class SnapshotTask {
    private static final TableName SOURCE = new TableName("tarn_stage", "snapshot_source");
    private static final TableName CURRENT = new TableName("tarn_stage", "snapshot_current");
    private static final TableName CLOSED = new TableName("tarn_stage", "snapshot_closed");
    private static final TableName ADDED = new TableName("tarn_stage", "snapshot_added");
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSSSSS", Locale.ROOT);

    private final Node.Model node;
    private final SnapshotRules rules;
    private final TaskContext context;
    private final EngineSession session;
    private final String now;
    private final String from;
    private final String to;
    private final String id;
    private final String updated;
    private final String deleted;

    SnapshotTask(Node.Model node, Materialization.Snapshot snapshot, TaskContext context) {
        this.node = node;
        this.rules = snapshot.rules();
        this.context = context;
        this.session = context.session();
        LocalDateTime time = LocalDateTime.ofInstant(context.clock().instant(), ZoneOffset.UTC);
        this.now = "timestamp '" + TIME.format(time) + "'";
        this.from = Type.quoted(rules.columns().validFrom());
        this.to = Type.quoted(rules.columns().validTo());
        this.id = Type.quoted(rules.columns().id());
        this.updated = Type.quoted(rules.columns().updatedAt());
        this.deleted = Type.quoted(rules.columns().isDeleted());
    }

    TaskResult run(Optional<Versioned> existing, Provenance provenance, boolean anew) {
        Optional<TablePointer> there =
                existing.map(Versioned::entry)
                        .filter(Entry.Table.class::isInstance)
                        .map(e -> ((Entry.Table) e).pointer());
        Schema columns = session.describe(node.sql());
        requireColumns(columns);
        stageSource();
        TableWriter.Written written =
                there.isEmpty() || anew ? first(there) : next(there.get(), columns);
        context.commit(
                List.of(
                        Change.put(
                                EntryKey.of(node.relation()),
                                new Entry.Table(written.pointer(), provenance.attributes()),
                                Expected.of(existing))),
                "snapshot " + node.id());
        return TaskResult.done(written.rows(), written.bytes());
    }

    /** The query's rows with their keys, the time of their change and their own id. */
    private void stageSource() {
        String changedAt = rules.updatedAt().orElse(now);
        StringBuilder head = new StringBuilder("select *");
        for (int i = 0; i < rules.uniqueKey().size(); i++) {
            head.append(", (%s) as %s".formatted(rules.uniqueKey().get(i), key(i)));
        }
        List<String> hashed = new ArrayList<>(rules.uniqueKey());
        hashed.add(changedAt);
        head.append(
                ", (%s) as __tarn_updated, %s as __tarn_id from (\n"
                        .formatted(changedAt, hash(hashed)));
        session.stage(SOURCE, Sql.around(head.toString(), node.sql(), "\n) as sbq"));
    }

    private static String hash(List<String> parts) {
        return parts.stream()
                .map(p -> "coalesce(cast(" + p + " as varchar), '')")
                .collect(Collectors.joining(" || '|' || ", "md5(", ")"));
    }

    private static String key(int index) {
        return "__tarn_key_" + (index + 1);
    }

    private TableWriter.Written first(Optional<TablePointer> there) {
        SqlText rows = SqlText.of("select * from (" + fresh("from " + SOURCE + " as src") + ")");
        Schema schema = session.describe(rows);
        return context.writer()
                .replace(
                        node.relation(),
                        there,
                        new TableDefinition(
                                schema,
                                node.partitioning(),
                                node.sortOrder(),
                                node.tableProperties()),
                        rows);
    }

    /** Rows of the source as new versions. */
    private String fresh(String fromClause) {
        return "select src.* exclude (%s__tarn_updated, __tarn_id), src.__tarn_id as %s, src.__tarn_updated as %s, src.__tarn_updated as %s, %s as %s%s %s"
                .formatted(
                        keys().stream().map(k -> k + ", ").collect(Collectors.joining()),
                        id,
                        updated,
                        from,
                        open("src.__tarn_updated"),
                        to,
                        rules.hardDeletes() == HardDeletes.NEW_RECORD
                                ? ", 'False' as " + deleted
                                : "",
                        fromClause);
    }

    /** The end of what is valid now, of the type of a time. */
    private String open(String time) {
        String nothing = "nullif(%s, %s)".formatted(time, time);
        return rules.validToCurrent()
                .map(end -> "coalesce(%s, %s)".formatted(nothing, end))
                .orElse(nothing);
    }

    private List<String> keys() {
        List<String> keys = new ArrayList<>();
        for (int i = 0; i < rules.uniqueKey().size(); i++) {
            keys.add(key(i));
        }
        return keys;
    }

    private TableWriter.Written next(TablePointer base, Schema columns) {
        Schema old = context.tables().state(base).definition().schema();
        requireOwnColumns(old);
        List<SchemaChange> changes = new ArrayList<>();
        List<String> added = new ArrayList<>();
        for (Field field : columns.fields()) {
            if (old.find(field.name()).isEmpty()) {
                added.add(field.name());
                changes.add(
                        new SchemaChange.Add(
                                field.name(), field.type().withoutIds(), Optional.empty()));
            }
        }
        if (rules.hardDeletes() == HardDeletes.NEW_RECORD
                && old.find(rules.columns().isDeleted()).isEmpty()) {
            changes.add(
                    new SchemaChange.Add(
                            rules.columns().isDeleted(),
                            Type.Primitive.VARCHAR,
                            Optional.of("'False'")));
        }
        TablePointer evolved = context.writer().evolve(base, changes);
        context.writer().show(node.relation(), evolved);
        stageCurrent();
        stageClosed(columns, added);
        stageAdded(columns, old, added);
        SqlText rows =
                SqlText.of(
                        "select *, %s as %s from %s union all by name select * from %s"
                                .formatted(id, ReplacedRows.match(0), CLOSED, ADDED));
        return new ReplacedRows(
                        context,
                        new PlacedTable(session, context.tables(), node.relation(), evolved))
                .byMatch(rows, List.of(id), List.of(valid("")));
    }

    /** Which versions are valid now. */
    private String valid(String prefix) {
        String column = prefix + to;
        return rules.validToCurrent()
                .map(end -> "(%s is null or %s = %s)".formatted(column, column, end))
                .orElse(column + " is null");
    }

    private void stageCurrent() {
        StringBuilder sql = new StringBuilder("select *");
        for (int i = 0; i < rules.uniqueKey().size(); i++) {
            sql.append(", (%s) as %s".formatted(rules.uniqueKey().get(i), key(i)));
        }
        session.stage(
                CURRENT, SqlText.of("%s from %s where %s".formatted(sql, table(), valid(""))));
    }

    private String table() {
        return Type.quoted(node.relation().schema()) + "." + Type.quoted(node.relation().table());
    }

    private String sameKey() {
        return keys().stream()
                .map(k -> "cur.%s = src.%s".formatted(k, k))
                .collect(Collectors.joining(" and "));
    }

    private String changed(Schema columns, List<String> added) {
        String back =
                rules.hardDeletes() == HardDeletes.NEW_RECORD
                        ? " or cur." + deleted + " = 'True'"
                        : "";
        return "(" + differs(columns, added) + back + ")";
    }

    private String differs(Schema columns, List<String> added) {
        if (rules.changes() == SnapshotRules.Changes.BY_TIME) {
            return "cur.%s < src.__tarn_updated".formatted(from);
        }
        if (rules.checked().isEmpty() && !added.isEmpty()) {
            return "true";
        }
        List<String> compared = rules.checked().isEmpty() ? columns.names() : rules.checked();
        return compared.stream()
                .map(Type::quoted)
                .map(c -> "cur.%s is distinct from src.%s".formatted(c, c))
                .collect(Collectors.joining(" or "));
    }

    /** The versions that end, complete, with their end. */
    private void stageClosed(Schema columns, List<String> added) {
        String without = "cur.* exclude (" + String.join(", ", keys()) + ")";
        String sql =
                "select %s replace (src.__tarn_updated as %s) from %s as cur join %s as src on %s where %s"
                        .formatted(
                                without, to, CURRENT, SOURCE, sameKey(), changed(columns, added));
        if (rules.hardDeletes() != HardDeletes.IGNORE) {
            sql +=
                    " union all by name select %s replace (%s as %s) %s"
                            .formatted(without, now, to, gone());
        }
        session.stage(CLOSED, SqlText.of(sql));
    }

    private String gone() {
        String still =
                rules.hardDeletes() == HardDeletes.NEW_RECORD
                        ? " and cur." + deleted + " is distinct from 'True'"
                        : "";
        return "from %s as cur where not exists (select 1 from %s as src where %s)%s"
                .formatted(CURRENT, SOURCE, sameKey(), still);
    }

    /** The versions that begin. */
    private void stageAdded(Schema columns, Schema old, List<String> added) {
        String sql =
                fresh(
                        "from %s as src left join %s as cur on %s where cur.%s is null or %s"
                                .formatted(
                                        SOURCE,
                                        CURRENT,
                                        sameKey(),
                                        key(0),
                                        changed(columns, added)));
        if (rules.hardDeletes() == HardDeletes.NEW_RECORD) {
            String kept =
                    columns.names().stream()
                            .filter(c -> old.find(c).isPresent())
                            .map(c -> "cur." + Type.quoted(c) + ", ")
                            .collect(Collectors.joining());
            List<String> hashed = new ArrayList<>(keys().stream().map(k -> "cur." + k).toList());
            hashed.add(now);
            sql +=
                    " union all by name select %s%s as %s, %s as %s, %s as %s, %s as %s, 'True' as %s %s"
                            .formatted(
                                    kept,
                                    hash(hashed),
                                    id,
                                    now,
                                    updated,
                                    now,
                                    from,
                                    open(now),
                                    to,
                                    deleted,
                                    gone());
        }
        session.stage(ADDED, SqlText.of(sql));
    }

    private void requireColumns(Schema columns) {
        for (String column : rules.checked()) {
            if (columns.find(column).isEmpty()) {
                throw RunErrors.snapshotColumn(node, "check_cols names", column, columns);
            }
        }
    }

    private void requireOwnColumns(Schema table) {
        List<String> own =
                List.of(
                        rules.columns().id(),
                        rules.columns().updatedAt(),
                        rules.columns().validFrom(),
                        rules.columns().validTo());
        List<String> missing = own.stream().filter(c -> table.find(c).isEmpty()).toList();
        if (!missing.isEmpty()) {
            throw RunErrors.notASnapshot(node, missing);
        }
    }
}
