/** Where log lines of libraries and of Tarn itself go: to a file, never to the terminal. */
@NullMarked
package dev.tarn.cli.log;

import org.jspecify.annotations.NullMarked;
