package dev.tarn.model.run;

import dev.tarn.model.PublicationId;
import dev.tarn.model.RefName;
import dev.tarn.model.RunId;
import java.time.Instant;
import java.util.Optional;

/**
 * One execution of a project.
 *
 * @param command what was asked for, such as {@code build --select +orders}
 * @param target the ref it publishes to
 * @param pinned the publication all its reading is as of
 * @param heartbeat when its process last said that it lives
 * @param publication what it published
 * @param retryOf the failed run it goes on from
 */
public record Run(
        RunId id,
        String project,
        String command,
        RefName target,
        PublicationId pinned,
        RunStatus status,
        Instant startedAt,
        Instant heartbeat,
        Optional<Instant> finishedAt,
        Optional<PublicationId> publication,
        Optional<RunId> retryOf,
        Optional<String> error) {}
