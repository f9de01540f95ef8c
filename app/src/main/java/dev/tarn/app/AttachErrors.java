package dev.tarn.app;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.RefName;
import dev.tarn.model.TableName;
import dev.tarn.model.TarnException;
import dev.tarn.model.table.AttachedPointer;

/** What is said about tables that others write. */
final class AttachErrors {
    private AttachErrors() {}

    static TarnException unknownFormat(String name) {
        return new TarnException(
                ErrorCode.UNSUPPORTED,
                "Tables of the format '%s' cannot be attached. There are delta, iceberg, hudi, parquet, csv, json, avro and orc."
                        .formatted(name));
    }

    static TarnException cannotAdopt(AttachedPointer theirs) {
        return new TarnException(
                ErrorCode.UNSUPPORTED,
                "A folder of %s files cannot be adopted, for tables are made of Parquet: %s. Attach it, or land it with an 'ingest:' block, which reads each file once."
                        .formatted(theirs.format(), theirs.location()));
    }

    static TarnException cannotAdoptHudi(AttachedPointer theirs) {
        return new TarnException(
                ErrorCode.UNSUPPORTED,
                "A Hudi table cannot be adopted, for its writers clean away files by a timeline of their own: %s. Attach it, and make a table of your own with CREATE TABLE … AS SELECT."
                        .formatted(theirs.location()));
    }

    static TarnException nothingThere(String location) {
        return new TarnException(
                ErrorCode.TABLE_NOT_FOUND,
                "There is no Delta, Iceberg or Hudi table and no file of Parquet, CSV, JSON, Avro or ORC at %s. Check the location."
                        .formatted(location));
    }

    static TarnException readOnly(AttachedPointer attached) {
        return new TarnException(
                ErrorCode.UNSUPPORTED,
                "The table is attached from %s (%s) and can only be read. Change it where it is written, or take it over with `tarn adopt`."
                        .formatted(attached.location(), attached.format()));
    }

    static TarnException exists(TableName name, RefName ref) {
        return new TarnException(
                ErrorCode.TABLE_EXISTS,
                "%s is there already on %s and is not attached from this location. Choose another name, or remove it with `tarn drop %s`."
                        .formatted(name, ref, name));
    }

    static TarnException notTheSame(AttachedPointer attached, String differences) {
        return new TarnException(
                ErrorCode.DATA_INVALID,
                "The table at %s was not adopted: read through the new metadata, %s. Nothing was published and its files are as they were. Attach it instead, and please report this."
                        .formatted(attached.location(), differences));
    }

    static TarnException movedWhileAdopted(AttachedPointer attached) {
        return new TarnException(
                ErrorCode.COMMIT_CONFLICT,
                "The table at %s was written to while it was being adopted. Stop its writers and run again."
                        .formatted(attached.location()));
    }

    static TarnException moved(TableName name, RefName ref) {
        return new TarnException(
                ErrorCode.COMMIT_CONFLICT,
                "%s was changed on %s meanwhile. Run again.".formatted(name, ref));
    }
}
