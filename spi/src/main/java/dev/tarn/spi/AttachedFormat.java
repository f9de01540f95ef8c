package dev.tarn.spi;

import dev.tarn.model.table.Predicate;
import dev.tarn.model.table.TablePointer;
import dev.tarn.model.table.TableScan;
import dev.tarn.model.table.TableState;
import java.util.List;
import java.util.Optional;

/**
 * Tables of one format that somebody else writes, read where they lie. A version of a table never
 * changes, so what was said of it once stays true. Safe for use by many threads.
 *
 * <p>A table that is not there is {@code TABLE_NOT_FOUND}, a file of it that is gone {@code
 * FILE_MISSING}, one that is damaged {@code FILE_CORRUPT}, and what a reader of the format must
 * know and this one does not is {@code UNSUPPORTED}, with its name.
 */
public interface AttachedFormat {
    /** As people write it: {@code delta}. */
    String name();

    /** Whether a table can become one of Tarn's own over the files where they are. */
    default boolean isAdoptable() {
        return true;
    }

    /** Whether a folder or file looks like a table of this format. */
    boolean recognises(String location);

    /** The newest version of the table at a location, as a text without colons. */
    String newest(String location);

    /**
     * What the table is at a version.
     *
     * @param pointer what the state is to be known by
     */
    TableState state(TablePointer pointer, String location, String version);

    /**
     * Plans a read of a version; remote files are brought to local disk first.
     *
     * @param snapshot an earlier state that the version still knows; empty for its newest
     */
    TableScan scan(
            String location, String version, Optional<Long> snapshot, List<Predicate> predicates);
}
