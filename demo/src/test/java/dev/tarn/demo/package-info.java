/** Tests of the shop's files and of the projects that come with them. */
@NullMarked
package dev.tarn.demo;

import org.jspecify.annotations.NullMarked;
