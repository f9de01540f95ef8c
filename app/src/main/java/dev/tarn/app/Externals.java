package dev.tarn.app;

import dev.tarn.model.TarnException;
import dev.tarn.model.catalog.Change;
import dev.tarn.model.catalog.Change.Expected;
import dev.tarn.model.catalog.Entry;
import dev.tarn.model.catalog.EntryKey;
import dev.tarn.model.catalog.Versioned;
import dev.tarn.model.graph.ExternalSpec;
import dev.tarn.model.graph.Node;
import dev.tarn.model.graph.NodeId;
import dev.tarn.model.table.AttachedPointer;
import dev.tarn.model.table.Schema;
import dev.tarn.model.table.TablePointer;
import dev.tarn.model.table.TableState;
import dev.tarn.run.TaskContext;
import dev.tarn.run.TaskResult;
import dev.tarn.spi.AttachedFormat;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Finds the tables of others and the version that is read of each. A version is asked for once:
 * everything in one build sees the same.
 */
final class Externals {

    private final AttachedTables tables;
    private final Path projectRoot;
    private final Map<NodeId, AttachedPointer> pinned = new ConcurrentHashMap<>();

    Externals(AttachedTables tables, Path projectRoot) {
        this.tables = tables;
        this.projectRoot = projectRoot;
    }

    /** The newest version of a table; which format it has is found out if nobody says. */
    AttachedPointer newest(ExternalSpec spec) {
        String location = absolute(spec.location());
        AttachedFormat format = format(location, spec.format());
        String version = format.newest(location);
        String zoned = spec.timeZone().filter(z -> !z.contains(":")).map(z -> "@" + z).orElse("");
        boolean delta = format.name().equals("delta");
        return new AttachedPointer(format.name(), delta ? version + zoned : version, location);
    }

    private AttachedFormat format(String location, Optional<String> asked) {
        if (asked.isPresent()) {
            return tables.formats().stream()
                    .filter(f -> f.name().equals(asked.get()))
                    .findFirst()
                    .orElseThrow(() -> AttachErrors.unknownFormat(asked.get()));
        }
        return tables.formats().stream()
                .filter(f -> f.recognises(location))
                .findFirst()
                .orElseThrow(() -> AttachErrors.nothingThere(location));
    }

    private String absolute(String location) {
        String place = location.startsWith("file://") ? location.substring(7) : location;
        if (place.matches("^[a-zA-Z][a-zA-Z0-9+.-]*://.*")) {
            return place.replaceAll("/+$", "");
        }
        return projectRoot.resolve(place).toAbsolutePath().normalize().toString();
    }

    private AttachedPointer pinned(Node.Source source) {
        try {
            return pinned.computeIfAbsent(
                    source.id(), id -> newest(source.external().orElseThrow()));
        } catch (TarnException refusal) {
            throw refusal.at(source.external().orElseThrow().place());
        }
    }

    /** The columns that a source has at the version this build reads. */
    Schema columns(Node.Source source) {
        TablePointer pointer = pinned(source).pointer();
        try {
            return tables.state(pointer).definition().schema();
        } catch (TarnException refusal) {
            throw refusal.at(source.external().orElseThrow().place());
        }
    }

    /** Lets a run's ref show the version that this build reads. */
    TaskResult load(Node.Source source, TaskContext context) {
        AttachedPointer attached = pinned(source);
        TablePointer pointer = attached.pointer();
        TableState state = tables.state(pointer);
        Optional<Versioned> existing = context.view().find(EntryKey.of(source.relation()));
        String version = "%s version %s".formatted(attached.format(), attached.version());
        if (existing.flatMap(Versioned::pointer).filter(pointer::equals).isPresent()) {
            return TaskResult.unchanged(version);
        }
        Map<String, String> attributes = attributes(attached);
        attributes.put("node", source.id().value());
        attributes.put("run", context.run().value());
        source.common().owner().ifPresent(owner -> attributes.put("owner", owner));
        if (!source.common().description().isBlank()) {
            attributes.put("description", source.common().description());
        }
        context.commit(
                List.of(
                        Change.put(
                                EntryKey.of(source.relation()),
                                new Entry.Table(pointer, attributes),
                                Expected.of(existing))),
                "attach " + source.id());
        return TaskResult.done(state.current().map(TableState.Snapshot::totalRows).orElse(0L), 0)
                .withMessage(version);
    }

    static Map<String, String> attributes(AttachedPointer attached) {
        Map<String, String> attributes = new HashMap<>();
        attributes.put("attached", attached.format());
        attributes.put("location", attached.location());
        attributes.put("version", attached.version());
        return attributes;
    }
}
