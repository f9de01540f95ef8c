/** Shows a run while it works, and sums it up when it has ended. */
@NullMarked
package dev.tarn.cli.progress;

import org.jspecify.annotations.NullMarked;
