/** Finds out that something is wrong, and sees to it that somebody hears of it and of its end. */
@NullMarked
package dev.tarn.alert;

import org.jspecify.annotations.NullMarked;
