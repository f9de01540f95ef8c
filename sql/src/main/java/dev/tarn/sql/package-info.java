/**
 * Queries as an engine bound them: operators, expressions and the relations they read, in types of
 * our own, and what can be told from them.
 */
@NullMarked
package dev.tarn.sql;

import org.jspecify.annotations.NullMarked;
