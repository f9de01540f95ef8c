package dev.tarn.run;

import dev.tarn.model.table.Field;
import dev.tarn.model.table.Schema;
import dev.tarn.model.table.SchemaChange;
import dev.tarn.model.table.Type;
import dev.tarn.model.table.Type.Decimal;
import dev.tarn.model.table.Type.Primitive;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The steps that lead from one schema to another. Columns are the same when their names are. */
final class SchemaDiff {
    private SchemaDiff() {}

    /**
     * All steps, for a table whose rows are replaced: columns may go and change their type. What
     * goes is dropped after what comes was added, because a table always has a column.
     */
    static List<SchemaChange> replacing(Schema from, Schema to) {
        List<SchemaChange> steps = new ArrayList<>();
        List<SchemaChange> drops = new ArrayList<>();
        for (Field old : from.fields()) {
            Optional<Field> now = to.find(old.name());
            if (now.isEmpty()) {
                drops.add(new SchemaChange.Drop(old.name()));
            } else if (!becomes(old.type(), now.get().type())) {
                String aside = aside(old.name(), from, to);
                steps.add(new SchemaChange.Rename(old.name(), aside));
                drops.add(new SchemaChange.Drop(aside));
            } else if (old.required()) {
                steps.add(new SchemaChange.MakeOptional(old.name()));
            }
        }
        steps.addAll(additions(from, to, true));
        steps.addAll(drops);
        steps.addAll(order(to));
        return steps;
    }

    /** A name that neither schema has, for a column on its way out. */
    private static String aside(String name, Schema from, Schema to) {
        String free = name + "__old";
        while (from.find(free).isPresent() || to.find(free).isPresent()) {
            free += "_";
        }
        return free;
    }

    /** Steps that keep every old row readable: new columns and wider types. */
    static List<SchemaChange> growing(Schema from, Schema to) {
        return additions(from, to, false);
    }

    /** Steps that add what is new; the type of a column that is there stays as it is. */
    static List<SchemaChange> added(Schema from, Schema to) {
        return growing(from, to).stream()
                .filter(s ->
                        !(s instanceof SchemaChange.Widen w && from.find(w.column()).isPresent()))
                .toList();
    }

    /** The columns that {@code to} no longer has. */
    static List<SchemaChange> drops(Schema from, Schema to) {
        return from.fields().stream()
                .filter(f -> to.find(f.name()).isEmpty())
                .<SchemaChange>map(f -> new SchemaChange.Drop(f.name()))
                .toList();
    }

    private static List<SchemaChange> additions(Schema from, Schema to, boolean replaced) {
        List<SchemaChange> steps = new ArrayList<>();
        for (Field now : to.fields()) {
            Optional<Field> old = from.find(now.name());
            if (old.isEmpty() || (replaced && !becomes(old.get().type(), now.type()))) {
                steps.add(
                        new SchemaChange.Add(
                                now.name(), now.type().withoutIds(), Optional.empty()));
            } else if (!same(old.get().type(), now.type())
                    && becomes(old.get().type(), now.type())) {
                steps.add(new SchemaChange.Widen(old.get().name(), now.type()));
            } else if (!replaced) {
                steps.addAll(inside(old.get().name(), old.get().type(), now.type()));
            }
        }
        return steps;
    }

    /** The parts that a struct has and did not have, and those that are wider now. */
    private static List<SchemaChange> inside(String column, Type from, Type to) {
        List<SchemaChange> steps = new ArrayList<>();
        if (from instanceof Type.Struct before && to instanceof Type.Struct after) {
            for (SchemaChange step :
                    additions(new Schema(before.fields()), new Schema(after.fields()), false)) {
                steps.add(
                        switch (step) {
                            case SchemaChange.Add add ->
                                    new SchemaChange.Add(
                                            column + "." + add.column(),
                                            add.type(),
                                            add.initialDefault());
                            case SchemaChange.Widen widen ->
                                    new SchemaChange.Widen(
                                            column + "." + widen.column(), widen.type());
                            default -> step;
                        });
            }
        }
        return steps;
    }

    private static List<SchemaChange> order(Schema to) {
        List<SchemaChange> steps = new ArrayList<>();
        Optional<String> before = Optional.empty();
        for (Field field : to.fields()) {
            steps.add(new SchemaChange.Move(field.name(), before));
            before = Optional.of(field.name());
        }
        return steps;
    }

    private static boolean same(Type a, Type b) {
        return a.withoutIds().equals(b.withoutIds());
    }

    /** The columns of {@code to} whose values columns of {@code from} would round or cut. */
    static List<Field> losing(Schema from, Schema to) {
        return to.fields().stream()
                .filter(now ->
                        from.find(now.name())
                                .filter(old -> !becomes(old.type(), now.type()))
                                .filter(old -> cuts(old.type(), now.type()))
                                .isPresent())
                .toList();
    }

    private static boolean cuts(Type held, Type values) {
        boolean inexact =
                values == Primitive.FLOAT
                        || values == Primitive.DOUBLE
                        || values == Primitive.VARCHAR;
        if (held == Primitive.INTEGER || held == Primitive.BIGINT) {
            return inexact || (values instanceof Decimal d && d.scale() > 0);
        }
        if (held instanceof Decimal d) {
            return inexact || (values instanceof Decimal v && v.scale() > d.scale());
        }
        return held == Primitive.DATE
                && (values == Primitive.TIMESTAMP
                        || values == Primitive.TIMESTAMPTZ
                        || values == Primitive.TIMESTAMP_NS);
    }

    /** Whether a column of one type can become one of the other without losing anything. */
    static boolean becomes(Type from, Type to) {
        if (same(from, to)) {
            return true;
        }
        return switch (from) {
            case Primitive p ->
                    (p == Primitive.INTEGER && to == Primitive.BIGINT)
                            || (p == Primitive.FLOAT && to == Primitive.DOUBLE);
            case Decimal d ->
                    to instanceof Decimal w
                            && w.scale() == d.scale()
                            && w.precision() >= d.precision();
            case Type.Struct s -> false;
            case Type.ListOf l -> false;
            case Type.MapOf m -> false;
        };
    }
}
