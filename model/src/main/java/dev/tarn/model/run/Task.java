package dev.tarn.model.run;

import dev.tarn.model.RunId;
import java.time.Instant;
import java.util.Optional;

/**
 * One node in one run.
 *
 * @param node id of the node, such as {@code model.shop.orders}
 * @param attempt from 1
 * @param rows rows it made or looked at
 * @param bytes bytes it wrote
 * @param message what is worth telling: the error, or how many rows failed a check
 */
public record Task(
        RunId run,
        String node,
        int attempt,
        TaskStatus status,
        Optional<Instant> startedAt,
        Optional<Instant> finishedAt,
        long rows,
        long bytes,
        Optional<String> message) {}
