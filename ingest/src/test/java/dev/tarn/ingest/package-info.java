/** Tests of ingestion with real files, a real engine and real disks. */
@NullMarked
package dev.tarn.ingest;

import org.jspecify.annotations.NullMarked;
