/** Tests of how runs are shown. */
@NullMarked
package dev.tarn.cli.progress;

import org.jspecify.annotations.NullMarked;
