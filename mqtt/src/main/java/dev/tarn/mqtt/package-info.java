/** Topics of MQTT brokers as a source of rows, each message acknowledged when it is published. */
@NullMarked
package dev.tarn.mqtt;

import org.jspecify.annotations.NullMarked;
