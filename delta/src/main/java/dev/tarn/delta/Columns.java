package dev.tarn.delta;

import dev.tarn.model.table.Field;
import dev.tarn.model.table.Schema;
import dev.tarn.model.table.Type;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * What the past of a table's columns says about them: the name each keeps in the log for ever, and
 * the types it has had. A column keeps the name it was made with, which is the one in the oldest
 * files; one that takes up a name that was used before gets its id behind it, as statistics of old
 * files speak of the other.
 */
final class Columns {
    private final Map<Integer, String> physical = new HashMap<>();
    private final Map<Integer, List<Type>> types = new HashMap<>();
    private final Set<Integer> original = new HashSet<>();
    private final Map<Integer, Set<String>> taken = new HashMap<>();
    private int maxId;

    private Columns() {}

    /**
     * @param schemas all the table has had, oldest first
     */
    static Columns of(List<Schema> schemas) {
        Columns columns = new Columns();
        for (int i = 0; i < schemas.size(); i++) {
            columns.see(0, schemas.get(i).fields(), i == 0);
        }
        return columns;
    }

    /** The name of a column in statistics, and in files if nobody renamed it. */
    String physicalName(Field field) {
        return physical.getOrDefault(field.id(), field.name());
    }

    /** The types a column has had, oldest first. */
    List<Type> types(Field field) {
        return types.getOrDefault(field.id(), List.of(field.type()));
    }

    /** Whether the table was made with the column. */
    boolean isOriginal(Field field) {
        return original.contains(field.id());
    }

    /** The largest id of any column or part of one. */
    int maxId() {
        return maxId;
    }

    private void see(int parent, List<Field> fields, boolean first) {
        for (Field field : fields) {
            see(parent, field, first);
        }
    }

    private void see(int parent, Field field, boolean first) {
        maxId = Math.max(maxId, field.id());
        if (!physical.containsKey(field.id())) {
            Set<String> names = taken.computeIfAbsent(parent, p -> new HashSet<>());
            boolean isFree = names.add(field.name().toLowerCase(Locale.ROOT));
            physical.put(field.id(), isFree ? field.name() : field.name() + "-" + field.id());
        }
        if (first) {
            original.add(field.id());
        }
        List<Type> past = types.computeIfAbsent(field.id(), id -> new ArrayList<>());
        if (past.isEmpty() || !past.getLast().equals(field.type())) {
            past.add(field.type());
        }
        switch (field.type()) {
            case Type.Struct s -> see(field.id(), s.fields(), first);
            case Type.ListOf l -> see(field.id(), l.element(), first);
            case Type.MapOf m -> {
                see(field.id(), m.key(), first);
                see(field.id(), m.value(), first);
            }
            case Type.Primitive p -> {}
            case Type.Decimal d -> {}
        }
    }
}
