/** Tests of storage against real disks and a real S3 endpoint on loopback. */
@NullMarked
package dev.tarn.storage;

import org.jspecify.annotations.NullMarked;
