/** Keeps tables quick to read and small to keep, without changing a row anybody can see. */
@NullMarked
package dev.tarn.upkeep;

import org.jspecify.annotations.NullMarked;
