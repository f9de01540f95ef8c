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
 * @param database where the table is, when it is no file
 */
public record ExternalSpec(
        String location,
        Optional<String> format,
        Optional<String> timeZone,
        Place place,
        Optional<Database> database) {
    /** What is no database, but a program for Python that nobody runs here. */
    public static final String PLUGIN = "plugin";

    private static final String QUERY = "query";

    /**
     * Another database that has the table.
     *
     * @param path its file; relative to the project or absolute
     * @param type such as {@code duckdb}
     */
    public record Database(String path, String type) {}

    public ExternalSpec(
            String location, Optional<String> format, Optional<String> timeZone, Place place) {
        this(location, format, timeZone, place, Optional.empty());
    }

    /**
     * Rows that the engine reads from files.
     *
     * @param relation what stands behind FROM, such as {@code read_csv('orders/*.csv')}
     */
    public static ExternalSpec query(String relation, Place place) {
        return new ExternalSpec(relation, Optional.of(QUERY), Optional.empty(), place);
    }

    /**
     * Rows that the engine reads from another database.
     *
     * @param relation schema and table there, in quotes
     */
    public static ExternalSpec attached(String relation, String path, String type, Place place) {
        return new ExternalSpec(
                relation,
                Optional.of(QUERY),
                Optional.empty(),
                place,
                Optional.of(new Database(path, type)));
    }

    /** Whether the engine reads the rows from files, so that they have to be kept. */
    public boolean isQuery() {
        return format.filter(QUERY::equals).isPresent();
    }
}
