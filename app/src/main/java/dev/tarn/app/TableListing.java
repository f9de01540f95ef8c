package dev.tarn.app;

import dev.tarn.model.TableName;
import java.time.Instant;
import java.util.Optional;

/**
 * One line about a table or view.
 *
 * @param kind {@code table}, {@code view}, or {@code damaged} for a table whose metadata cannot be
 *     read; the description says why
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
