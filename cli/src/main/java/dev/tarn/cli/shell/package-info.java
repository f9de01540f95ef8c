/** The interactive shell: statements and backslash commands over one state of the warehouse. */
@NullMarked
package dev.tarn.cli.shell;

import org.jspecify.annotations.NullMarked;
