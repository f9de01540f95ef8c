/** Jobs: what is to be done when, and the record of what was done. */
@NullMarked
package dev.tarn.model.job;

import org.jspecify.annotations.NullMarked;
