package dev.tarn.iceberg;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.util.TokenBuffer;
import dev.tarn.model.TarnException;
import dev.tarn.model.table.TablePointer;
import dev.tarn.spi.Storage;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Clock;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.iceberg.TableMetadata;
import org.apache.iceberg.TableMetadataParser;
import org.jspecify.annotations.Nullable;

/**
 * Metadata files by location. They never change, so what was read once is kept. Safe for use by
 * many threads. Public for the neighbouring package only.
 */
public final class MetadataFiles {
    private static final int KEPT = 256;

    /** A snapshot takes about a kilobyte, and each file lists all of a table's. */
    private static final int KEPT_SNAPSHOTS = 4_096;

    private static final Pattern VERSION = Pattern.compile("(\\d{1,9})-.*");
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** What Iceberg looks at by itself; for all else the clock is given. */
    private static final Clock MACHINE = Clock.systemUTC();

    private final StorageFileIo io;
    private final Storage storage;
    private final Clock clock;
    private final KeptMetadata cache = new KeptMetadata(KEPT, KEPT_SNAPSHOTS);

    public MetadataFiles(Storage storage, Clock clock) {
        this.io = new StorageFileIo(storage);
        this.storage = storage;
        this.clock = clock;
    }

    public StorageFileIo io() {
        return io;
    }

    public TableMetadata read(TablePointer pointer) {
        String location = pointer.metadataLocation();
        Optional<TableMetadata> known = cache.find(location);
        if (known.isPresent()) {
            return known.get();
        }
        TableMetadata metadata;
        try {
            metadata = TableMetadataParser.read(io.newInputFile(location));
        } catch (TarnException e) {
            throw e;
        } catch (RuntimeException e) {
            throw IcebergErrors.metadataUnreadable(
                    location, e, new MetadataVersions(storage).lastGood(location));
        }
        return keep(location, metadata);
    }

    /**
     * Looks for a file on local disk; objects of a store are taken for granted, since asking costs.
     */
    public boolean isThere(TablePointer pointer) {
        String location = StorageFileIo.normalized(pointer.metadataLocation());
        return location.contains("://") || storage.find(location).isPresent();
    }

    /**
     * Writes a new metadata file beside its predecessors.
     *
     * @param base the state it follows; null for the first of a table
     */
    TablePointer write(@Nullable TableMetadata base, TableMetadata metadata) {
        return write(nextLocation(base, metadata), stamped(base, metadata));
    }

    /** The same with the times that another engine gave its snapshots. */
    public TablePointer add(@Nullable TableMetadata base, TableMetadata metadata) {
        return write(nextLocation(base, metadata), tree(metadata));
    }

    /** Removes a metadata file that {@link #add} wrote and nobody came to see. */
    public void remove(TablePointer pointer) {
        cache.remove(pointer.metadataLocation());
        storage.delete(StorageFileIo.normalized(pointer.metadataLocation()));
    }

    private static String nextLocation(@Nullable TableMetadata base, TableMetadata metadata) {
        return "%s/metadata/%05d-%s.metadata.json"
                .formatted(
                        metadata.location(),
                        base == null ? 0 : version(base) + 1,
                        UUID.randomUUID());
    }

    private TablePointer write(String location, ObjectNode json) {
        try (OutputStream out = storage.create(StorageFileIo.normalized(location))) {
            out.write(JSON.writeValueAsBytes(json));
        } catch (IOException e) {
            throw IcebergErrors.notWritten(location, e);
        }
        keep(location, TableMetadataParser.fromJson(location, json));
        return new TablePointer(location);
    }

    /** Iceberg stamps what it makes from the machine's clock; here it gets ours. */
    private ObjectNode stamped(@Nullable TableMetadata base, TableMetadata metadata) {
        ObjectNode root = tree(metadata);
        Times.stamp(root, base, clock.millis());
        return root;
    }

    /** The state of a table as Iceberg can change it, whatever the machine's clock says. */
    static TableMetadata changeable(TableMetadata metadata) {
        long now = MACHINE.millis();
        if (!Times.isAhead(metadata, now)) {
            return metadata;
        }
        ObjectNode root = tree(metadata);
        Times.putBack(root, now);
        return TableMetadataParser.fromJson(metadata.metadataFileLocation(), root);
    }

    private static ObjectNode tree(TableMetadata metadata) {
        try (TokenBuffer buffer = new TokenBuffer(JSON, false)) {
            TableMetadataParser.toJson(metadata, buffer);
            return (ObjectNode) JSON.<JsonNode>readTree(buffer.asParser());
        } catch (IOException e) {
            throw new IllegalStateException("JSON in memory cannot fail to be read", e);
        }
    }

    private static int version(TableMetadata base) {
        String location = base.metadataFileLocation();
        Matcher matcher = VERSION.matcher(location.substring(location.lastIndexOf('/') + 1));
        return matcher.matches() ? Integer.parseInt(matcher.group(1)) : 0;
    }

    private TableMetadata keep(String location, TableMetadata metadata) {
        cache.keep(location, metadata);
        return metadata;
    }

    /** A folder for a new table: readable, safe in every storage, and never used before. */
    public static String newTableLocation(String warehouse, String schema, String table) {
        return "%s/%s-%s"
                .formatted(
                        schemaLocation(warehouse, schema),
                        safe(table),
                        UUID.randomUUID().toString().substring(0, 8));
    }

    /** The folder with the tables of a schema. */
    public static String schemaLocation(String warehouse, String schema) {
        return warehouse + "/" + safe(schema);
    }

    private static String safe(String name) {
        String safe = name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9_-]", "_");
        return safe.substring(0, Math.min(safe.length(), 80));
    }
}
