/** Where files lie: local disk and S3, with a cache on local disk for what is far away. */
@NullMarked
package dev.tarn.storage;

import org.jspecify.annotations.NullMarked;
