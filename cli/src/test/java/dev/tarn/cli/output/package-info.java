/** Tests of how rows and listings look. */
@NullMarked
package dev.tarn.cli.output;

import org.jspecify.annotations.NullMarked;
