@NullMarked
package dev.tarn.refs;

import org.jspecify.annotations.NullMarked;
