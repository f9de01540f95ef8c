package dev.tarn.iceberg;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.Suggestion;
import dev.tarn.model.TarnException;
import dev.tarn.model.table.PartitionField;
import dev.tarn.model.table.SchemaChange;
import dev.tarn.model.table.SortField;
import java.io.UncheckedIOException;
import java.util.Collection;
import org.apache.avro.AvroRuntimeException;
import org.apache.iceberg.exceptions.RuntimeIOException;
import org.apache.iceberg.types.Type;
import org.jspecify.annotations.Nullable;

/** What is said when something about a table is wrong. */
final class IcebergErrors {
    private IcebergErrors() {}

    static TarnException metadataMissing(String location) {
        return new TarnException(
                ErrorCode.FILE_MISSING,
                "The table's metadata file %s is gone. Restore it from a backup, read the table at an older publication, or make it anew: `tarn build --full` for a model, `tarn ingest --full` for a source."
                        .formatted(location));
    }

    static TarnException dataMissing(String location) {
        return new TarnException(
                ErrorCode.FILE_MISSING,
                "The data file %s is gone. Restore it from a backup, read the table at an older publication, or make it anew: `tarn build --full` for a model, `tarn ingest --full` for a source."
                        .formatted(location));
    }

    static TarnException dataSize(String location, long actual, long expected) {
        return new TarnException(
                ErrorCode.FILE_CORRUPT,
                "The data file %s has %d bytes where the table says %d. Restore it from a backup, read the table at an older publication, or make it anew: `tarn build --full` for a model, `tarn ingest --full` for a source."
                        .formatted(location, actual, expected));
    }

    static TarnException unreadable(String location, @Nullable Throwable cause) {
        return new TarnException(
                ErrorCode.FILE_CORRUPT,
                "The file %s cannot be read as what it should be%s. Restore it from a backup, read the table at an older publication, or make it anew: `tarn build --full` for a model, `tarn ingest --full` for a source."
                        .formatted(location, reason(cause)),
                cause);
    }

    /**
     * @param good the newest version of the table that can be read; empty if there is none
     */
    static TarnException metadataUnreadable(String location, Throwable cause, String good) {
        String last = good.isEmpty() ? "" : " The last version that can be read is " + good + ".";
        return new TarnException(
                ErrorCode.FILE_CORRUPT,
                "The file %s is not the metadata of an Iceberg table%s.%s Restore it from a backup, read the table at an older publication, or make it anew: `tarn build --full` for a model, `tarn ingest --full` for a source."
                        .formatted(location, reasonBeside(location, cause), last),
                cause);
    }

    static TarnException notWritten(String location, Throwable cause) {
        return new TarnException(
                ErrorCode.STORAGE_FAILED,
                "The file %s could not be written%s. Run again.".formatted(location, reason(cause)),
                cause);
    }

    static TarnException notParquet(String table, String file, String format) {
        return new TarnException(
                ErrorCode.UNSUPPORTED,
                "The table at %s has the %s file %s, and no other format can tell of it. Let `formats` be [iceberg] for this table, or have its files written anew: ALTER TABLE … SET ('tarn.formats' = 'iceberg, delta')."
                        .formatted(table, format, file));
    }

    static TarnException deletesWithoutVector(String table, String file) {
        return new TarnException(
                ErrorCode.UNSUPPORTED,
                "The table at %s has deleted rows in %s, which is no deletion vector, so no other format can tell of them. Let `formats` be [iceberg] for this table, or have its files written anew: ALTER TABLE … SET ('tarn.formats' = 'iceberg, delta')."
                        .formatted(table, file));
    }

    static TarnException interrupted(Throwable cause) {
        return new TarnException(
                ErrorCode.INTERRUPTED, "The work on a table's files was interrupted.", cause);
    }

    static TarnException snapshotUnknown(String table, long snapshot) {
        return new TarnException(
                ErrorCode.TABLE_NOT_FOUND,
                "Table %s has no snapshot %d; it may have expired. List the snapshots it has with 'tarn show'."
                        .formatted(table, snapshot));
    }

    static TarnException deleteFormat(String table, String location, String format) {
        return new TarnException(
                ErrorCode.UNSUPPORTED,
                "The delete file %s of table %s is %s, which cannot be read here. Compact the table in the engine that wrote it, for example with Spark's rewrite_data_files."
                        .formatted(location, table, format));
    }

