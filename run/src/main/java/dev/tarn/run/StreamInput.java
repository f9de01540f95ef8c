package dev.tarn.run;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.TableName;
import dev.tarn.model.TarnException;
import dev.tarn.model.graph.Node;
import dev.tarn.model.graph.SqlText;
import dev.tarn.model.graph.StreamRules;
import dev.tarn.model.table.TablePointer;
import dev.tarn.model.table.TableScan;
import dev.tarn.model.table.TableScan.DataFile;
import dev.tarn.model.table.TableState;
import dev.tarn.spi.ChangedFiles;
import dev.tarn.spi.EngineSession;
import dev.tarn.spi.QueryResult;
import dev.tarn.spi.Relation;
import dev.tarn.spi.Relation.Places;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The rows that a table gained since a stream last read it. Upkeep may have written them into other
 * files since, and may have removed the state that was read: rows are told apart by their ids.
 */
final class StreamInput {
    private static final long NO_IDS = -1;

    /** What was read is no longer kept, but what is there now can tell which rows are new. */
    private static final Set<ErrorCode> NOT_KEPT =
            Set.of(ErrorCode.FILE_MISSING, ErrorCode.FILE_CORRUPT);

    private final Node.Model model;
    private final StreamRules rules;
    private final TaskContext context;
    private final EngineSession session;
    private final StreamPlan.Followed input;
    private final Optional<StreamMemory.Input> then;
    private final TableName gone;

    StreamInput(
            Node.Model model,
            StreamRules rules,
            TaskContext context,
            StreamPlan.Followed input,
            Optional<StreamMemory.Input> then) {
        this.model = model;
        this.rules = rules;
        this.context = context;
        this.session = context.session();
        this.input = input;
        this.then = then;
        this.gone = StreamSql.named("gone", input.call().number());
    }

    /** Makes the new rows a relation of the session; returns the SQL that asks for them. */
    String define() {
        TableName name = StreamSql.named("new", input.call().number());
        String columns = StreamSql.list(input.columns().names());
        String query = "select %s from %s".formatted(columns, name);
        if (context.data().empty()) {
            session.define(name, new Relation.Shape(input.columns()));
            return query;
        }
        if (then.isEmpty()) {
            session.define(name, whole(new Places.Untold()));
            return query;
        }
        StreamMemory.Input before = then.get();
        if (!state().uuid().equals(before.uuid())) {
            throw StreamErrors.otherInput(model, input.table(), "was made anew since");
        }
        if (before.pointer().equals(input.pointer())) {
            session.define(name, new Relation.Shape(input.columns()));
            return query;
        }
        ChangedFiles files;
        try {
            files =
                    ChangedFiles.between(
                            context.tables(),
                            Optional.of(before.pointer()),
                            Optional.of(input.pointer()));
        } catch (TarnException failure) {
            if (!NOT_KEPT.contains(failure.code()) || before.nextRow() == NO_IDS) {
                throw failure;
            }
            session.define(name, whole(new Places.Told()));
            return query + " where %s >= %d".formatted(Places.ROW_ID, before.nextRow());
        }
        session.define(name, files.come());
        return query + (come(files) ? "" : otherThanGone());
    }

    private String otherThanGone() {
        return " as c where not exists (select 1 from %1$s as g where g.%2$s = c.%2$s)"
                .formatted(gone, Places.ROW_ID);
    }

    /** Whether all rows that came are new ones. */
    private boolean come(ChangedFiles files) {
        if (files.gone().scan().plan(List.of()).files().isEmpty()) {
            return true;
        }
        if (files.identity() != ChangedFiles.Identity.ROW_IDS) {
            throw StreamErrors.otherInput(
                    model, input.table(), "has rows that were changed or deleted since");
        }
        session.define(gone, files.gone());
        if (!rules.passesChanges()) {
            refuseChanges(files);
        }
        return false;
    }

    /** Rows that are only written into other files are the same rows. */
    private void refuseChanges(ChangedFiles files) {
        TableName come = StreamSql.named("come", input.call().number());
        session.define(come, files.come());
        long changed =
                count(
                        "select count(*) from %1$s as g where not exists (select 1 from %2$s as c where c.%3$s = g.%3$s and c.%4$s = g.%4$s)"
                                .formatted(gone, come, Places.ROW_ID, Places.LAST_UPDATED));
        if (changed > 0) {
            throw StreamErrors.otherInput(
                    model,
                    input.table(),
                    "has %d row%s changed or deleted since"
                            .formatted(changed, changed == 1 ? " that was" : "s that were"));
        }
    }

    private long count(String sql) {
        try (QueryResult rows = session.query(SqlText.of(sql))) {
            return rows.next() && rows.value(0) instanceof Number n ? n.longValue() : 0;
        }
    }

    private TableState state() {
        return context.tables().state(input.pointer());
    }

    private Relation.Table whole(Places places) {
        TablePointer pointer = input.pointer();
        return new Relation.Table(
                input.columns(),
                predicates -> context.tables().scan(pointer, Optional.empty(), predicates),
                places);
    }

    /** How far it is read now. */
    StreamMemory.Input now(Map<String, StreamMemory.Mark> marks) {
        if (context.data().empty() && then.isPresent()) {
            return then.get();
        }
        long next = nextRow();
        long before = then.map(StreamMemory.Input::nextRow).orElse(0L);
        return new StreamMemory.Input(
                input.pointer(),
                state().uuid(),
                next == NO_IDS || before == NO_IDS ? NO_IDS : Math.max(next, before),
                marks);
    }

    private long nextRow() {
        TableScan scan = context.tables().scan(input.pointer(), Optional.empty(), List.of());
        long next = 0;
        for (DataFile file : scan.files()) {
            if (file.lineage().isEmpty()) {
                return NO_IDS;
            }
            next = Math.max(next, file.lineage().get().firstRowId() + file.rows());
        }
        return next;
    }
}
