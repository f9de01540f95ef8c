package dev.tarn.iceberg.rest;

import dev.tarn.iceberg.MetadataFiles;
import dev.tarn.iceberg.StorageFileIo;
import dev.tarn.model.TableName;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Where clients may have the files of tables: below the warehouse's own place. What they ask for
 * elsewhere when they make a table is a wish that is not granted.
 */
final class Locations {
    private final String root;

    Locations(String root) {
        this.root = root.replaceAll("/+$", "");
    }

    /** The wished location if it can be, else one of our own. */
    String chosen(@Nullable String wished, TableName name) {
        return wished != null && isInside(wished)
                ? wished.replaceAll("/+$", "")
                : MetadataFiles.newTableLocation(root, name.schema(), name.table());
    }

    void require(String location) {
        if (!isInside(location)) {
            throw RestErrors.outside(location, root);
        }
    }

    private boolean isInside(String location) {
        String place = StorageFileIo.normalized(location);
        boolean climbs = Arrays.asList(place.split("/")).contains("..");
        return !climbs && place.startsWith(root + "/");
    }
}
