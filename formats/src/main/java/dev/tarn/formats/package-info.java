/** Readers of the file formats that engines leave to others: Avro, ORC, Excel, Zstandard. */
@NullMarked
package dev.tarn.formats;

import org.jspecify.annotations.NullMarked;
