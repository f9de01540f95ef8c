package dev.tarn.jdbc;

import java.nio.ByteBuffer;

/** Takes what a server sends of its log apart. Used by one thread. */
interface LogDecoder {
    void take(ByteBuffer message);

    /** What comes next is the beginning of a stream. */
    default void begin(Lsn from) {}
}
