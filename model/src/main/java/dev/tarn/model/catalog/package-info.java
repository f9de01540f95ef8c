/** Entries of the catalog, refs, publications and what a commit to a ref is made of. */
@NullMarked
package dev.tarn.model.catalog;

import org.jspecify.annotations.NullMarked;
