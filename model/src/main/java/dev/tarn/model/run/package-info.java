/** Runs, their tasks, verdicts and costs. */
@NullMarked
package dev.tarn.model.run;

import org.jspecify.annotations.NullMarked;
