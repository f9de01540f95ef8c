package dev.tarn.iceberg.rest;

import dev.tarn.iceberg.MetadataFiles;
import dev.tarn.iceberg.StorageFileIo;
import dev.tarn.model.TableName;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Where clients may have files of tables or views: below one folder, unless anywhere will do. */
final class Locations {
    private final String root;
    private final boolean anywhere;

    Locations(String root, boolean anywhere) {
        this.root = root.replaceAll("/+$", "");
        this.anywhere = anywhere;
    }

    /** The wished location if it may be, or one of our own if there is no wish. */
    String chosen(@Nullable String wished, TableName name) {
        if (wished == null || wished.isBlank()) {
            return MetadataFiles.newTableLocation(root, name.schema(), name.table());
        }
        require(wished);
        return wished.replaceAll("/+$", "");
    }

    /** The folder of a schema, below which its tables lie unless somebody wishes otherwise. */
    String ofSchema(String schema) {
        return MetadataFiles.schemaLocation(root, schema);
    }

    void require(String location) {
        String place = StorageFileIo.normalized(location);
        boolean climbs = Arrays.asList(place.split("/")).contains("..");
        if (climbs || !(anywhere || place.startsWith(root + "/"))) {
            throw RestErrors.outside(location, root);
        }
    }
}
