/** Tests of how tables are described. */
@NullMarked
package dev.tarn.model.table;

import org.jspecify.annotations.NullMarked;
