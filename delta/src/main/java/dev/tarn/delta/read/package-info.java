/** Reads the Delta tables of others from their logs. */
@NullMarked
package dev.tarn.delta.read;

import org.jspecify.annotations.NullMarked;
