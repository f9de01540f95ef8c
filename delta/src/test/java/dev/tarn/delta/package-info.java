/** Tables with a Delta log beside their Iceberg metadata, judged by Delta's own reader. */
@NullMarked
package dev.tarn.delta;

import org.jspecify.annotations.NullMarked;
