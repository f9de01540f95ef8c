/** A broker and a schema registry with levers, and what the source does with them. */
@NullMarked
package dev.tarn.kafka;

import org.jspecify.annotations.NullMarked;
