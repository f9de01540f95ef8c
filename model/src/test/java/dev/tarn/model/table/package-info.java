/** Tests of what tables and their types are. */
@NullMarked
package dev.tarn.model.table;

import org.jspecify.annotations.NullMarked;
