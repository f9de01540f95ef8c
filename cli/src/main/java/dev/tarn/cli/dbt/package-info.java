/** The program as dbt's users know it: dbt's verbs, options, lines, artifacts and exit codes. */
@NullMarked
package dev.tarn.cli.dbt;

import org.jspecify.annotations.NullMarked;
