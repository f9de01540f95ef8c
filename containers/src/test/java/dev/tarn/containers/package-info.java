/** Tests of containers. */
@NullMarked
package dev.tarn.containers;

import org.jspecify.annotations.NullMarked;
