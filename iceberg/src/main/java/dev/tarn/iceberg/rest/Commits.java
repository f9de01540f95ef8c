package dev.tarn.iceberg.rest;

import dev.tarn.iceberg.MetadataFiles;
import dev.tarn.model.ErrorCode;
import dev.tarn.model.TableName;
import dev.tarn.model.TarnException;
import dev.tarn.model.catalog.Change;
import dev.tarn.model.catalog.CommitResult;
import dev.tarn.model.catalog.Entry;
import dev.tarn.model.catalog.EntryKey;
import dev.tarn.model.catalog.Versioned;
import dev.tarn.model.table.TablePointer;
import dev.tarn.spi.Catalog;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.iceberg.DataOperations;
import org.apache.iceberg.MetadataUpdate;
import org.apache.iceberg.RetryableValidationException;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.UpdateRequirement;
import org.apache.iceberg.rest.requests.UpdateTableRequest;
import org.jspecify.annotations.Nullable;

/**
 * Changes of one or more tables that become visible together. Requirements are judged on what the
 * ref holds, metadata files are written, and one commit of the catalog makes all of them visible or
 * none. Where another commit came between, everything is judged again.
 */
final class Commits {
    /** Each round somebody else was published; whoever asks still has retries of its own. */
    private static final int ATTEMPTS = 20;

    /** What says that a table is as its node made it; true no longer once others wrote to it. */
    private static final List<String> PROVENANCE = List.of("fingerprint", "inputs");

    private final Catalog catalog;
    private final MetadataFiles files;
    private final Publishing publishing;
    private final Locations locations;
    private final Turns turns = new Turns();

    Commits(Catalog catalog, MetadataFiles files, Publishing publishing, Locations locations) {
        this.catalog = catalog;
        this.files = files;
        this.publishing = publishing;
        this.locations = locations;
    }

    /** What is asked for one table. */
    record Asked(TableName name, UpdateTableRequest request) {}

    /** One table on its way. */
    private record Step(
            Asked asked,
            Optional<Versioned> seen,
            @Nullable TableMetadata base,
            TableMetadata next) {
        boolean changes() {
            return base == null || !next.changes().isEmpty();
        }
    }

    /** The states after the commit, in the order in which they were asked for. */
    List<TableMetadata> commit(Exchange exchange, List<Asked> asked) {
        return turns.inTurn(
                exchange.ref(),
                asked.stream().map(Asked::name).toList(),
                () -> commitInTurn(exchange, asked));
    }

    private List<TableMetadata> commitInTurn(Exchange exchange, List<Asked> asked) {
        for (int attempt = 1; ; attempt++) {
            RefEntries entries = RefEntries.read(catalog, exchange.ref());
            List<Step> steps = asked.stream().map(a -> step(entries, a)).toList();
            Map<TableName, TablePointer> written = new HashMap<>();
            List<CommitResult.Conflict> conflicts;
            try {
                conflicts = publish(exchange, steps, written);
            } catch (TarnException e) {
                if (e.code() != ErrorCode.COMMIT_OUTCOME_UNKNOWN) {
                    written.values().forEach(this::discard);
                }
                throw e;
            }
            if (conflicts.isEmpty()) {
                return steps.stream().map(s -> after(s, written)).toList();
            }
            written.values().forEach(this::discard);
            if (attempt == ATTEMPTS) {
                throw RestErrors.moved(conflicts);
            }
        }
    }

    private List<CommitResult.Conflict> publish(
            Exchange exchange, List<Step> steps, Map<TableName, TablePointer> written) {
        List<Change> changes = new ArrayList<>();
        for (Step step : steps) {
            if (step.changes()) {
                TablePointer pointer = files.add(step.base(), step.next());
                written.put(step.asked().name(), pointer);
                changes.add(
                        Change.put(
                                EntryKey.of(step.asked().name()),
                                new Entry.Table(pointer, attributes(step)),
                                Change.Expected.of(step.seen())));
            }
        }
        return changes.isEmpty()
                ? List.of()
                : publishing.attempt(exchange, changes, told(steps), engine(steps));
    }

    private TableMetadata after(Step step, Map<TableName, TablePointer> written) {
        TablePointer pointer = written.get(step.asked().name());
        return pointer == null ? step.next() : files.read(pointer);
    }

