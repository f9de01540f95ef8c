package dev.tarn.run;

import dev.tarn.model.TarnException;
import dev.tarn.model.catalog.Change;
import dev.tarn.model.catalog.Change.Expected;
import dev.tarn.model.catalog.Entry;
import dev.tarn.model.catalog.EntryKey;
import dev.tarn.model.catalog.Versioned;
import dev.tarn.model.graph.Node;
import dev.tarn.model.graph.SqlText;
import dev.tarn.model.table.Schema;
import dev.tarn.model.table.TableDefinition;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Makes a table of a CSV file of the project. */
final class SeedTask {
    /** All columns are known, so nothing is guessed. */
    private static final String COLUMNS = ", auto_detect = false, parallel = false, columns = {";

    private SeedTask() {}

    static TaskResult run(Node.Seed seed, TaskContext context) {
        if (seed.obstacle().isPresent()) {
            throw new TarnException(seed.obstacle().get());
        }
        EntryKey key = EntryKey.of(seed.relation());
        Optional<Versioned> existing = context.view().find(key);
        Provenance provenance = Provenance.of(seed, context);
        boolean hooks = !seed.rules().before().isEmpty() || !seed.rules().after().isEmpty();
        if (!context.full() && !hooks && provenance.isThatOf(existing)) {
            return TaskResult.unchanged("same file");
        }
        SqlText query = query(seed, context);
        Schema schema = context.session().describe(query);
        TableWriter.Written written =
                context.writer()
                        .replace(
                                seed.relation(),
                                existing.flatMap(Versioned::pointer),
                                new TableDefinition(
                                        schema, List.of(), List.of(), seed.tableProperties()),
                                query);
        context.commit(
                List.of(
                        Change.put(
                                key,
                                new Entry.Table(written.pointer(), provenance.attributes()),
                                Expected.of(existing))),
                "seed " + seed.id());
        return TaskResult.done(written.rows(), written.bytes());
    }

    /** A query over the seed's file, with the declared types. */
    static SqlText query(Node.Seed seed, TaskContext context) {
        String types =
                seed.columnTypes().isEmpty()
                        ? ""
                        : seed.columnTypes().entrySet().stream()
                                .map(e -> literal(e.getKey()) + ": " + literal(e.getValue()))
                                .collect(Collectors.joining(", ", COLUMNS, "}"));
        String file = context.project().root().resolve(seed.file()).toString();
        return SqlText.of(
                "select * from read_csv(%s, header = true, delim = %s%s)"
                        .formatted(
                                literal(file), literal(String.valueOf(seed.delimiter())), types));
    }

    private static String literal(String text) {
        return "'" + text.replace("'", "''") + "'";
    }
}
