/** Statements that change rows and relations, taken apart; queries in them are left as they are. */
@NullMarked
package dev.tarn.sql.statement;

import org.jspecify.annotations.NullMarked;
