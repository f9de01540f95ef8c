package dev.tarn.iceberg.rest;

import dev.tarn.iceberg.IcebergTypes;
import dev.tarn.iceberg.MetadataFiles;
import dev.tarn.iceberg.StorageFileIo;
import dev.tarn.model.TableName;
import dev.tarn.model.catalog.Entry;
import dev.tarn.model.catalog.Versioned;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.iceberg.MetadataUpdate;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.view.ImmutableSQLViewRepresentation;
import org.apache.iceberg.view.ImmutableViewVersion;
import org.apache.iceberg.view.SQLViewRepresentation;
import org.apache.iceberg.view.ViewMetadata;
import org.apache.iceberg.view.ViewMetadataParser;
import org.apache.iceberg.view.ViewProperties;
import org.apache.iceberg.view.ViewVersion;
import org.jspecify.annotations.Nullable;

/**
 * Views in both forms. What a client made is kept as a metadata file, with the query that Tarn can
 * run, if there is one, in the catalog; of Tarn's own views the metadata is made when it is asked
 * for.
 */
final class ViewFiles {
    private static final String METADATA = Entry.View.METADATA;

    private static final List<String> HOUSE_DIALECTS = List.of("tarn", "duckdb");

    private final MetadataFiles files;
    private final String root;
    private final String tables;
    private final Locations locations;

    /**
     * @param root the folder of views
     * @param tables that of tables
     */
    ViewFiles(MetadataFiles files, String root, String tables, boolean anyLocation) {
        this.files = files;
        this.root = root;
        this.tables = tables.replaceAll("/+$", "");
        this.locations = new Locations(root, anyLocation);
    }

    /**
     * Where the files of a new view go: not among tables, which is where clients wish for them that
     * take the namespace's folder.
     */
    String location(@Nullable String wished, TableName name) {
        boolean amongTables =
                wished != null && StorageFileIo.normalized(wished).startsWith(tables + "/");
        return locations.chosen(amongTables ? null : wished, name);
    }

    void apply(MetadataUpdate update, ViewMetadata.Builder view) {
        if (update instanceof MetadataUpdate.SetLocation moved) {
            locations.require(moved.location());
        }
        update.applyTo(view);
    }

    ViewMetadata registered(String location) {
        locations.require(location);
        return read(location);
    }

    ViewMetadata read(Versioned found) {
        Entry.View view = (Entry.View) found.entry();
        @Nullable String location = view.attributes().get(METADATA);
        return location == null ? described(found, view) : read(location);
    }

    private ViewMetadata read(String location) {
        return ViewMetadataParser.read(files.io().newInputFile(location));
    }

    /** Metadata with the location of the file it is now in. */
    ViewMetadata write(ViewMetadata metadata) {
        @Nullable String folder = metadata.properties().get(ViewProperties.WRITE_METADATA_LOCATION);
        if (folder == null) {
            folder = metadata.location() + "/metadata";
        } else {
            locations.require(folder);
        }
        String location =
                "%s/%05d-%s.metadata.json"
                        .formatted(folder, metadata.currentVersionId(), UUID.randomUUID());
        ViewMetadataParser.write(metadata, files.io().newOutputFile(location));
        return read(location);
    }

    void discard(ViewMetadata metadata) {
        files.io().deleteFile(metadata.metadataFileLocation());
    }

    /** What the catalog is to hold of a view that is in a file. */
    Entry.View entry(ViewMetadata metadata, Map<String, String> before) {
        Map<String, String> attributes = new HashMap<>(before);
        attributes.remove("fingerprint");
        attributes.put(METADATA, metadata.metadataFileLocation());
        List<SQLViewRepresentation> queries =
                metadata.currentVersion().representations().stream()
                        .filter(SQLViewRepresentation.class::isInstance)
                        .map(SQLViewRepresentation.class::cast)
                        .toList();
        if (queries.isEmpty()) {
            throw RestErrors.malformed("the view has no query");
        }
        SQLViewRepresentation query =
                queries.stream()
                        .filter(q -> HOUSE_DIALECTS.contains(q.dialect()))
                        .findFirst()
                        .orElse(queries.getFirst());
        attributes.remove(Entry.View.DIALECT);
        if (!HOUSE_DIALECTS.contains(query.dialect())) {
            attributes.put(Entry.View.DIALECT, query.dialect());
        }
        return new Entry.View(query.sql(), IcebergTypes.fromIceberg(metadata.schema()), attributes);
    }

    private ViewMetadata described(Versioned found, Entry.View view) {
        TableName name = TableName.parse(found.key().name());
        String identity = found.key() + "@" + found.version();
        ViewVersion version =
                ImmutableViewVersion.builder()
                        .versionId(1)
                        .schemaId(0)
                        .timestampMillis(0)
                        .defaultNamespace(Namespace.of(name.schema()))
                        .addRepresentations(
                                ImmutableSQLViewRepresentation.builder()
                                        .sql(view.sql())
                                        .dialect("duckdb")
                                        .build())
                        .putSummary("operation", "create")
                        .build();
        String location = "%s/%s/%s".formatted(root, name.schema(), name.table());
        ViewMetadata described =
                ViewMetadata.builder()
                        .assignUUID(
                                UUID.nameUUIDFromBytes(identity.getBytes(StandardCharsets.UTF_8))
                                        .toString())
                        .setLocation(location)
                        .setCurrentVersion(version, IcebergTypes.toIceberg(view.schema(), 3))
                        .build();
        // A client wants to be told of a file. There will be one as soon as the view is changed.
        return ViewMetadataParser.fromJson(
                "%s/metadata/%s.metadata.json".formatted(location, found.version()),
                ViewMetadataParser.toJson(described));
    }
}
