/** Both sides of each benchmark must come to the same results. */
@NullMarked
package dev.tarn.bench;

import org.jspecify.annotations.NullMarked;
