/** The Iceberg REST catalog protocol over our catalog: every ref is a warehouse of its own. */
@NullMarked
package dev.tarn.iceberg.rest;

import org.jspecify.annotations.NullMarked;