    private void discard(TablePointer pointer) {
        files.remove(pointer);
    }

    private Step step(RefEntries entries, Asked asked) {
        Optional<Versioned> seen = entries.find(asked.name());
        UpdateTableRequest request = asked.request();
        boolean creates =
                request.requirements().stream()
                        .anyMatch(UpdateRequirement.AssertTableDoesNotExist.class::isInstance);
        if (creates) {
            if (entries.taken(asked.name()).filter(RefEntries.TABLE::equals).isPresent()) {
                throw RestErrors.createdMeanwhile(asked.name());
            }
            entries.requireFree(asked.name(), RefEntries.TABLE);
            entries.requireNamespace(Names.namespace(asked.name().schema()));
            return new Step(asked, seen, null, created(asked));
        }
        Versioned table = entries.table(Names.identifier(asked.name()));
        TableMetadata base = TableRoutes.metadata(files, table);
        require(asked, base);
        return new Step(asked, seen, base, applied(TableMetadata.buildFrom(base), asked));
    }

    private TableMetadata created(Asked asked) {
        require(asked, null);
        int formatVersion =
                asked.request().updates().stream()
                        .filter(MetadataUpdate.UpgradeFormatVersion.class::isInstance)
                        .map(MetadataUpdate.UpgradeFormatVersion.class::cast)
                        .map(MetadataUpdate.UpgradeFormatVersion::formatVersion)
                        .findFirst()
                        .orElse(2);
        return applied(TableMetadata.buildFromEmpty(formatVersion), asked);
    }

    private TableMetadata applied(TableMetadata.Builder builder, Asked asked) {
        try {
            for (MetadataUpdate update : asked.request().updates()) {
                if (update instanceof MetadataUpdate.SetLocation location) {
                    locations.require(location.location());
                }
                update.applyTo(builder);
            }
            return builder.build();
        } catch (RetryableValidationException e) {
            // It was made on a state that is no longer the newest: the client can make it again.
            throw RestErrors.stale(e);
        }
    }

    @SuppressWarnings("NullAway") // Iceberg takes null for a table that is not there.
    private static void require(Asked asked, @Nullable TableMetadata base) {
        asked.request().requirements().forEach(r -> r.validate(base));
    }

    /** Rows that another engine wrote are not what the node made; compacted ones still are. */
    private static Map<String, String> attributes(Step step) {
        Map<String, String> attributes =
                step.seen().map(s -> new HashMap<>(s.entry().attributes())).orElseGet(HashMap::new);
        boolean rewrittenOnly =
                snapshots(step).stream()
                        .allMatch(s -> DataOperations.REPLACE.equals(s.operation()));
        if (!rewrittenOnly) {
            PROVENANCE.forEach(attributes::remove);
        }
        return attributes;
    }

    private static List<Snapshot> snapshots(Step step) {
        return step.asked().request().updates().stream()
                .filter(MetadataUpdate.AddSnapshot.class::isInstance)
                .map(update -> ((MetadataUpdate.AddSnapshot) update).snapshot())
                .toList();
    }

    /** Such as {@code append to sales.orders}. */
    private static String told(List<Step> steps) {
        return steps.stream()
                .filter(Step::changes)
                .map(step -> {
                    String name = RestErrors.shown(step.asked().name());
                    String made = step.base() == null ? "create " + name : "change " + name;
                    String rows =
                            snapshots(step).stream()
                                    .map(Snapshot::operation)
                                    .distinct()
                                    .collect(Collectors.joining(" and "));
                    return rows.isEmpty()
                            ? made
                            : step.base() == null ? made + " with rows" : rows + " to " + name;
                })
                .collect(Collectors.joining(", "));
    }

    /** The engine, where its snapshots name it. */
    private static Optional<String> engine(List<Step> steps) {
        return steps.stream()
                .flatMap(step -> snapshots(step).stream())
                .map(Snapshot::summary)
                .filter(summary -> summary != null && summary.containsKey("engine-name"))
                .map(s -> s.get("engine-name") + " " + s.getOrDefault("engine-version", ""))
                .map(String::strip)
                .findFirst();
    }
}
