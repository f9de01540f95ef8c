/** . */
@NullMarked
package dev.tarn.spi;

import org.jspecify.annotations.NullMarked;
