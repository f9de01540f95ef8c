/** Decides when jobs run, shares their tasks between servers, and sees them through. */
@NullMarked
package dev.tarn.schedule;

import org.jspecify.annotations.NullMarked;
