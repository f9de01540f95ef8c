/** A Jinja2 interpreter with Python's value semantics and exact error positions. */
@NullMarked
package dev.tarn.jinja;

import org.jspecify.annotations.NullMarked;
