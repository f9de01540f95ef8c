package dev.tarn.duckdb;

import dev.tarn.model.table.TableScan;
import dev.tarn.spi.ChangeColumns;
import dev.tarn.spi.Relation;
import dev.tarn.sql.statement.TimeTravel;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One relation of a session, and all files of a table as they were planned for it. */
final class KnownRelation {
    /** None for what was made in the session's database. */
    final @Nullable Relation relation;

    final FileNumbers numbers = new FileNumbers();
    @Nullable TableScan scan;

    /** What the last statement reads of it. */
    @Nullable TableScan read;

    KnownRelation(@Nullable Relation relation) {
        this.relation = relation;
    }

    /** How the rows of a table tell where they stand; empty when they do not. */
    Optional<PlacedRows> placed() {
        return relation instanceof Relation.Table table
                        && table.places() instanceof Relation.Places.Told
                ? Optional.of(new PlacedRows(numbers))
                : Optional.empty();
    }

    /** What stands for it at another time where it is only bound: it has the columns of today. */
    Optional<Relation> columnsOnly(TimeTravel.Unit unit) {
        if (!(relation instanceof Relation.Shape shape)) {
            return Optional.empty();
        }
        boolean changes = unit == TimeTravel.Unit.CHANGES;
        return Optional.of(changes ? ChangeColumns.shape(shape) : shape);
    }

    /** The names of its columns, where it has some of its own. */
    List<String> columns() {
        return switch (relation) {
            case null -> List.of();
            case Relation.Table table -> table.columns().names();
            case Relation.Shape shape -> shape.schema().names();
            case Relation.View view -> List.of();
        };
    }
}
