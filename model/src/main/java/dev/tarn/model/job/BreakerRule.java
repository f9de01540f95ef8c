package dev.tarn.model.job;

import java.time.Duration;

/**
 * When something that fails again and again is left in peace.
 *
 * @param failures how many in a row are too many
 * @param rest how long nothing of it begins then
 */
public record BreakerRule(int failures, Duration rest) {}
