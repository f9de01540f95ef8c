package dev.tarn.bench;

import java.util.List;
import java.util.Optional;

/**
 * What a benchmark found out.
 *
 * @param what the amount of work, for a person
 * @param lines what was measured, ours and the peer's
 * @param compared which two figures the ratio is of
 * @param ratio ours divided by the peer's, on the clock
 * @param cpuRatio the same of processor time
 * @param target what the ratio is to stay below, where there is a limit
 */
record Outcome(
        String what,
        List<Line> lines,
        String compared,
        double ratio,
        double cpuRatio,
        Optional<Double> target) {
    Outcome {
        lines = List.copyOf(lines);
    }

    /** One thing that was measured. */
    record Line(String label, Timing timing) {}
}
