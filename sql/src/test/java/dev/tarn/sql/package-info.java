/** What can be told from plans, on plans written by hand. */
@NullMarked
package dev.tarn.sql;

import org.jspecify.annotations.NullMarked;
