package dev.tarn.upkeep;

import dev.tarn.model.ErrorCode;
import dev.tarn.model.RefName;
import dev.tarn.model.Suggestion;
import dev.tarn.model.TableName;
import dev.tarn.model.TarnException;
import dev.tarn.model.run.Run;
import java.util.List;

/** What upkeep says when it refuses or gives way. */
final class UpkeepErrors {
    private UpkeepErrors() {}

    static TarnException property(String name, String value, String allowed) {
        return new TarnException(
                ErrorCode.CONFIG_INVALID,
                "The table property '%s' is '%s', but it must be %s."
                        .formatted(name, value, allowed));
    }

    static TarnException otherAtWork(RefName ref, Run other) {
        return new TarnException(
                ErrorCode.COMMIT_CONFLICT,
                "Run %s has been looking after the tables of %s since %s, so this one gave way. Wait for it; what it leaves can be done by another `tarn maintain`."
                        .formatted(other.id(), ref, other.startedAt()));
    }

    static TarnException clusterColumnUnknown(String column, List<String> columns) {
        return new TarnException(
                ErrorCode.COLUMN_NOT_FOUND,
                "The table property 'tarn.cluster-by' names column '%s', which the table does not have.%s"
                        .formatted(column, Suggestion.hint(column, columns)));
    }

    static TarnException clusterColumnUnfit(String column, String type) {
        return new TarnException(
                ErrorCode.CONFIG_INVALID,
                "The table property 'tarn.cluster-by' names column '%s' of type %s, by which rows have no order. Name columns of plain types."
                        .formatted(column, type));
    }

    static TarnException reservedColumn(String column) {
        return new TarnException(
                ErrorCode.UNSUPPORTED,
                "The files cannot be rewritten: the table's column '%s' has a name that the format reserves for the ids of rows. Rename the column."
                        .formatted(column));
    }

    static TarnException notATable(TableName name, RefName ref) {
        return new TarnException(
                ErrorCode.TABLE_NOT_FOUND,
                "%s on %s is no table, so it has no files to look after.".formatted(name, ref));
    }
}
