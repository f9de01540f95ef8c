/** Messages against a real broker. */
@NullMarked
package dev.tarn.mqtt;

import org.jspecify.annotations.NullMarked;