    static TarnException deletedByPart(String table, String location, int id) {
        return new TarnException(
                ErrorCode.UNSUPPORTED,
                "Table %s has rows deleted by field %d (equality delete file %s), which is no column of its own; Tarn reads deletes by whole columns. Compact the table in the engine that wrote it, for example with Spark's rewrite_data_files."
                        .formatted(table, id, location));
    }

    static TarnException deletesOfV2(String table, String location) {
        return new TarnException(
                ErrorCode.UNSUPPORTED,
                "Single rows of table %s cannot be deleted or replaced: its delete file %s is of the kind that format version 3 left behind. Compact the table in the engine that wrote it, for example with Spark's rewrite_data_files, or overwrite the whole table."
                        .formatted(table, location));
    }

    static TarnException noForeignTable(String location) {
        return new TarnException(
                ErrorCode.TABLE_NOT_FOUND,
                "There is no Iceberg table at %s: neither it nor its folder 'metadata' has a file such as v1.metadata.json. Check the location."
                        .formatted(location));
    }

    static TarnException adoptedIds(String file) {
        return new TarnException(
                ErrorCode.UNSUPPORTED,
                "The data file %s has field ids that do not lead to all columns of its table, so readers of Iceberg would miss some. Attach the table instead of adopting it, or rewrite it in the engine that owns it."
                        .formatted(file));
    }

    static TarnException adoptedType(String file, String column, String actual, String wanted) {
        return new TarnException(
                ErrorCode.UNSUPPORTED,
                "Column '%s' of the data file %s is %s where its table says %s, which Iceberg cannot express. Attach the table instead of adopting it, or rewrite the file in the engine that owns it."
                        .formatted(column, file, actual, wanted));
    }

    static TarnException adoptedUnknown(String file, String schema, Throwable cause) {
        return new TarnException(
                ErrorCode.UNSUPPORTED,
                "The data file %s has columns (in %s) that Iceberg has no type for%s. Attach the table instead of adopting it, or rewrite the file in the engine that owns it."
                        .formatted(file, schema, reason(cause)),
                cause);
    }

    static TarnException changeOfUnnumbered(String table) {
        return new TarnException(
                ErrorCode.UNSUPPORTED,
                "Table %s maps names of columns in files without field ids (schema.name-mapping.default), which only readers of Iceberg know. Its files are written anew for all formats by ALTER TABLE … SET ('tarn.formats' = 'iceberg, delta')."
                        .formatted(table));
    }

    static TarnException nameMapping(String table, Throwable cause) {
        return new TarnException(
                ErrorCode.FILE_CORRUPT,
                "The property 'schema.name-mapping.default' of table %s is not a mapping of names%s. Set it anew in the engine that owns the table."
                        .formatted(table, reason(cause)),
                cause);
    }

    static TarnException dataFormat(String table, String location, String format) {
        return new TarnException(
                ErrorCode.UNSUPPORTED,
                "The data file %s of table %s is %s, which cannot be read here. Rewrite the table as Parquet in the engine that owns it."
                        .formatted(location, table, format));
    }

    static TarnException stagedUnreadable(String file, Throwable cause) {
        return new TarnException(
                ErrorCode.FILE_CORRUPT,
                "The new file %s is not a whole Parquet file%s. Nothing was added; run again."
                        .formatted(file, reason(cause)),
                cause);
    }

    static TarnException stagedWithoutIds(String file, String column) {
        return new TarnException(
                ErrorCode.TYPE_MISMATCH,
                "Column '%s' of the new file %s carries no field id. Write the file with the ids of the table's write target."
                        .formatted(column, file));
    }

    static TarnException stagedUnknownColumn(String file, String column, int id) {
        return new TarnException(
                ErrorCode.TYPE_MISMATCH,
                "Column '%s' of the new file %s has field id %d, which the table does not have. Write the file with the ids of the table's write target."
                        .formatted(column, file, id));
    }

    static TarnException stagedType(String file, String column, String actual, String expected) {
        return new TarnException(
                ErrorCode.TYPE_MISMATCH,
                "Column '%s' of the new file %s is %s where the table has %s. Cast it before writing."
                        .formatted(column, file, actual, expected));
    }

    static TarnException stagedMissingRequired(String file, String column) {
        return new TarnException(
                ErrorCode.TYPE_MISMATCH,
                "The new file %s lacks the required column '%s'.".formatted(file, column));
    }

