package dev.tarn.server;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Clock;
import java.time.Instant;
import java.util.concurrent.TimeoutException;

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

    /** A request that breaks off, or whose pieces are none. */
    static final class Broken extends IOException {
        private static final long serialVersionUID = 1L;

        Broken(IOException cause) {
            super(cause);
        }
    }

    static byte[] read(InputStream in, ServerConfig config, Clock clock, BodyRoom.Share room)
            throws IOException {
        Instant end = clock.instant().plus(config.upload());
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        byte[] chunk = new byte[CHUNK];
        for (int n = next(in, chunk); n >= 0; n = next(in, chunk)) {
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

    /** A client that sends nothing more is too slow, whatever the connection calls that. */
    private static int next(InputStream in, byte[] chunk) throws IOException {
        try {
            return in.read(chunk);
        } catch (IOException e) {
            for (Throwable t = e; t != null; t = t.getCause()) {
                if (t instanceof TimeoutException) {
                    throw new TooSlow();
                }
            }
            throw new Broken(e);
        }
    }
}
