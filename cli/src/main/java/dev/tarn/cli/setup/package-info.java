/** Puts a finished build together in the form from which it starts fast. */
@NullMarked
package dev.tarn.cli.setup;

import org.jspecify.annotations.NullMarked;
