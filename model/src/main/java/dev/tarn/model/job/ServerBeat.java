package dev.tarn.model.job;

import java.time.Instant;

/**
 * A server that works on jobs, or did.
 *
 * @param host the machine
 * @param process its number there
 * @param processStart when that process began, to tell it from later ones of the same number
 * @param beats how often it said that it lives; a number that stands still is the sign of death, so
 *     that no two clocks are compared
 * @param lost whether others declared it dead; what it does after that counts for nothing
 */
public record ServerBeat(
        ServerId id,
        String host,
        long process,
        long processStart,
        Instant startedAt,
        Instant beatAt,
        long beats,
        boolean lost) {}
