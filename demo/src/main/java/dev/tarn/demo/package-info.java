/** A shop that never was: deterministic data of any size with the dirt of real ones. */
@NullMarked
package dev.tarn.demo;

import org.jspecify.annotations.NullMarked;
