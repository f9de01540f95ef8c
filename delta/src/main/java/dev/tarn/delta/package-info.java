/** The Delta log: written beside Iceberg's metadata for the same files. */
@NullMarked
package dev.tarn.delta;

import org.jspecify.annotations.NullMarked;
