/** Tests of the interactive shell. */
@NullMarked
package dev.tarn.cli.shell;

import org.jspecify.annotations.NullMarked;
