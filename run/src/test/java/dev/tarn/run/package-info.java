/** Tests of what a run decides, without files and without an engine. */
@NullMarked
package dev.tarn.run;

import org.jspecify.annotations.NullMarked;
