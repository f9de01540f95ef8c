/** Programs that tell records line by line, as Singer's taps and Airbyte's sources do. */
@NullMarked
package dev.tarn.taps;

import org.jspecify.annotations.NullMarked;
