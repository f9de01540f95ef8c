/** The catalog and the record of runs in SQLite or PostgreSQL. */
@NullMarked
package dev.tarn.state;

import org.jspecify.annotations.NullMarked;
