/** Tests of jobs on real databases. */
@NullMarked
package dev.tarn.schedule;

import org.jspecify.annotations.NullMarked;
