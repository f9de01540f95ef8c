package dev.tarn.refs;

import dev.tarn.model.RefName;
import java.util.Optional;

/**
 * A wish to bring what changed on one ref to another.
 *
 * @param prefer which of the two wins where both changed the same thing; empty to refuse then
 * @param dryRun whether only to tell what would happen
 */
public record MergeRequest(
        RefName source, RefName target, Optional<RefName> prefer, boolean dryRun) {
    public MergeRequest {
        if (source.equals(target)) {
            throw RefErrors.mergeWithItself(source);
        }
        if (source.isRun() || target.isRun()) {
            throw RefErrors.runsPublishThemselves(source.isRun() ? source : target);
        }
        if (prefer.isPresent() && !prefer.get().equals(source) && !prefer.get().equals(target)) {
            throw RefErrors.preferNeither(prefer.get(), source, target);
        }
    }
}
