/** Files become rows: found by listing, read once, judged, landed with their position. */
@NullMarked
package dev.tarn.ingest;

import org.jspecify.annotations.NullMarked;
