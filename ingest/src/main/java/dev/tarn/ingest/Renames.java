package dev.tarn.ingest;

import dev.tarn.model.TableName;
import dev.tarn.model.graph.Node;
import dev.tarn.model.graph.SqlText;
import dev.tarn.model.table.Field;
import dev.tarn.model.table.Schema;
import dev.tarn.model.table.Type;
import dev.tarn.model.table.Type.Primitive;
import dev.tarn.spi.EngineSession;
import dev.tarn.spi.QueryResult;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Columns that may have been renamed at the source: one is missing, another of its type is new, and
 * has values that the first one had. That is said, never acted upon.
 */
final class Renames {
    private static final int MOST_PAIRS = 10;
    private static final int MOST_VALUES = 1000;

    private final EngineSession session;
    private final TableName table;
    private final String rows;

    /**
     * @param table a relation of the session with the rows that have landed
     * @param rows a query of those that came
     */
    Renames(EngineSession session, TableName table, String rows) {
        this.session = session;
        this.table = table;
        this.rows = rows;
    }

    /** What a column may have been called before. */
    record Rename(TableName table, String from, String to, long common, long values) {
        @Override
        public String toString() {
            return "'%s' may be '%s' under another name: %d of %d values of the one are values of the other, and their types are the same"
                    .formatted(to, from, common, values);
        }

        /** The statement that makes it so. */
        String statement() {
            return "ALTER TABLE %s RENAME COLUMN %s TO %s"
                    .formatted(table, Type.quoted(from), Type.quoted(to));
        }
    }

    /**
     * Looks for them, if columns are missing and others are new.
     *
     * @param showing makes the table's rows a relation of the session
     */
    static List<Rename> looked(
            Node.Source source,
            ReadBatch read,
            Schema now,
            Map<String, Type> declared,
            EngineSession session,
            Runnable showing) {
        if (!arePossible(now, read.seen()) || read.told() == 0) {
            return List.of();
        }
        SchemaDecision with =
                SchemaDecision.ifEvolved(
                        source.ingest().orElseThrow(), Optional.of(now), read.seen(), declared);
        String rows =
                read.branches(with).stream()
                        .map(b -> b.rows(with, "CAST(NULL AS TIMESTAMPTZ)"))
                        .collect(Collectors.joining("\nUNION ALL\n"));
        showing.run();
        return new Renames(session, source.relation(), rows).of(now, read.seen(), with.columns());
    }

    /** Whether columns are missing and others are new. */
    static boolean arePossible(Schema now, SeenColumns came) {
        return now.names().stream()
                        .filter(n -> SchemaDecision.METADATA.find(n).isEmpty())
                        .anyMatch(n -> !came.has(n))
                && came.names().stream().anyMatch(n -> now.find(n).isEmpty());
    }

    /**
     * @param now the columns that the table has
     * @param came the columns that were seen
     * @param with the columns that the table would get of them
     */
    List<Rename> of(Schema now, SeenColumns came, Schema with) {
        List<Field> missing =
                now.fields().stream()
                        .filter(f -> !came.has(f.name()))
                        .filter(f -> SchemaDecision.METADATA.find(f.name()).isEmpty())
                        .filter(f -> comparable(f.type()))
                        .toList();
        List<Rename> renames = new ArrayList<>();
        int pairs = 0;
        for (Field fresh : with.fields()) {
            if (now.find(fresh.name()).isPresent() || !came.has(fresh.name())) {
                continue;
            }
            for (Field old : missing) {
                if (old.type().equals(fresh.type()) && pairs++ < MOST_PAIRS) {
                    Rename rename = compared(old.name(), fresh.name());
                    if (rename.values() > 0 && rename.common() * 2 >= rename.values()) {
                        renames.add(rename);
                    }
                }
            }
        }
        return renames;
    }

    /** Whether equal values say something. */
    private static boolean comparable(Type type) {
        return type instanceof Type.Decimal
                || (type instanceof Primitive p
                        && p != Primitive.BOOLEAN
                        && p != Primitive.VARIANT);
    }

    private Rename compared(String old, String fresh) {
        String query =
                "SELECT count(*), count(*) FILTER (WHERE v IN (SELECT %s FROM %s.%s)) FROM (SELECT DISTINCT %s AS v FROM (%s) WHERE %s IS NOT NULL LIMIT %d)"
                        .formatted(
                                Branch.name(old),
                                Branch.name(table.schema()),
                                Branch.name(table.table()),
                                Branch.name(fresh),
                                rows,
                                Branch.name(fresh),
                                MOST_VALUES);
        try (QueryResult result = session.query(SqlText.of(query))) {
            result.next();
            return new Rename(table, old, fresh, number(result, 1), number(result, 0));
        }
    }

    private static long number(QueryResult result, int column) {
        return result.value(column) instanceof Number n ? n.longValue() : 0;
    }
}
