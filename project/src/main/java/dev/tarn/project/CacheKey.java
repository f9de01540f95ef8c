package dev.tarn.project;

import java.nio.ByteBuffer;

/** Everything a remembered result depends on, summed up: half of a SHA-256. */
record CacheKey(long high, long low) {
    static CacheKey of(byte[] digest) {
        ByteBuffer buffer = ByteBuffer.wrap(digest);
        return new CacheKey(buffer.getLong(), buffer.getLong());
    }
}
