package dev.tarn.model.graph;

import dev.tarn.model.Problem;
import java.time.Instant;
import java.util.Optional;

/**
 * How a statement ended that a project wants executed before or after all nodes.
 *
 * @param hook which it is, with its package
 * @param number which of those of its moment, of all packages, from 1
 * @param total how many those are
 * @param startedAt when it began; empty when it was skipped
 * @param failure why it failed
 */
public record HookEnd(
        HookName hook,
        int number,
        int total,
        Optional<Instant> startedAt,
        Optional<Instant> endedAt,
        Optional<Problem> failure) {
    /** As people read it, such as {@code shop.on-run-start.0}. */
    public String name() {
        return hook.packageName() + "." + hook.when() + "." + (number - 1);
    }

    public boolean isSkipped() {
        return startedAt.isEmpty();
    }
}
