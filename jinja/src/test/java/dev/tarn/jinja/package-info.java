/** Tests of the template language against what Python answers. */
@NullMarked
package dev.tarn.jinja;

import org.jspecify.annotations.NullMarked;
