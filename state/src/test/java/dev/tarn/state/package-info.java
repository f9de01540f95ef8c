/** The catalog's contracts on both databases, and what each of them can do to it. */
@NullMarked
package dev.tarn.state;

import org.jspecify.annotations.NullMarked;
