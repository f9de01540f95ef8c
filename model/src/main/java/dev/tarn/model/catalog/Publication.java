package dev.tarn.model.catalog;

import dev.tarn.model.PublicationId;
import dev.tarn.model.RefName;
import dev.tarn.model.RunId;
import java.time.Instant;
import java.util.Optional;

/**
 * One commit to a ref: everything in it became visible at once.
 *
 * @param run the run that made it
 * @param changes how many entries it changed
 */
public record Publication(
        PublicationId id,
        RefName ref,
        Optional<RunId> run,
        Instant at,
        String message,
        int changes) {}
