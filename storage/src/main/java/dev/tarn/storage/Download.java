package dev.tarn.storage;

import dev.tarn.model.TarnException;
import dev.tarn.spi.Storage.StoredFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;

/** Brings one remote file to local disk, several parts at a time. */
record Download(RangedStorage remote, StoredFile file) {
    static final int PART_BYTES = 8 << 20;
    private static final int PARTS_AT_ONCE = 8;

    /** Writes the file, which must not exist, and waits until it is on the disk. */
    void to(Path target) throws IOException {
        try (FileChannel channel =
                FileChannel.open(target, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW)) {
            if (file.bytes() <= PART_BYTES) {
                part(channel, 0);
            } else {
                inParts(channel);
            }
            channel.force(true);
        }
    }

    private void inParts(FileChannel channel) {
        Semaphore turns = new Semaphore(PARTS_AT_ONCE);
        List<Future<?>> running = new ArrayList<>();
        try (ExecutorService pool = Executors.newVirtualThreadPerTaskExecutor()) {
            for (long from = 0; from < file.bytes(); from += PART_BYTES) {
                long start = from;
                running.add(
                        pool.submit(() -> {
                            turns.acquire();
                            try {
                                part(channel, start);
                            } finally {
                                turns.release();
                            }
                            return null;
                        }));
            }
            waitFor(running, pool);
        }
    }

    private void waitFor(List<Future<?>> running, ExecutorService pool) {
        try {
            for (Future<?> part : running) {
                part.get();
            }
        } catch (InterruptedException e) {
            pool.shutdownNow();
            throw StorageErrors.interrupted(file.location());
        } catch (ExecutionException e) {
            pool.shutdownNow();
            if (e.getCause() instanceof TarnException known) {
                throw known;
            }
            if (e.getCause() instanceof IOException io) {
                throw StorageErrors.ofLocal(file.location(), io);
            }
            throw StorageErrors.failed(file.location(), "the download broke", e);
        }
    }

    private void part(FileChannel channel, long from) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(PART_BYTES, file.bytes() - from));
        if (buffer.hasRemaining()) {
            remote.read(file, from, buffer);
        }
        buffer.flip();
        long position = from;
        while (buffer.hasRemaining()) {
            position += channel.write(buffer, position);
        }
    }
}
