package dev.tarn.refs;

import dev.tarn.model.TableName;
import dev.tarn.model.catalog.Entry;
import dev.tarn.model.catalog.Versioned;
import dev.tarn.model.table.Field;
import dev.tarn.model.table.Schema;
import dev.tarn.model.table.TableState;
import dev.tarn.model.table.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A table or view that two states of the warehouse do not have alike.
 *
 * @param columns what became of its columns, when both have it
 */
public record Difference(
        TableName name, Optional<Side> before, Optional<Side> after, List<ColumnChange> columns) {
    public Difference {
        columns = List.copyOf(columns);
    }

    /** What one of the two states holds. */
    public sealed interface Side {
        Schema schema();

        /** The node that made it, where one did. */
        Optional<String> node();

        /** A table. */
        record Table(Versioned entry, TableState state) implements Side {
            @Override
            public Schema schema() {
                return state.definition().schema();
            }

            @Override
            public Optional<String> node() {
                return Optional.ofNullable(entry.entry().attributes().get("node"));
            }

            public long rows() {
                return state.current().map(TableState.Snapshot::totalRows).orElse(0L);
            }
        }

        /** A view. */
        record View(Entry.View view) implements Side {
            @Override
            public Schema schema() {
                return view.schema();
            }

            @Override
            public Optional<String> node() {
                return Optional.ofNullable(view.attributes().get("node"));
            }
        }
    }

    /** What can become of a table or view. */
    public enum Kind {
        ADDED,
        DROPPED,
        CHANGED
    }

    public Kind kind() {
        return before.isEmpty() ? Kind.ADDED : after.isEmpty() ? Kind.DROPPED : Kind.CHANGED;
    }

    /**
     * One column that changed.
     *
     * @param before its name and type; empty for a new one
     * @param after empty for one that is gone
     */
    public record ColumnChange(Optional<Column> before, Optional<Column> after) {
        /** A name and a type. */
        public record Column(String name, Type type) {}
    }

    /**
     * Compares columns: by id where both are states of one table, so that a renamed column is seen
     * as such, else by name.
     */
    static List<ColumnChange> columns(Schema before, Schema after, boolean sameTable) {
        List<ColumnChange> changes = new ArrayList<>();
        for (Field old : before.fields()) {
            Optional<Field> now = counterpart(old, after, sameTable);
            boolean same =
                    now.filter(f -> f.name().equals(old.name()))
                            .filter(f -> f.type().withoutIds().equals(old.type().withoutIds()))
                            .isPresent();
            if (!same) {
                changes.add(
                        new ColumnChange(Optional.of(column(old)), now.map(Difference::column)));
            }
        }
        for (Field now : after.fields()) {
            if (counterpart(now, before, sameTable).isEmpty()) {
                changes.add(new ColumnChange(Optional.empty(), Optional.of(column(now))));
            }
        }
        return changes;
    }

    private static Optional<Field> counterpart(Field field, Schema other, boolean sameTable) {
        return sameTable
                ? other.fields().stream().filter(f -> f.id() == field.id()).findFirst()
                : other.find(field.name());
    }

    private static ColumnChange.Column column(Field field) {
        return new ColumnChange.Column(field.name(), field.type());
    }
}
