/** The log as programs read it. */
@NullMarked
package dev.tarn.cli.log;

import org.jspecify.annotations.NullMarked;
