/** Tests of the Iceberg adapter, with Iceberg's own Java reader and writer as the judges. */
@NullMarked
package dev.tarn.iceberg;

import org.jspecify.annotations.NullMarked;
