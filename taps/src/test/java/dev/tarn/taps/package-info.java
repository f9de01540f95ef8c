/** Messages of programs as their protocols describe them. */
@NullMarked
package dev.tarn.taps;

import org.jspecify.annotations.NullMarked;
