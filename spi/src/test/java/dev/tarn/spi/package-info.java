/** Suites that every implementation of a port must pass, and fakes that pass them. */
@NullMarked
package dev.tarn.spi;

import org.jspecify.annotations.NullMarked;
