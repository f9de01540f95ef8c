/** Measures what Tarn costs beside doing the same work without it. */
@NullMarked
package dev.tarn.bench;

import org.jspecify.annotations.NullMarked;
