package dev.tarn.delta;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.TableName;
import dev.tarn.model.TarnException;
import dev.tarn.model.table.Field;
import dev.tarn.model.table.Schema;
import dev.tarn.model.table.StateChange;
import dev.tarn.model.table.TableFile;
import dev.tarn.model.table.TablePointer;
import dev.tarn.model.table.TableState;
import dev.tarn.spi.Tables;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Works out what a version of a log has to say. Writes nothing. */
final class Versions {
    private static final Set<ErrorCode> DAMAGE =
            Set.of(ErrorCode.FILE_MISSING, ErrorCode.FILE_CORRUPT);

    private final Tables tables;
    private final TableName name;
    private final String home;

    Versions(Tables tables, TableName name, String home) {
        this.tables = tables;
        this.name = name;
        this.home = home;
    }

    /** What to do with a state. */
    sealed interface Step {}

    /**
     * Write these actions.
     *
     * @param fed the columns of rows whose changes are to be told one by one; empty if they are not
     */
    record Version(List<ObjectNode> actions, List<Field> fed) implements Step {}

    /** There is nothing to tell. */
    record Nothing() implements Step {}

    /** What was told can no longer be continued: take it away and begin again. */
    record Anew() implements Step {}

    /**
     * @param isNewest whether no newer state is known, so that this one cannot be passed over
     */
    Step step(Optional<Told> last, Told next, boolean isNewest) {
        if (last.isPresent() && last.get().pointer().equals(next.pointer())) {
            return new Nothing();
        }
        StateChange change;
        try {
            change = tables.change(last.map(Told::pointer), next.pointer());
        } catch (TarnException e) {
            if (last.isPresent() && e.code() == ErrorCode.UNSUPPORTED) {
                return new Anew();
            }
            if (!DAMAGE.contains(e.code())) {
                throw e;
            }
            boolean isWhole = isWhole(next.pointer());
            if (!isWhole && !isNewest) {
                return new Nothing();
            }
            if (isWhole && last.isPresent()) {
                return new Anew();
            }
            throw e;
        }
        return step(last, next, change);
    }

    /** Whether a state's own files are there; if so it is the older one whose files are not. */
    private boolean isWhole(TablePointer pointer) {
        try {
            tables.change(Optional.empty(), pointer);
            return true;
        } catch (TarnException e) {
            return false;
        }
    }

    private Step step(Optional<Told> last, Told next, StateChange change) {
        Description now = description(change.state(), change.schemas());
        Optional<Description> before =
                change.before().map(state -> description(state, change.schemasBefore()));
        if (before.isPresent() && before.get().tracksRows() != now.tracksRows()) {
            return new Anew();
        }
        boolean isSameLayout = last.isPresent() && last.get().layout().equals(Description.LAYOUT);
        List<ObjectNode> actions = new ArrayList<>();
        actions.add(commitInfo(next, change));
        if (!isSameLayout || before.isEmpty() || !before.get().protocol().equals(now.protocol())) {
            actions.add(now.protocol());
        }
        if (!isSameLayout || before.isEmpty() || !before.get().metaData().equals(now.metaData())) {
            actions.add(now.metaData());
        }
        standing(actions, next, change, now);
        Actions told = new Actions(home, now);
        boolean dataChange = !change.rearranged();
        for (TableFile file : change.removed()) {
            actions.add(told.remove(file, next.at(), dataChange));
        }
        for (TableFile file : change.added()) {
            actions.add(told.add(file, next.at(), dataChange));
        }
        boolean updates =
                dataChange
                        && last.isPresent()
                        && !change.removed().isEmpty()
                        && !change.added().isEmpty();
        return new Version(actions, updates && now.hasChangeFeed() ? now.fields() : List.of());
    }

    private Description description(TableState state, List<Schema> schemas) {
        return new Description(name, home, state, schemas);
    }

    private static void standing(
            List<ObjectNode> actions, Told told, StateChange change, Description description) {
        actions.add(Actions.transaction(told.publication(), told.at()));
        if (description.tracksRows() && change.nextRowId() > 0) {
            actions.add(Actions.highWaterMark(change.nextRowId()));
        }
    }

    private static ObjectNode commitInfo(Told next, StateChange change) {
        boolean adds = !change.added().isEmpty();
        boolean removes = !change.removed().isEmpty();
        String operation;
        if (change.before().isEmpty()) {
            operation = "CREATE TABLE";
        } else if (change.rearranged()) {
            operation = "OPTIMIZE";
        } else if (adds) {
            operation = "WRITE";
        } else {
            operation = removes ? "DELETE" : "SET TBLPROPERTIES";
        }
        return next.commitInfo(
                operation, adds && !removes, change.added().size(), change.removed().size());
    }

    /** Everything that holds at a version, as a checkpoint has it. */
    List<ObjectNode> all(Told told) {
        StateChange change = tables.change(Optional.empty(), told.pointer());
        Description description = description(change.state(), change.schemas());
        List<ObjectNode> actions = new ArrayList<>();
        actions.add(description.protocol());
        actions.add(description.metaData());
        standing(actions, told, change, description);
        Actions files = new Actions(home, description);
        for (TableFile file : change.added()) {
            actions.add(files.add(file, told.at(), false));
        }
        return actions;
    }
}
