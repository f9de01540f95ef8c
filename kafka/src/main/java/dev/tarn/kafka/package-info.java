/** Kafka's topics as a source: what a message is, where reading stands, and what is wrong. */
@NullMarked
package dev.tarn.kafka;

import org.jspecify.annotations.NullMarked;
