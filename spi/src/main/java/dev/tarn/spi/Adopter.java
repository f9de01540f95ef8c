package dev.tarn.spi;

import dev.tarn.model.TableName;
import dev.tarn.model.table.TablePointer;
import dev.tarn.model.table.TableScan;
import dev.tarn.model.table.TableState;

/** Makes tables of Tarn's own out of data files that others wrote, without touching the files. */
public interface Adopter {
    /**
     * Writes a table's first states over files that stay where they are.
     *
     * @param theirs what the table is where it comes from
     * @param files all of its files
     * @throws dev.tarn.model.TarnException {@code UNSUPPORTED} for what a table of Tarn's own
     *     cannot say of such files, with the file and the column
     */
    TablePointer adopt(TableName name, TableState theirs, TableScan files);
}
