/** Tests of the embedded engine. */
@NullMarked
package dev.tarn.duckdb;

import org.jspecify.annotations.NullMarked;
