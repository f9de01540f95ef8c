/** The contracts of the ports as tests that every implementation runs. */
@NullMarked
package dev.tarn.spi;

import org.jspecify.annotations.NullMarked;
