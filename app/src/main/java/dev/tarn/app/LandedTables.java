package dev.tarn.app;

import dev.tarn.ingest.Landing;
import dev.tarn.model.TableName;
import dev.tarn.model.catalog.Change;
import dev.tarn.model.catalog.Change.Expected;
import dev.tarn.model.catalog.Entry;
import dev.tarn.model.catalog.EntryKey;
import dev.tarn.model.catalog.Versioned;
import dev.tarn.model.graph.IngestSpec;
import dev.tarn.model.graph.Node;
import dev.tarn.model.graph.SqlText;
import dev.tarn.model.table.Field;
import dev.tarn.model.table.Schema;
import dev.tarn.model.table.SchemaChange;
import dev.tarn.model.table.TableDefinition;
import dev.tarn.model.table.TablePointer;
import dev.tarn.run.TableWriter;
import dev.tarn.run.TableWriter.Written;
import dev.tarn.run.TaskContext;
import dev.tarn.spi.Tables;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The tables that sources land in: their own, and the one for what does not fit. */
final class LandedTables {
    private static final String CLUSTER_BY = "tarn.cluster-by";
    private static final String OF_A_COLUMN = ".column.";

    private final Tables tables;

    LandedTables(Tables tables) {
        this.tables = tables;
    }

    /** A new table for a source's rows. */
    TablePointer create(Node.Source source, Schema schema) {
        Optional<IngestSpec> spec = source.ingest();
        return tables.create(
                source.relation(),
                new TableDefinition(
                        new Schema(schema.fields().stream().map(Field::withoutIds).toList()),
                        spec.map(IngestSpec::partitioning).orElse(List.of()),
                        List.of(),
                        properties(source)));
    }

    private static Map<String, String> properties(Node.Source source) {
        return source.ingest().map(IngestSpec::tableProperties).orElse(Map.of());
    }

    /** Those that speak of no column: the columns of a quarantine are its own. */
    private static Map<String, String> withoutColumns(Map<String, String> properties) {
        Map<String, String> general = new HashMap<>(properties);
        general.keySet().removeIf(name -> name.equals(CLUSTER_BY) || name.contains(OF_A_COLUMN));
        return general;
    }

    /**
     * Adds rows to the quarantine of a source.
     *
     * @param afresh whether what is in it goes
     */
    Optional<Change> quarantine(
            Node.Source source,
            TaskContext context,
            TableWriter writer,
            Optional<SqlText> rows,
            boolean afresh) {
        TableName name = Landing.quarantineTable(source.relation());
        Optional<Versioned> existing = context.view().find(EntryKey.of(name));
        if (rows.isEmpty()) {
            return existing.filter(e -> afresh)
                    .map(e -> Change.drop(e.key(), Expected.of(existing)));
        }
        TablePointer base =
                existing.filter(e -> !afresh)
                        .flatMap(Versioned::pointer)
                        .map(t -> withAllColumns(t, writer))
                        .orElseGet(() ->
                                tables.create(
                                        name,
                                        new TableDefinition(
                                                Landing.quarantineSchema(),
                                                List.of(),
                                                List.of(),
                                                withoutColumns(properties(source)))));
        Written written = writer.append(base, rows.get());
        return Optional.of(quarantine(source, context, written.pointer(), existing));
    }

    /** A new state of a quarantine. */
    static Change quarantine(
            Node.Source source,
            TaskContext context,
            TablePointer pointer,
            Optional<Versioned> existing) {
        Map<String, String> attributes = attributes(source, context);
        attributes.put("description", "Rows that did not fit into " + source.relation() + ".");
        return Change.put(
                EntryKey.of(Landing.quarantineTable(source.relation())),
                new Entry.Table(pointer, attributes),
                Expected.of(existing));
    }

    /** Tables of older versions of the program lack some. */
    TablePointer withAllColumns(TablePointer quarantine, TableWriter writer) {
        Schema there = tables.state(quarantine).definition().schema();
        List<SchemaChange> missing =
                Landing.quarantineSchema().fields().stream()
                        .filter(f -> there.find(f.name()).isEmpty())
                        .<SchemaChange>map(
                                f -> new SchemaChange.Add(f.name(), f.type(), Optional.empty()))
                        .toList();
        return writer.evolve(quarantine, missing);
    }

    /** What the catalog is told of a table that a source landed in. */
    static Map<String, String> attributes(Node.Source source, TaskContext context) {
        Map<String, String> attributes = new HashMap<>();
        attributes.put("node", source.id().value());
        attributes.put("run", context.run().value());
        source.common().owner().ifPresent(owner -> attributes.put("owner", owner));
        if (!source.common().description().isBlank()) {
            attributes.put("description", source.common().description());
        }
        return attributes;
    }
}
