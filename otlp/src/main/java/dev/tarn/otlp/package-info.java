/** Sends traces to a collector of OpenTelemetry, by OTLP over HTTP. */
@NullMarked
package dev.tarn.otlp;

import org.jspecify.annotations.NullMarked;
