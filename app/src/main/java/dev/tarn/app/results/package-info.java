/** Keeps the rows of queries for the next one who asks the same of the same states. */
@NullMarked
package dev.tarn.app.results;

import org.jspecify.annotations.NullMarked;
