package dev.tarn.spi;

import dev.tarn.model.PublicationId;
import dev.tarn.model.RefName;
import dev.tarn.model.catalog.EntryKey;
import dev.tarn.model.catalog.Versioned;
import java.util.List;
import java.util.Optional;

/**
 * One state of a ref. Immutable and safe for use by many threads. Two views that are equal show the
 * same; two that show the same need not be equal.
 */
public interface CatalogView {
    RefName ref();

    /** The newest publication it shows. */
    PublicationId asOf();

    Optional<Versioned> find(EntryKey key);

    /**
     * All entries of a kind whose names start with {@code prefix}, by name.
     *
     * @param prefix empty for all
     */
    List<Versioned> list(EntryKey.Kind kind, String prefix);

    /** Only the names of these entries, in the same order: cheaper where there are many. */
    default List<String> names(EntryKey.Kind kind, String prefix) {
        return list(kind, prefix).stream().map(found -> found.key().name()).toList();
    }
}
