package dev.tarn.cli.output;

import dev.tarn.app.Executed;
import dev.tarn.model.TableName;
import dev.tarn.model.table.Schema;
import dev.tarn.run.StatementOutcome;
import dev.tarn.spi.QueryResult;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Tells what statements did. */
public final class OutcomeLines {
    private OutcomeLines() {}

    /** One line for each statement, or the rows of a query; at the end what was published. */
    public static void print(Executed executed, PrintStream out, RowWriter.TableStyle style)
            throws IOException {
        for (StatementOutcome outcome : executed.outcomes()) {
            if (outcome.answer().isPresent()) {
                RowWriter.table(new Kept(outcome.answer().get()), out, style);
            } else {
                out.println(line(outcome));
            }
        }
        executed.run()
                .publication()
                .ifPresent(p ->
                        out.println(
                                style.paint()
                                        .dim(
                                                "Published to %s as %s by run %s."
                                                        .formatted(
                                                                executed.run().target(),
                                                                p,
                                                                executed.run().id()))));
    }

    private static String line(StatementOutcome outcome) {
        StatementOutcome.Counts counts = outcome.counts();
        List<String> parts = new ArrayList<>();
        add(parts, counts.inserted(), "inserted");
        add(parts, counts.updated(), "updated");
        add(parts, counts.deleted(), "deleted");
        String what = outcome.verb() + outcome.table().map(t -> " " + t).orElse("");
        boolean rows =
                switch (outcome.verb()) {
                    case "insert", "update", "delete", "truncate", "merge" -> true;
                    default -> false;
                };
        if (outcome.note().isPresent()) {
            parts.add(outcome.note().get());
        }
        if (parts.isEmpty()) {
            return rows ? what + ": no rows" : what;
        }
        return what + ": " + String.join(", ", parts);
    }

    private static void add(List<String> parts, long rows, String verb) {
        if (rows > 0) {
            parts.add(Amounts.count(rows, "row", "rows") + " " + verb);
        }
    }

    /** One object: the run, what it published, and the statements. */
    public static void printJson(Executed executed, PrintStream out) {
        List<Map<String, @Nullable Object>> statements = new ArrayList<>();
        for (StatementOutcome outcome : executed.outcomes()) {
            Map<String, @Nullable Object> statement = new LinkedHashMap<>();
            statement.put("statement", outcome.verb());
            statement.put("table", outcome.table().map(TableName::toString).orElse(null));
            statement.put("inserted", outcome.counts().inserted());
            statement.put("updated", outcome.counts().updated());
            statement.put("deleted", outcome.counts().deleted());
            outcome.note().ifPresent(note -> statement.put("note", note));
            outcome.answer().ifPresent(rows -> statement.put("rows", objects(rows)));
            statements.add(statement);
        }
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("run", executed.run().id().value());
        json.put("status", executed.run().status().name().toLowerCase(java.util.Locale.ROOT));
        json.put("ref", executed.run().target().value());
        json.put("publication", executed.run().publication().map(p -> p.value()).orElse(null));
        json.put("statements", statements);
        Json.print(json, out);
    }

    private static List<Map<String, @Nullable Object>> objects(StatementOutcome.Rows rows) {
        List<Map<String, @Nullable Object>> objects = new ArrayList<>();
        List<String> names = rows.schema().names();
        for (List<@Nullable Object> row : rows.first()) {
            Map<String, @Nullable Object> object = new LinkedHashMap<>();
            for (int i = 0; i < names.size(); i++) {
                Object value = row.get(i);
                boolean plain =
                        value == null || value instanceof Number || value instanceof Boolean;
                object.put(names.get(i), plain ? value : Values.text(value));
            }
            objects.add(object);
        }
        return objects;
    }

    /** Rows that were kept, to be written as those of any query. */
    private static final class Kept implements QueryResult {
        private final StatementOutcome.Rows rows;
        private int at = -1;

        Kept(StatementOutcome.Rows rows) {
            this.rows = rows;
        }

        @Override
        public Schema schema() {
            return rows.schema();
        }

        @Override
        public boolean next() {
            return ++at < rows.first().size();
        }

        @Override
        public @Nullable Object value(int column) {
            return rows.first().get(at).get(column);
        }

        @Override
        public long writeArrow(OutputStream out) {
            throw new IllegalStateException("Rows that were kept are written as text");
        }

        @Override
        public void close() {}
    }
}
