package dev.tarn.duckdb;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.Buffer;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * Memory outside of the heap for the values of a load, at addresses that stay, so that the engine
 * can read texts where they are. Used by one thread until all values are there.
 */
final class LoadMemory {
    private static final int BLOCK = 1 << 20;
    private static final VarHandle ADDRESS = address();

    private final LoadFunction.Blocks spare;
    private final List<ByteBuffer> blocks = new ArrayList<>();

    /** What was larger than a block. */
    private final List<ByteBuffer> large = new ArrayList<>();

    private ByteBuffer block = ByteBuffer.allocate(0);
    private long base;
    private long bytes;

    LoadMemory(LoadFunction.Blocks spare) {
        this.spare = spare;
    }

    private static VarHandle address() {
        try {
            return MethodHandles.privateLookupIn(Buffer.class, MethodHandles.lookup())
                    .findVarHandle(Buffer.class, "address", long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    static ByteBuffer block() {
        return ByteBuffer.allocateDirect(BLOCK);
    }

    /** Room for values of fixed width, in the machine's byte order. */
    ByteBuffer room(int size) {
        if (size > BLOCK) {
            ByteBuffer own = large(size);
            return own.order(ByteOrder.nativeOrder());
        }
        // Numbers begin where the processor likes them to.
        int from = reserve(size + 8) + 7 & ~7;
        return block.slice(from, size).order(ByteOrder.nativeOrder());
    }

    /** Copies bytes; returns their address. */
    long copy(byte[] from, int start, int length) {
        if (length > BLOCK) {
            ByteBuffer own = large(length);
            own.put(0, from, start, length);
            return (long) ADDRESS.get((Buffer) own);
        }
        int at = reserve(length);
        block.put(at, from, start, length);
        return base + at;
    }

    private int reserve(int size) {
        int at = block.position();
        if (block.capacity() - at < size) {
            block = spare.take();
            block.clear();
            base = (long) ADDRESS.get((Buffer) block);
            blocks.add(block);
            bytes += BLOCK;
            at = 0;
        }
        block.position(at + size);
        return at;
    }

    private ByteBuffer large(int size) {
        ByteBuffer own = ByteBuffer.allocateDirect(size);
        large.add(own);
        bytes += size;
        return own;
    }

    /** Counts what belongs to the load and is elsewhere. */
    void count(long more) {
        bytes += more;
    }

    /** How much memory there is. */
    long bytes() {
        return bytes;
    }

    /** Gives all memory back: nobody reads it any more. */
    void free() {
        spare.give(blocks);
        blocks.clear();
        large.clear();
        block = ByteBuffer.allocate(0);
        bytes = 0;
    }
}
