/** Tests of the whole: the rules of the house, and the product as a user meets it. */
@NullMarked
package dev.tarn.it;

import org.jspecify.annotations.NullMarked;
