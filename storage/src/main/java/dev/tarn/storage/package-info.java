/** Files on local disk and S3 behind the storage port, with a local cache for remote ones. */
@NullMarked
package dev.tarn.storage;

import org.jspecify.annotations.NullMarked;
