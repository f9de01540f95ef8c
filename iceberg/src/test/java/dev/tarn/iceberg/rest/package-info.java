@NullMarked
package dev.tarn.iceberg.rest;

import org.jspecify.annotations.NullMarked;
