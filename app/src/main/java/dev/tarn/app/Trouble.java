package dev.tarn.app;

import dev.tarn.model.run.Run;
import dev.tarn.model.run.Task;

/**
 * A node whose last word in the record of runs was not good.
 *
 * @param latest the newest attempt that came to a result
 * @param since the attempt with which the present row of bad results began
 * @param times how many runs in a row came to a bad result, as far back as was looked
 * @param run the run of the newest attempt
 */
public record Trouble(Task latest, Task since, int times, Run run) {}
