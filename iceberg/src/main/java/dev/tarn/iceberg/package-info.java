/** Iceberg tables behind the table port. */
@NullMarked
package dev.tarn.iceberg;

import org.jspecify.annotations.NullMarked;
