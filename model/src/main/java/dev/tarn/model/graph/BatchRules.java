package dev.tarn.model.graph;

import java.time.Instant;
import java.util.Optional;

/**
 * How a model is built period by period.
 *
 * @param eventTime the column that decides which period a row is in
 * @param lookback how many periods before the current one are built again
 * @param begin when the first period starts
 */
public record BatchRules(String eventTime, Size size, int lookback, Optional<Instant> begin) {
    /** How long a period is. */
    public enum Size {
        HOUR,
        DAY,
        MONTH,
        YEAR
    }
}
