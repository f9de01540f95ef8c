package dev.tarn.model.graph;

import dev.tarn.model.Place;
import java.util.Optional;

/**
 * Where the table of a source lies that somebody else writes: the {@code external:} block.
 *
 * @param location a folder or file; relative to the project, absolute, or {@code
 *     s3://bucket/prefix}
 * @param format such as {@code delta}; empty: decided by what is there
 * @param timeZone of timestamps that the table's writer wrote without one
 * @param place of the block in its YAML file
 */
public record ExternalSpec(
        String location, Optional<String> format, Optional<String> timeZone, Place place) {}
