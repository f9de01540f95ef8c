/** The embedded engine: DuckDB behind the engine port. */
@NullMarked
package dev.tarn.duckdb;

import org.jspecify.annotations.NullMarked;
