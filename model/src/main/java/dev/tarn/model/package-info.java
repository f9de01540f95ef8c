/** The words of Tarn as types: names, refs, publications, runs, table shapes and errors. */
@NullMarked
package dev.tarn.model;

import org.jspecify.annotations.NullMarked;
