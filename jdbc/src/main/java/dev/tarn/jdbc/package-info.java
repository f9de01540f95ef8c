/** Reads tables and queries of databases: the connectors that speak JDBC. */
@NullMarked
package dev.tarn.jdbc;

import org.jspecify.annotations.NullMarked;
