/**
 * The shape of tables: types, columns, partitioning, files and scans, without any format's library.
 */
@NullMarked
package dev.tarn.model.table;

import org.jspecify.annotations.NullMarked;
