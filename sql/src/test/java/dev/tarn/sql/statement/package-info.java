@NullMarked
package dev.tarn.sql.statement;

import org.jspecify.annotations.NullMarked;
