package dev.tarn.app;

import dev.tarn.model.AsOf;
import dev.tarn.model.RefName;
import dev.tarn.model.TableName;
import dev.tarn.model.catalog.Change;
import dev.tarn.model.catalog.Change.Expected;
import dev.tarn.model.catalog.CommitRequest;
import dev.tarn.model.catalog.CommitResult;
import dev.tarn.model.catalog.Entry;
import dev.tarn.model.catalog.EntryKey;
import dev.tarn.model.catalog.Publication;
import dev.tarn.model.catalog.Versioned;
import dev.tarn.model.graph.ExternalSpec;
import dev.tarn.model.table.AttachedPointer;
import dev.tarn.model.table.TablePointer;
import dev.tarn.model.table.TableState;
import dev.tarn.spi.Adopter;
import dev.tarn.spi.Catalog;
import dev.tarn.spi.Engine;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Makes a table of others one of Tarn's own, over the files where they are. It becomes visible only
 * after a reading of both has come to the same rows and columns.
 */
final class Adopting {
    private final Catalog catalog;
    private final Externals externals;
    private final AttachedTables tables;
    private final Adopter adopter;
    private final Engine engine;

    Adopting(
            Catalog catalog,
            Externals externals,
            AttachedTables tables,
            Adopter adopter,
            Engine engine) {
        this.catalog = catalog;
        this.externals = externals;
        this.tables = tables;
        this.adopter = adopter;
        this.engine = engine;
    }

    AdoptedTable adopt(RefName ref, TableName name, ExternalSpec spec) {
        AttachedPointer theirs = externals.newest(spec);
        if (!tables.isAdoptable(theirs)) {
            throw theirs.format().equals("hudi")
                    ? AttachErrors.cannotAdoptHudi(theirs)
                    : AttachErrors.cannotAdopt(theirs);
        }
        TableState state = tables.state(theirs.pointer());
        Optional<Versioned> existing = catalog.read(ref, AsOf.head()).find(EntryKey.of(name));
        if (existing.isPresent() && !isFrom(existing.get(), theirs)) {
            throw AttachErrors.exists(name, ref);
        }
        boolean iceberg = theirs.format().equals("iceberg");
        TablePointer pointer =
                iceberg ? AttachedTables.metadataOf(theirs) : adopted(name, theirs, state);
        TableSums sums = TableSums.of(theirs.pointer(), tables, engine);
        TableSums mine = TableSums.of(pointer, tables, engine);
        if (!sums.equals(mine)) {
            throw AttachErrors.notTheSame(theirs, sums.differences(mine));
        }
        if (!externals.newest(spec).equals(theirs)) {
            throw AttachErrors.movedWhileAdopted(theirs);
        }
        Map<String, String> attributes = new HashMap<>();
        attributes.put("adoptedFrom", theirs.location());
        attributes.put("adoptedFormat", theirs.format());
        attributes.put("adoptedVersion", theirs.version());
        Change change =
                Change.put(
                        EntryKey.of(name),
                        new Entry.Table(pointer, attributes),
                        Expected.of(existing));
        Publication publication = publish(ref, name, theirs, change);
        return new AdoptedTable(
                theirs.format(),
                theirs.version(),
                theirs.location(),
                mine.rows(),
                tables.state(pointer).current().map(TableState.Snapshot::totalFiles).orElse(0L),
                mine.columns().size(),
                publication);
    }

    private TablePointer adopted(TableName name, AttachedPointer theirs, TableState state) {
        return adopter.adopt(
                name, state, tables.scan(theirs.pointer(), Optional.empty(), List.of()));
    }

    private Publication publish(
            RefName ref, TableName name, AttachedPointer theirs, Change change) {
        String message = "adopt %s as %s".formatted(theirs.location(), name);
        return switch (catalog.commit(CommitRequest.of(ref, List.of(change), message))) {
            case CommitResult.Published done -> done.publication();
            case CommitResult.Conflicted c -> throw AttachErrors.moved(name, ref);
        };
    }

    /** A table that is attached from a place can be adopted from there under its name. */
    private static boolean isFrom(Versioned existing, AttachedPointer theirs) {
        return existing.pointer()
                .flatMap(AttachedPointer::of)
                .filter(a -> a.location().equals(theirs.location()))
                .isPresent();
    }
}
