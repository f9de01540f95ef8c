package dev.tarn.run;

import dev.tarn.model.TableName;
import dev.tarn.model.graph.SqlText;
import dev.tarn.model.table.Type;
import dev.tarn.spi.EngineSession;
import dev.tarn.spi.QueryResult;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Collectors;

/**
 * Rows in a session that change those of a table in an order. Beside the table's columns they have
 * {@link #KIND}, {@link #UNTOLD}, {@link #AT} and {@link #ORDER}.
 *
 * @param key the columns that name a row; null is a key like others
 * @param about columns that do not make a row another one
 */
public record RowChanges(TableName rows, List<String> key, List<String> about) {
    /**
     * {@code c}, {@code r} or {@code u} for a row that is there, {@code d} for one that is not any
     * more, {@code t} when all are gone; others are passed over.
     */
    static final String KIND = "tarn_kind";

    /** A list of columns, in lower case, that keep the value they have; null for none. */
    static final String UNTOLD = "tarn_untold";

    /** When the change was made. */
    static final String AT = "tarn_at";

    /** Grows from row to row. */
    static final String ORDER = "tarn_n";

    private static final String WINDOW = "partition by %s order by " + ORDER;

    public RowChanges {
        key = List.copyOf(key);
        about = List.copyOf(about);
    }

    /** The columns of the key, for PARTITION BY. */
    String keys() {
        return key.stream().map(Type::quoted).collect(Collectors.joining(", "));
    }

    /** That two relations have the same key. */
    String same(String one, String other) {
        return key.stream()
                .map(Type::quoted)
                .map(k -> "%s.%s is not distinct from %s.%s".formatted(one, k, other, k))
                .collect(Collectors.joining(" and "));
    }

    String window() {
        return WINDOW.formatted(keys());
    }

    /** The last change that says that all rows are gone. */
    OptionalLong emptied(EngineSession session) {
        SqlText last =
                SqlText.of("select max(%s) from %s where %s = 't'".formatted(ORDER, rows, KIND));
        try (QueryResult result = session.query(last)) {
            return result.next() && result.value(0) instanceof Number n
                    ? OptionalLong.of(n.longValue())
                    : OptionalLong.empty();
        }
    }

    /** The columns that some changes do not tell, in lower case. */
    List<String> untold(EngineSession session) {
        SqlText names =
                SqlText.of(
                        "select distinct unnest(%s) as name from %s where %s is not null order by name"
                                .formatted(UNTOLD, rows, UNTOLD));
        List<String> untold = new ArrayList<>();
        try (QueryResult result = session.query(names)) {
            while (result.next()) {
                untold.add(String.valueOf(result.value(0)));
            }
        }
        return untold;
    }

    /**
     * Changes where each has the values that earlier ones told of what it does not tell. Columns
     * {@link #kept} are true where no earlier one did.
     *
     * @param untold see {@link #untold}
     */
    String filled(String from, List<String> untold) {
        if (untold.isEmpty()) {
            return from;
        }
        List<String> found = new ArrayList<>();
        List<String> values = new ArrayList<>();
        List<String> kept = new ArrayList<>();
        for (int i = 0; i < untold.size(); i++) {
            String column = Type.quoted(untold.get(i));
            found.add(
                    ", last_value(case when not coalesce(list_contains(%s, '%s'), false) then {'v': %s} end ignore nulls) over (%s) as tarn_fill_%d"
                            .formatted(
                                    UNTOLD, untold.get(i).replace("'", "''"), column, window(), i));
            values.add("(tarn_fill_%d).v as %s".formatted(i, column));
            kept.add(", tarn_fill_%d is null as %s".formatted(i, kept(i)));
        }
        return "(select * replace (%s)%s from (select *%s from %s))"
                .formatted(
                        String.join(", ", values),
                        String.join("", kept),
                        String.join("", found),
                        from);
    }

    /** Tells that the column at an index of those that are untold keeps what the table has. */
    static String kept(int index) {
        return "tarn_kept_" + index;
    }
}
