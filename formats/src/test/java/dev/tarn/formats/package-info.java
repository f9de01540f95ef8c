/** Tests of the readers against files that the formats' own libraries wrote. */
@NullMarked
package dev.tarn.formats;

import org.jspecify.annotations.NullMarked;
