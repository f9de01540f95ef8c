/** The command line: arguments in, tables and progress out. */
@NullMarked
package dev.tarn.cli;

import org.jspecify.annotations.NullMarked;
