package dev.tarn.server;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicLong;

/** The memory for all bodies that are being answered. Safe for use by many threads. */
final class BodyRoom {
    private final long most;
    private final AtomicLong taken = new AtomicLong();

    BodyRoom(long most) {
        this.most = most;
    }

    /** There is no room for more. */
    static final class Full extends IOException {
        private static final long serialVersionUID = 1L;
    }

    /** The room of one request; empty at first. */
    Share share() {
        return new Share();
    }

    /** What one request has taken; it is given back when it is closed. */
    final class Share implements AutoCloseable {
        private long mine;

        private Share() {}

        void take(long bytes) throws Full {
            if (taken.addAndGet(bytes) > most) {
                taken.addAndGet(-bytes);
                throw new Full();
            }
            mine += bytes;
        }

        @Override
        public void close() {
            taken.addAndGet(-mine);
            mine = 0;
        }
    }
}
