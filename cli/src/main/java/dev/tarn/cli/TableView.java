package dev.tarn.cli;

import dev.tarn.app.TableListing;
import dev.tarn.app.TableReport;
import dev.tarn.cli.output.Amounts;
import dev.tarn.cli.output.Json;
import dev.tarn.cli.output.Listing;
import dev.tarn.cli.output.Paint;
import dev.tarn.cli.output.Values;
import dev.tarn.cli.progress.RunListings;
import dev.tarn.model.catalog.Entry;
import dev.tarn.model.table.Field;
import dev.tarn.model.table.PartitionField;
import dev.tarn.model.table.SortField;
import dev.tarn.model.table.TableDefinition;
import dev.tarn.model.table.TableState;
import dev.tarn.model.table.TableState.Snapshot;
import dev.tarn.run.MaterializedView;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Everything about one table, as a page of text or as one object. */
final class TableView {
    private static final int SNAPSHOTS = 5;

    private final TableReport report;
    private final Instant now;

    TableView(TableReport report, Instant now) {
        this.report = report;
        this.now = now;
    }

    void print(PrintStream out, Paint paint, int columns) {
        TableListing listing = report.listing();
        out.println(paint.bold(listing.name().toString()) + "  " + listing.kind());
        listing.description().filter(d -> !d.isBlank()).ifPresent(out::println);
        out.println();
        facts().forEach((name, value) -> out.println("%-13s%s".formatted(name, value)));
        section(out, paint, "Columns");
        columns().lines(report.schema().fields(), paint, columns).forEach(out::println);
        report.sql()
                .ifPresent(sql -> {
                    section(out, paint, "Query");
                    out.println(sql.strip());
                });
        if (!report.checks().isEmpty()) {
            section(out, paint, "Checks");
            RunListings.verdicts().lines(report.checks(), paint, columns).forEach(out::println);
        }
        List<Snapshot> snapshots = newestSnapshots();
        if (!snapshots.isEmpty()) {
            section(out, paint, "Snapshots");
            snapshots().lines(snapshots, paint, columns).forEach(out::println);
        }
    }

    void printJson(PrintStream out) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.putAll(TablesCommand.listing().objects(List.of(report.listing())).getFirst());
        json.put("publication", report.publication().value());
        json.put("columns", columns().objects(report.schema().fields()));
        json.put("partitions", definition().map(d -> names(d.partitioning())));
        json.put("sortOrder", definition().map(d -> sorts(d.sortOrder())));
        json.put("properties", definition().map(d -> new TreeMap<>(d.properties())));
        json.put("location", report.state().map(TableState::location));
        json.put("formatVersion", report.state().map(TableState::formatVersion));
        json.put("sql", report.sql());
        json.put("attributes", new TreeMap<>(report.attributes()));
        json.put("checks", RunListings.verdicts().objects(report.checks()));
        json.put("snapshots", snapshots().objects(newestSnapshots()));
        Json.print(json, out);
    }

    private Map<String, String> facts() {
        Map<String, String> facts = new LinkedHashMap<>();
        TableListing listing = report.listing();
        if (report.state().isPresent()) {
            facts.put(
                    "Rows",
                    "%s in %s, %s"
                            .formatted(
                                    Amounts.count(listing.rows()),
                                    Amounts.count(listing.files(), "file", "files"),
                                    Amounts.bytes(listing.bytes())));
        }
        listing.changed().ifPresent(at -> facts.put("Changed", changed(at)));
        facts.put("Publication", report.publication().toString());
        Optional.ofNullable(report.attributes().get(MaterializedView.HOW))
                .ifPresent(how -> facts.put("Refreshed", how));
        Optional.ofNullable(report.attributes().get(Entry.WATERMARK))
                .ifPresent(time -> facts.put("Watermark", time));
        listing.owner().ifPresent(owner -> facts.put("Owner", owner));
        Optional.ofNullable(report.attributes().get("grants"))
                .ifPresent(grants -> facts.put("Grants", grants + " (noted, not enforced)"));
        definition()
                .filter(d -> !d.partitioning().isEmpty())
                .ifPresent(
                        d -> facts.put("Partitions", String.join(", ", names(d.partitioning()))));
        definition()
                .filter(d -> !d.sortOrder().isEmpty())
                .ifPresent(d -> facts.put("Sorted by", String.join(", ", sorts(d.sortOrder()))));
        Optional.ofNullable(report.attributes().get("run"))
                .ifPresent(run -> facts.put("Made by", "run " + run));
        report.state().ifPresent(state -> facts.put("Location", state.location()));
        definition()
                .filter(d -> !d.properties().isEmpty())
                .ifPresent(d -> facts.put("Properties", properties(d)));
        return facts;
    }

    private String changed(Instant at) {
        Duration ago = Duration.between(at, now);
        return Values.text(at.truncatedTo(ChronoUnit.SECONDS))
                + (ago.isNegative() ? "" : ", " + Amounts.duration(ago) + " ago");
    }

    private Optional<TableDefinition> definition() {
        return report.state().map(TableState::definition);
    }

    private List<Snapshot> newestSnapshots() {
        return report.state().map(TableState::snapshots).orElse(List.of()).reversed().stream()
                .limit(SNAPSHOTS)
                .toList();
    }

    private static Listing<Field> columns() {
        return new Listing<Field>()
                .left("COLUMN", "name", Field::name)
                .left("TYPE", "type", field -> field.type().sql())
                .left("NULLS", field -> field.required() ? "refused" : "")
                .hidden("required", Field::required)
                .left("DESCRIPTION", "description", Field::doc)
                .hidden("id", Field::id);
    }

    private static Listing<Snapshot> snapshots() {
        return new Listing<Snapshot>()
                .left("SNAPSHOT", "id", s -> Long.toString(s.id()))
                .left("AT", "committedAt", Snapshot::committedAt)
                .left("OPERATION", "operation", Snapshot::operation)
                .right("ADDED", "addedRows", Snapshot::addedRows)
                .right("DELETED", "deletedRows", Snapshot::deletedRows)
                .right("ROWS", "rows", Snapshot::totalRows)
                .right("FILES", "files", Snapshot::totalFiles)
                .right("SIZE", "bytes", s -> new Listing.Bytes(s.totalBytes()))
                .hidden("parent", s -> s.parent().map(Object::toString))
                .hidden("summary", s -> new TreeMap<>(s.summary()));
    }

    private static List<String> names(List<PartitionField> fields) {
        return fields.stream().map(f -> f.transform().of(f.column())).toList();
    }

    private static List<String> sorts(List<SortField> fields) {
        return fields.stream()
                .map(f -> f.transform().of(f.column()) + (f.descending() ? " desc" : ""))
                .toList();
    }

    private static String properties(TableDefinition definition) {
        return definition.properties().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(e -> e.getKey() + "=" + e.getValue())
                .collect(Collectors.joining(", "));
    }

    private static void section(PrintStream out, Paint paint, String title) {
        out.println();
        out.println(paint.cyan(title));
    }
}
