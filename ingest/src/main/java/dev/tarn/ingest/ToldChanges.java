package dev.tarn.ingest;

import dev.tarn.model.table.Field;
import dev.tarn.model.table.Schema;
import dev.tarn.model.table.Type;
import dev.tarn.model.table.Type.Primitive;
import dev.tarn.spi.OpenSource.Changes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The columns of a batch that tell of changes, under the names that they have in the session.
 *
 * @param columns of the batch
 */
record ToldChanges(
        String kind,
        Optional<String> untold,
        Optional<String> at,
        List<String> about,
        Schema columns) {
    /** What a row does, as a letter. */
    static final String KIND = "tarn_kind";

    /** The columns that a row does not tell, as a list. */
    static final String UNTOLD = "tarn_untold";

    /** When the change was made. */
    static final String AT = "tarn_at";

    /**
     * @param told the columns as the connector calls them
     * @param named the same as tables call them
     */
    static ToldChanges of(Changes changes, Schema told, Schema named) {
        List<String> names = told.names();
        return new ToldChanges(
                name(changes.kind(), names, named),
                changes.untold().map(u -> name(u, names, named)),
                changes.at().map(a -> name(a, names, named)),
                changes.about().stream().map(a -> name(a, names, named)).toList(),
                named);
    }

    private static String name(String told, List<String> names, Schema named) {
        return named.fields().get(names.indexOf(told)).name();
    }

    /** The columns that are not for tables of states. */
    List<String> aside() {
        List<String> aside = new ArrayList<>();
        aside.add(kind);
        untold.ifPresent(aside::add);
        return aside;
    }

    /** What is selected beside the columns of the table. */
    String selected(String ingestedAt) {
        String list =
                untold.map(u ->
                                "CAST(from_json(lower(%s), '[\"VARCHAR\"]') AS VARCHAR[])"
                                        .formatted(Branch.name(u)))
                        .orElse("CAST(NULL AS VARCHAR[])");
        return ", %s AS %s, %s AS %s, %s AS %s"
                .formatted(
                        Branch.name(kind),
                        KIND,
                        list,
                        UNTOLD,
                        at.flatMap(columns::find)
                                .flatMap(f -> time(f, ingestedAt))
                                .orElse(ingestedAt),
                        AT);
    }

    /** A column as a point in time; empty when it is none. */
    static Optional<String> time(Field field, String ingestedAt) {
        Type type = field.type();
        return type == Primitive.TIMESTAMP || type == Primitive.TIMESTAMPTZ
                ? Optional.of(
                        "coalesce(CAST(%s AS TIMESTAMPTZ), %s)"
                                .formatted(Branch.name(field.name()), ingestedAt))
                : Optional.empty();
    }
}
