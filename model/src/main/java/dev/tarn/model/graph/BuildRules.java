package dev.tarn.model.graph;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What a node asks for around its rows.
 *
 * @param fullRefresh whether it is always or never built anew; empty: as the run says
 * @param before statements to run before it is built
 * @param header statements that its own query is to come right after, which decide how it is
 *     understood
 * @param after statements to run after it was built
 * @param contract what its columns must be; empty: whatever its query gives
 * @param freshness how old its table may be, where somebody says so
 */
public record BuildRules(
        Optional<Boolean> fullRefresh,
        List<SqlText> before,
        Optional<SqlText> header,
        List<SqlText> after,
        Optional<Contract> contract,
        Optional<Duration> freshness) {
    public static final BuildRules NONE =
            new BuildRules(
                    Optional.empty(),
                    List.of(),
                    Optional.empty(),
                    List.of(),
                    Optional.empty(),
                    Optional.empty());

    public BuildRules {
        before = List.copyOf(before);
        after = List.copyOf(after);
    }
}
