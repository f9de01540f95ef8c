package dev.tarn.duckdb;

import dev.tarn.model.table.Field;
import java.util.List;

/** Rows that a query fetches in their order. */
interface RowSupply {
    List<Field> fields();

    /** Begins at the first row that is there. */
    Pass begin();

    /** One reading. Used by one thread at a time. */
    interface Pass {
        /** Goes on to the next rows and returns how many they are; 0 behind the last ones. */
        int next();

        /** The values of these rows. */
        RowLane[] lanes();
    }
}
