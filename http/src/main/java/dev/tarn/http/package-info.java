/** APIs and pages that are asked over HTTP, as sources of rows. */
@NullMarked
package dev.tarn.http;

import org.jspecify.annotations.NullMarked;
