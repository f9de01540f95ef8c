/**
 * How files become rows of a source's table, each file once, and what does not fit is kept apart.
 */
@NullMarked
package dev.tarn.ingest;

import org.jspecify.annotations.NullMarked;
