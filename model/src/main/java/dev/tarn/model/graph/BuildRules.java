package dev.tarn.model.graph;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What a node asks for around its rows.
 *
 * @param fullRefresh whether it is always or never built anew; empty: as the run says
 * @param before statements to run before it is built
 * @param after statements to run after it was built
 * @param contract what its columns must be; empty: whatever its query gives
 * @param freshness how old its table may be, where somebody says so
 */
public record BuildRules(
        Optional<Boolean> fullRefresh,
        List<SqlText> before,
        List<SqlText> after,
        Optional<Contract> contract,
        Optional<Duration> freshness) {
    public static final BuildRules NONE =
            new BuildRules(
                    Optional.empty(), List.of(), List.of(), Optional.empty(), Optional.empty());

    public BuildRules {
        before = List.copyOf(before);
        after = List.copyOf(after);
    }
}
