/** Projects in dbt format: from files to the compiled graph. */
@NullMarked
package dev.tarn.project;

import org.jspecify.annotations.NullMarked;
