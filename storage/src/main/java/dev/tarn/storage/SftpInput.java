package dev.tarn.storage;

import dev.tarn.spi.Storage.StoredFile;
import java.io.InputStream;
import java.nio.ByteBuffer;

/** A file as a stream, read piece by piece, so that no channel is kept by who reads slowly. */
final class SftpInput extends InputStream {
    private static final int PIECE_BYTES = 1 << 20;

    private final RangedStorage storage;
    private final StoredFile file;
    private long next;
    private ByteBuffer piece = ByteBuffer.allocate(0);

    SftpInput(RangedStorage storage, StoredFile file, long offset) {
        this.storage = storage;
        this.file = file;
        this.next = offset;
    }

    private boolean ended() {
        if (piece.hasRemaining()) {
            return false;
        }
        long left = file.bytes() - next;
        if (left <= 0) {
            return true;
        }
        ByteBuffer more = ByteBuffer.allocate((int) Math.min(PIECE_BYTES, left));
        storage.read(file, next, more);
        next += more.position();
        piece = more.flip();
        return false;
    }

    @Override
    public int read() {
        return ended() ? -1 : piece.get() & 0xff;
    }

    @Override
    public int read(byte[] target, int from, int length) {
        if (length == 0) {
            return 0;
        }
        if (ended()) {
            return -1;
        }
        int count = Math.min(length, piece.remaining());
        piece.get(target, from, count);
        return count;
    }
}
