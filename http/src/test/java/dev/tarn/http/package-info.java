/** Sources over HTTP against servers that have levers for faults. */
@NullMarked
package dev.tarn.http;

import org.jspecify.annotations.NullMarked;
