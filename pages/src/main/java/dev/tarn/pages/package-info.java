/** The pages of a running Tarn: HTML made on the server from the same use cases as the commands. */
@NullMarked
package dev.tarn.pages;

import org.jspecify.annotations.NullMarked;
