/** One method for each thing a user can do, and the place where everything is wired. */
@NullMarked
package dev.tarn.app;

import org.jspecify.annotations.NullMarked;
