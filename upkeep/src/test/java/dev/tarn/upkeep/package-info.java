@NullMarked
package dev.tarn.upkeep;

import org.jspecify.annotations.NullMarked;
