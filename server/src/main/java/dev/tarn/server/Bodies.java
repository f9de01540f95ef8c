package dev.tarn.server;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.time.Instant;

/** Reads what a client sends, up to a size and within a time. */
final class Bodies {
    private static final int CHUNK = 64 << 10;

    private Bodies() {}

    /** A request that is larger than allowed. */
    static final class TooLarge extends IOException {
        private static final long serialVersionUID = 1L;
    }

    /** A request that takes longer to arrive than allowed. */
    static final class TooSlow extends IOException {
        private static final long serialVersionUID = 1L;
    }

    static byte[] read(InputStream in, ServerConfig config, Clock clock, BodyRoom.Share room)
            throws IOException {
        Instant end = clock.instant().plus(config.upload());
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        byte[] chunk = new byte[CHUNK];
        for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
            if (body.size() + (long) n > config.bodyBytesMax()) {
                throw new TooLarge();
            }
            if (clock.instant().isAfter(end)) {
                throw new TooSlow();
            }
            room.take(n);
            body.write(chunk, 0, n);
        }
        return body.toByteArray();
    }
}
