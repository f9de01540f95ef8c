package dev.tarn.model.graph;

import dev.tarn.model.Place;
import java.util.Optional;

/**
 * Where the table of a source lies that somebody else writes: the {@code external:} block, or
 * {@code external_location} of dbt on DuckDB.
 *
 * @param location a folder or file; relative to the project, absolute, or {@code
 *     s3://bucket/prefix}; for {@link #QUERY} what stands behind FROM
 * @param format such as {@code delta}; empty: decided by what is there
 * @param timeZone of timestamps that the table's writer wrote without one
 * @param place of the block in its YAML file
 */
public record ExternalSpec(
        String location, Optional<String> format, Optional<String> timeZone, Place place) {
    private static final String QUERY = "query";

    /**
     * Rows that the engine reads from files.
     *
     * @param relation what stands behind FROM, such as {@code read_csv('orders/*.csv')}
     */
    public static ExternalSpec query(String relation, Place place) {
        return new ExternalSpec(relation, Optional.of(QUERY), Optional.empty(), place);
    }

    /** Whether the engine reads the rows from files, so that they have to be kept. */
    public boolean isQuery() {
        return format.filter(QUERY::equals).isPresent();
    }
}