    static TarnException nullsInRequired(String column, String table, long nulls) {
        return new TarnException(
                ErrorCode.DATA_INVALID,
                "Column '%s' of table %s is required, but %d of the new rows have no value for it. Fill it, or make the column optional."
                        .formatted(column, table, nulls));
    }

    static TarnException partitionValueCount(String file, int actual, int expected) {
        return new TarnException(
                ErrorCode.TYPE_MISMATCH,
                "The new file %s comes with %d partition values where the table has %d partition fields."
                        .formatted(file, actual, expected));
    }

    static TarnException partitionValueUnfit(String file, String field, String value, String type) {
        return new TarnException(
                ErrorCode.TYPE_MISMATCH,
                "The new file %s has the partition value '%s' for '%s', which is no %s."
                        .formatted(file, value, field, type));
    }

    static TarnException duplicateColumn(String column) {
        return new TarnException(
                ErrorCode.DUPLICATE_NAME,
                "Column '%s' is there twice; upper and lower case do not distinguish names. Rename one of them."
                        .formatted(column));
    }

    static TarnException typeNeedsV3(String column, String type) {
        return new TarnException(
                ErrorCode.UNSUPPORTED,
                "Column '%s' cannot be %s in a table of format version 2. Set the table property 'format-version' to 3."
                        .formatted(column, type));
    }

    static TarnException defaultNeedsV3(String column) {
        return new TarnException(
                ErrorCode.SCHEMA_CHANGE_REFUSED,
                "Column '%s' cannot have a default in a table of format version 2. Leave the default out, or set the table property 'format-version' to 3."
                        .formatted(column));
    }

    static TarnException defaultOfNested(String column) {
        return new TarnException(
                ErrorCode.SCHEMA_CHANGE_REFUSED,
                "Column '%s' cannot have a default: only columns without parts can. Leave the default out."
                        .formatted(column));
    }

    static TarnException defaultUnfit(String column, String text, String type) {
        return new TarnException(
                ErrorCode.SCHEMA_CHANGE_REFUSED,
                "Column '%s' cannot have the default %s: it is no %s."
                        .formatted(column, text, type));
    }

    static TarnException typeUnsupported(String column, String type) {
        return new TarnException(
                ErrorCode.UNSUPPORTED,
                "Column '%s' has the type %s, which Tarn cannot read. Leave the column out in the engine that owns the table, or change its type there."
                        .formatted(column, type));
    }

    static TarnException formatVersionUnknown(String text) {
        return new TarnException(
                ErrorCode.UNSUPPORTED,
                "The table property 'format-version' is '%s', but only 2 and 3 can be written."
                        .formatted(text));
    }

    static TarnException formatVersionLowered(String table, int from, int to) {
        return new TarnException(
                ErrorCode.UNSUPPORTED,
                "Table %s has format version %d and cannot go back to %d. Make a new table."
                        .formatted(table, from, to));
    }

    static TarnException propertyUnfit(String property, String value) {
        return new TarnException(
                ErrorCode.CONFIG_INVALID,
                "The table property '%s' is '%s', but it must be a positive whole number."
                        .formatted(property, value));
    }

    static TarnException propertyNotOneOf(String property, String value, String allowed) {
        return new TarnException(
                ErrorCode.CONFIG_INVALID,
                "The table property '%s' is '%s', but it must be %s."
                        .formatted(property, value, allowed));
    }

    static TarnException layoutColumnUnknown(
            String where, String column, Collection<String> columns) {
        return new TarnException(
                ErrorCode.COLUMN_NOT_FOUND,
                "The %s names column '%s', which the table does not have.%s"
                        .formatted(where, column, Suggestion.hint(column, columns)));
    }

    static TarnException partitioningRefused(PartitionField field, String type, Exception cause) {
        return new TarnException(
                ErrorCode.UNSUPPORTED,
                "Rows cannot be partitioned by %s, a column of type %s%s."
                        .formatted(field.transform().of(field.column()), type, reason(cause)),
                cause);
    }

    static TarnException sortOrderRefused(SortField field, String type, Exception cause) {
        return new TarnException(
                ErrorCode.UNSUPPORTED,
                "Rows cannot be sorted by %s, a column of type %s%s."
                        .formatted(field.transform().of(field.column()), type, reason(cause)),
                cause);
    }

    static TarnException transformUnsupported(String what, String transform) {
        return new TarnException(
                ErrorCode.UNSUPPORTED,
                "'%s' uses the transform '%s', which Tarn does not know. Update Tarn, or change the table in the engine that owns it."
                        .formatted(what, transform));
    }

