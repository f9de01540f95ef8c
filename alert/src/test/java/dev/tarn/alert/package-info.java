/** Alerts as people hear of them. */
@NullMarked
package dev.tarn.alert;

import org.jspecify.annotations.NullMarked;
