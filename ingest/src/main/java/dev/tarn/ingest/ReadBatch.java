package dev.tarn.ingest;

import dev.tarn.model.TableName;
import dev.tarn.model.TarnException;
import dev.tarn.model.graph.SqlText;
import dev.tarn.model.table.Field;
import dev.tarn.model.table.Schema;
import dev.tarn.model.table.Type;
import dev.tarn.spi.EngineSession;
import dev.tarn.spi.OpenSource.Batch;
import dev.tarn.spi.OpenSource.Outcome;
import dev.tarn.spi.OpenSource.Portion;
import dev.tarn.spi.OpenSource.Refusals;
import dev.tarn.spi.OpenSource.RowPlace;
import dev.tarn.spi.QueryResult;
import dev.tarn.spi.RowSink;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a batch in an engine session.
 *
 * @param seen the columns under the names that tables give them
 * @param relations where the rows are in the session, each with the columns that were told
 * @param documents what takes JSON objects apart, if the batch has them
 * @param document the column that has them; empty if none does
 * @param members what the source says of the members of these objects
 * @param changes how rows tell of changes, if they do and the table is to have states
 * @param kind the column that says what a row does, if there is one
 * @param place where rows are from
 * @param told how many rows are in the session
 */
record ReadBatch(
        TableName table,
        SeenColumns seen,
        Schema columns,
        List<TableName> relations,
        Optional<Documents> documents,
        String document,
        List<Schema> members,
        Optional<ToldChanges> changes,
        Optional<String> kind,
        Optional<RowPlace> place,
        List<Refused> refused,
        Map<String, Optional<String>> positions,
        long told,
        long bytes,
        boolean complete) {
    /** How names of columns begin that the landing itself needs. */
    static final String OURS = "tarn_";

    private static final int MOST_REFUSED = 100_000;

    /** A row that the connector could not read. */
    record Refused(String part, long number, String reason, String raw, String beside) {
        List<@Nullable Object> row(Instant at) {
            return Arrays.asList(
                    part, number, null, reason, raw, at, beside.isEmpty() ? null : beside);
        }
    }

    private record Told(Outcome outcome, long rows) {}

    /** Gathers what several threads refuse. */
    private record Refusing(TableName table, List<Refused> refused) implements Refusals {
        @Override
        public void refuse(String part, long number, String reason, String raw) {
            refuse(part, number, reason, raw, "");
        }

        @Override
        public void refuse(String part, long number, String reason, String raw, String beside) {
            synchronized (refused) {
                if (refused.size() == MOST_REFUSED) {
                    throw IngestErrors.tooManyRefused(table.toString(), MOST_REFUSED, reason);
                }
                refused.add(new Refused(part, number, reason, raw, beside));
            }
        }
    }

    /**
     * Reads all portions, each with a thread of its own.
     *
     * @param declared types by column name in lower case
     * @param states whether the table is to have states of rows, not what was told of them
     */
    static ReadBatch of(
            TableName table,
            Batch batch,
            boolean states,
            EngineSession session,
            Map<String, Type> declared,
            Optional<Schema> tableNow) {
        Schema columns = FileIngest.named(batch.columns());
        Optional<Documents> documents =
                batch.document()
                        .map(d ->
                                new Documents(
                                        columns,
                                        d,
                                        batch.place(),
                                        declared,
                                        tableNow,
                                        batch::members));
        List<Refused> refused = new ArrayList<>();
        Refusals refusals = new Refusing(table, refused);
        List<Portion> portions = batch.portions();
        List<TableName> relations = new ArrayList<>();
        List<RowSink> sinks = new ArrayList<>();
        for (int i = 0; i < portions.size(); i++) {
            TableName name = new TableName("tarn_ingest", "stream_" + i);
            RowSink sink = session.sink(name, columns);
            sinks.add(documents.map(d -> d.sink(sink, refusals)).orElse(sink));
            relations.add(name);
        }
        List<Told> told = read(portions, sinks, refusals);
        Map<String, Optional<String>> positions = new HashMap<>();
        told.forEach(t -> positions.putAll(t.outcome().positions()));
        List<Schema> members = batch.members();
        SeenColumns plain = new SeenColumns();
        plain.add(columns);
        SeenColumns seen = documents.map(d -> d.seen(members)).orElse(plain);
        Optional<ToldChanges> all =
                batch.changes().map(c -> ToldChanges.of(c, batch.columns(), columns));
        Optional<ToldChanges> changes = all.filter(c -> states);
        return new ReadBatch(
                table,
                seen.without(aside(columns, changes)),
                columns,
                relations,
                documents,
                batch.document().orElse(""),
                members,
                changes,
                all.map(ToldChanges::kind),
                batch.place(),
                refused,
                positions,
                told.stream().mapToLong(Told::rows).sum(),
                told.stream().mapToLong(t -> t.outcome().bytes()).sum(),
                told.stream().anyMatch(t -> t.outcome().complete()));
    }

    /** The columns that rows have whatever their objects bring; none where there are no objects. */
    Set<String> always() {
        return documents.isPresent() ? Set.copyOf(columns.names()) : Set.of();
    }

    /** Whether it is of objects, and none came that could be read: it says nothing of columns. */
    boolean isWithoutObjects() {
        return documents.isPresent() && told == refused.size();
    }

    /** Whether a row has none of some columns. */
    boolean lacks(List<String> names, EngineSession session) {
        List<String> told =
                names.stream().flatMap(n -> columns.find(n).stream()).map(Field::name).toList();
        String none =
                told.isEmpty()
                        ? "TRUE"
                        : told.stream()
                                .map(n -> Branch.name(n) + " IS NULL")
                                .collect(Collectors.joining(" AND "));
        return relations.stream()
                .map(r -> SqlText.of("SELECT 1 FROM %s WHERE %s LIMIT 1".formatted(r, none)))
                .anyMatch(some -> {
                    try (QueryResult result = session.query(some)) {
                        return result.next();
                    }
                });
    }

    /** What reads the rows into the columns that were decided. */
    List<Branch> branches(SchemaDecision decision) {
        List<Branch> branches = new ArrayList<>();
        for (int i = 0; i < relations.size(); i++) {
            TableName relation = relations.get(i);
            int place = i;
            branches.add(
                    documents
                            .map(d -> d.branch(relation.toString(), place, decision, members))
                            .orElseGet(() -> branch(relation))
                            .withBeside(beside()));
        }
        return branches;
    }

    /** Columns that are none of the table's; names that begin so are ours. */
    private static List<String> aside(Schema columns, Optional<ToldChanges> changes) {
        List<String> aside = new ArrayList<>();
        changes.ifPresent(c -> aside.addAll(c.aside()));
        columns.names().stream().filter(n -> n.startsWith(OURS)).forEach(aside::add);
        return aside;
    }

    private Branch branch(TableName name) {
        String from =
                "(SELECT *, %s AS _file, CAST(%s AS BIGINT) AS _row FROM %s)"
                        .formatted(
                                Branch.literal(table.toString()),
                                place.map(p -> Branch.name(p.number())).orElse("NULL"),
                                name);
        List<String> aside = aside(columns, changes);
        List<Field> fields =
                columns.fields().stream().filter(f -> !aside.contains(f.name())).toList();
        return new Branch(from, fields, false, false);
    }

    /** What belongs to a record and is not in it, as an expression. */
    private String beside() {
        List<String> aside = aside(columns, changes);
        List<String> values = new ArrayList<>();
        if (documents.isPresent()) {
            columns.fields().stream()
                    .filter(f -> !aside.contains(f.name()) && !f.name().equals(document))
                    .filter(f -> f.type() != Type.Primitive.BINARY)
                    .map(f -> Branch.literal(f.name()) + ", " + Branch.name(f.name()))
                    .forEach(values::add);
        }
        changes.ifPresent(
                c -> values.add(Branch.literal(ToldChanges.KIND) + ", " + Branch.name(c.kind())));
        return values.isEmpty()
                ? "CAST(NULL AS VARCHAR)"
                : "CAST(json_object(" + String.join(", ", values) + ") AS VARCHAR)";
    }

    private static List<Told> read(List<Portion> portions, List<RowSink> sinks, Refusals refusals) {
        if (portions.size() == 1) {
            return List.of(read(portions.getFirst(), sinks.getFirst(), refusals));
        }
        List<Future<Told>> readers = new ArrayList<>();
        try (ExecutorService threads =
                Executors.newFixedThreadPool(
                        portions.size(), Thread.ofPlatform().name("portion-", 1).factory())) {
            for (int i = 0; i < portions.size(); i++) {
                Portion portion = portions.get(i);
                RowSink sink = sinks.get(i);
                readers.add(threads.submit(() -> read(portion, sink, refusals)));
            }
        }
        List<Told> told = new ArrayList<>();
        readers.forEach(reader -> told.add(result(reader)));
        return told;
    }

    private static Told read(Portion portion, RowSink sink, Refusals refusals) {
        try (sink) {
            Outcome outcome = portion.read(sink, refusals);
            return new Told(outcome, sink.rows());
        }
    }

    private static Told result(Future<Told> reader) {
        try {
            return reader.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof TarnException known) {
                throw known;
            }
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw new IllegalStateException("A reader failed", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw IngestErrors.interrupted();
        }
    }
}
