/** Tests of what jobs are. */
@NullMarked
package dev.tarn.model.job;

import org.jspecify.annotations.NullMarked;
