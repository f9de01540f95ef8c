/** The pages, asked over HTTP and opened in a browser. */
@NullMarked
package dev.tarn.pages;

import org.jspecify.annotations.NullMarked;
