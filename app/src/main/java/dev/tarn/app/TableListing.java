package dev.tarn.app;

import dev.tarn.model.TableName;
import java.time.Instant;
import java.util.Optional;

/**
 * One line about a table or view.
 *
 * @param kind {@code table} or {@code view}
 * @param rows rows of a table; 0 for a view
 * @param changed when its rows last changed
 */
public record TableListing(
        TableName name,
        String kind,
        long rows,
        long files,
        long bytes,
        Optional<Instant> changed,
        Optional<String> owner,
        Optional<String> description) {}
