/**
 * What people do with lines of history: merge them, compare them, and bring back what was there
 * before.
 */
@NullMarked
package dev.tarn.refs;

import org.jspecify.annotations.NullMarked;
