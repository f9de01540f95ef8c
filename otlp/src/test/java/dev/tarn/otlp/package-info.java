/** Traces as a collector takes them. */
@NullMarked
package dev.tarn.otlp;

import org.jspecify.annotations.NullMarked;
