package dev.tarn.delta;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.tarn.model.table.TableFile;

/** Actions about files, as lines of commits and checkpoints have them. */
final class Actions {
    /** What a deletion vector's blob has around the bitmap: its length and a checksum. */
    private static final int AROUND_BITMAP = 8;

    private final String home;
    private final Description description;

    Actions(String home, Description description) {
        this.home = home;
        this.description = description;
    }

    ObjectNode add(TableFile file, long at, boolean dataChange) {
        ObjectNode action = Json.object();
        ObjectNode add = action.putObject("add");
        add.put("path", Locations.relative(home, file.location()));
        add.putObject("partitionValues");
        add.put("size", file.bytes());
        add.put("modificationTime", at);
        add.put("dataChange", dataChange);
        add.put("stats", Statistics.of(file, description.fields(), description.columns()));
        vectorAndRows(add, file);
        return action;
    }

    ObjectNode remove(TableFile file, long at, boolean dataChange) {
        ObjectNode action = Json.object();
        ObjectNode remove = action.putObject("remove");
        remove.put("path", Locations.relative(home, file.location()));
        remove.put("deletionTimestamp", at);
        remove.put("dataChange", dataChange);
        remove.put("extendedFileMetadata", true);
        remove.putObject("partitionValues");
        remove.put("size", file.bytes());
        vectorAndRows(remove, file);
        return action;
    }

    private void vectorAndRows(ObjectNode action, TableFile file) {
        if (file.deleted().isPresent()) {
            TableFile.Vector vector = file.deleted().get();
            ObjectNode told = action.putObject("deletionVector");
            told.put("storageType", "p");
            told.put("pathOrInlineDv", Locations.absolute(vector.location()));
            told.put("offset", Math.toIntExact(vector.offset()));
            told.put("sizeInBytes", Math.toIntExact(vector.bytes() - AROUND_BITMAP));
            told.put("cardinality", vector.rows());
        }
        if (description.tracksRows() && file.firstRowId().isPresent()) {
            action.put("baseRowId", file.firstRowId().get());
            // The same number that Iceberg's readers see for these rows.
            action.put("defaultRowCommitVersion", file.sequence());
        }
    }

    /** How far ids of rows have been given out. */
    static ObjectNode highWaterMark(long nextRowId) {
        ObjectNode configuration = Json.object();
        configuration.put("rowIdHighWaterMark", nextRowId - 1);
        ObjectNode action = Json.object();
        ObjectNode domain = action.putObject("domainMetadata");
        domain.put("domain", "delta.rowTracking");
        domain.put("configuration", Json.text(configuration));
        domain.put("removed", false);
        return action;
    }

    /** Which publication a version stands for, where readers look for such things. */
    static ObjectNode transaction(long publication, long at) {
        ObjectNode action = Json.object();
        ObjectNode txn = action.putObject("txn");
        txn.put("appId", "tarn");
        txn.put("version", publication);
        txn.put("lastUpdated", at);
        return action;
    }
}
