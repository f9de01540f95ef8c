package dev.tarn.kafka;

import dev.tarn.spi.OpenOutlet.Change;
import dev.tarn.spi.OpenOutlet.Kind;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How rows become bytes. */
interface RowCoding {
    /** The columns that name a row. */
    byte[] key(List<@Nullable Object> row);

    /** A row by itself. */
    byte[] row(List<@Nullable Object> row);

    /** A row as it was and as it is, with what happened to it. */
    byte[] enveloped(Change change);

    /** What happened, in Debezium's letters. */
    static String letter(Kind kind) {
        return switch (kind) {
            case READ -> "r";
            case INSERTED -> "c";
            case UPDATED -> "u";
            case DELETED -> "d";
        };
    }
}
