/** Tests of what a build is put together from. */
@NullMarked
package dev.tarn.cli.setup;

import org.jspecify.annotations.NullMarked;
