package dev.tarn.model.job;

import dev.tarn.model.ErrorCode;
import java.time.Duration;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * When a task that failed is tried again.
 *
 * @param times how often at most
 * @param on after which errors
 * @param delay before the first time
 * @param factor by which the delay grows each time
 * @param delayMax which it never exceeds
 * @param jitter the part of the delay that is left to chance, from 0 to 1
 */
public record RetryRule(
        int times, On on, Duration delay, double factor, Duration delayMax, double jitter) {
    public static final RetryRule DEFAULT =
            new RetryRule(
                    2, new On.Transient(), Duration.ofSeconds(10), 2, Duration.ofMinutes(10), 0.2);

    /** Which errors are worth another try. */
    public sealed interface On {
        /** Those that can go away without anybody changing anything. */
        record Transient() implements On {}

        record Any() implements On {}

        record Codes(Set<ErrorCode> codes) implements On {
            public Codes {
                codes = Set.copyOf(codes);
            }
        }
    }

    public boolean applies(int failures, ErrorCode code) {
        if (failures > times) {
            return false;
        }
        return switch (on) {
            case On.Transient t -> code.retryable();
            case On.Any a -> true;
            case On.Codes codes -> codes.codes().contains(code);
        };
    }

    /**
     * @param failures how often it has failed, at least once
     */
    public Duration pause(int failures, RandomGenerator random) {
        double most = (double) delayMax.toMillis();
        double grown = delay.toMillis() * Math.pow(factor, Math.max(0, failures - 1));
        double spread = jitter * (2 * random.nextDouble() - 1);
        return Duration.ofMillis(Math.round(Math.min(Math.min(grown, most) * (1 + spread), most)));
    }
}
