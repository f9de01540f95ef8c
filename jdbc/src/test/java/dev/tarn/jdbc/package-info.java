/** Tests of databases as sources, and a real server for them. */
@NullMarked
package dev.tarn.jdbc;

import org.jspecify.annotations.NullMarked;
