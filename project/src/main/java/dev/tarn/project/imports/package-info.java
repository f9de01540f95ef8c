/**
 * Takes over what other schedulers were told: lines of cron, and DAGs of Airflow as they are
 * written.
 */
@NullMarked
package dev.tarn.project.imports;

import org.jspecify.annotations.NullMarked;