    static TarnException partitionUnsupported(String partition, Type type) {
        return new TarnException(
                ErrorCode.UNSUPPORTED,
                "The partition '%s' has values of the type %s, which Tarn does not read in partitions. Partition the table by another column in the engine that owns it."
                        .formatted(partition, type));
    }

    static TarnException partitionsOfOldSpec(String table) {
        return new TarnException(
                ErrorCode.UNSUPPORTED,
                "Partitions of table %s cannot be replaced: some of its files were written before its partitioning changed. Rebuild the table once with --full."
                        .formatted(table));
    }

    static TarnException deletesNeedV3(String table) {
        return new TarnException(
                ErrorCode.UNSUPPORTED,
                "Single rows of table %s cannot be deleted or replaced: it has format version 2. Set the table property 'format-version' to 3, or overwrite whole partitions or the whole table."
                        .formatted(table));
    }

    static TarnException rowsOfUnknownFile(String table, String location) {
        return new TarnException(
                ErrorCode.COMMIT_CONFLICT,
                "Rows of the file %s cannot be deleted: the file is no part of this state of table %s. Run again to find the rows anew."
                        .formatted(location, table));
    }

    static TarnException positionOutside(String location, long position, long rows) {
        return new TarnException(
                ErrorCode.INTERNAL,
                "Row %d of the file %s cannot be deleted: the file has %d rows. Please report this."
                        .formatted(position, location, rows));
    }

    static TarnException changeRefused(SchemaChange change, String reason) {
        return new TarnException(
                ErrorCode.SCHEMA_CHANGE_REFUSED, "Cannot %s: %s".formatted(step(change), reason));
    }

    static TarnException changeOfUnknown(
            SchemaChange change, String column, Collection<String> columns) {
        return changeRefused(
                change,
                "there is no column '%s'.%s".formatted(column, Suggestion.hint(column, columns)));
    }

    private static String step(SchemaChange change) {
        return switch (change) {
            case SchemaChange.Add c -> "add column '%s'".formatted(c.column());
            case SchemaChange.Drop c -> "drop column '%s'".formatted(c.column());
            case SchemaChange.Rename c ->
                    "rename column '%s' to '%s'".formatted(c.column(), c.newName());
            case SchemaChange.Widen c ->
                    "change column '%s' to %s".formatted(c.column(), c.type().sql());
            case SchemaChange.Move c -> "move column '%s'".formatted(c.column());
            case SchemaChange.Require c -> "refuse nulls in column '%s'".formatted(c.column());
            case SchemaChange.MakeOptional c -> "make column '%s' optional".formatted(c.column());
            case SchemaChange.Describe c -> "describe column '%s'".formatted(c.column());
        };
    }

    /** Iceberg's exceptions as ours. Those of the storage pass through. */
    static TarnException filesMoved(String table) {
        return new TarnException(
                ErrorCode.COMMIT_CONFLICT,
                "Files of table %s that were to be rewritten are no longer part of it. Try again later."
                        .formatted(table));
    }

    static TarnException rowsLost(String table, long before, long after) {
        return new TarnException(
                ErrorCode.INTERNAL,
                "Table %s was not rewritten: its files hold %d rows and the new ones %d. Please report this."
                        .formatted(table, before, after));
    }

    static TarnException translated(String table, RuntimeException e) {
        for (@Nullable Throwable t = e; t != null; t = t.getCause()) {
            if (t instanceof TarnException ours) {
                return ours;
            }
        }
        if (e instanceof RuntimeIOException
                || e instanceof UncheckedIOException
                || e instanceof AvroRuntimeException) {
            return new TarnException(
                    ErrorCode.FILE_CORRUPT,
                    "A file of table %s cannot be read%s. Restore it from a backup, read the table at an older publication, or make it anew: `tarn build --full` for a model, `tarn ingest --full` for a source."
                            .formatted(table, reason(e)),
                    e);
        }
        return new TarnException(
                ErrorCode.INTERNAL,
                "Table %s could not be changed or read: %s. Please report this."
                        .formatted(table, e),
                e);
    }

    /** The reason, if it says more than that the file cannot be read. */
    private static String reasonBeside(String location, Throwable cause) {
        return String.valueOf(cause.getMessage()).contains(location) ? "" : reason(cause);
    }

    private static String reason(@Nullable Throwable cause) {
        return cause == null || cause.getMessage() == null ? "" : ": " + cause.getMessage();
    }
}
