/**
 * The ports: what the product needs from databases, engines, formats and disks, and their
 * contracts.
 */
@NullMarked
package dev.tarn.spi;

import org.jspecify.annotations.NullMarked;
