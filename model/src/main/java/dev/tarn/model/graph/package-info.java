/** The compiled project: an immutable graph of typed nodes. */
@NullMarked
package dev.tarn.model.graph;

import org.jspecify.annotations.NullMarked;
