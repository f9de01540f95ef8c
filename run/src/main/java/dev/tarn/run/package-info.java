/** Runs: the graph executed on a ref, judged, and published in one step. */
@NullMarked
package dev.tarn.run;

import org.jspecify.annotations.NullMarked;
