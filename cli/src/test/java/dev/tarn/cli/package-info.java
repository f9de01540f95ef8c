/** Tests of the command line as its users meet it. */
@NullMarked
package dev.tarn.cli;

import org.jspecify.annotations.NullMarked;
