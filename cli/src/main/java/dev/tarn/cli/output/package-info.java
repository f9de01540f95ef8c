/** How rows and listings look on a terminal, in a file or to another program. */
@NullMarked
package dev.tarn.cli.output;

import org.jspecify.annotations.NullMarked;
