package dev.tarn.jdbc;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Changes of one table, in their order: in memory, or in a file when they are many. */
final class ChangeBuffer implements AutoCloseable {
    private static final int MOST_IN_MEMORY = 1 << 20;

    private final Path folder;
    private ByteArrayOutputStream memory = new ByteArrayOutputStream(512);
    private @Nullable Path path;
    private @Nullable OutputStream file;
    private long bytes;
    private int changes;
    private final SortedSet<Integer> versions = new TreeSet<>();

    ChangeBuffer(Path folder) {
        this.folder = folder;
    }

    /**
     * A change.
     *
     * @param version which of the reader's relations it is a row of
     * @param commit where its transaction was committed
     * @param micros when it was, since 1970
     * @param order its number in the transaction
     */
    record Change(
            byte kind,
            int version,
            Lsn commit,
            long micros,
            int transaction,
            int order,
            byte oldKind,
            ByteBuffer old,
            ByteBuffer row) {}

    /** What somebody does with a change. */
    interface Visitor {
        void visit(Change change);
    }

    void add(Change change) {
        ByteBuffer old = change.old().duplicate();
        ByteBuffer row = change.row().duplicate();
        ByteBuffer out = ByteBuffer.allocate(42 + old.remaining() + row.remaining());
        out.putInt(out.capacity() - 4).put(change.kind()).putInt(change.version());
        out.putLong(change.commit().value()).putLong(change.micros());
        out.putInt(change.transaction()).putInt(change.order()).put(change.oldKind());
        out.putInt(old.remaining()).put(old);
        out.putInt(row.remaining()).put(row);
        write(out.array());
        changes++;
        if (change.version() >= 0) {
            versions.add(change.version());
        }
    }

    /** An empty one. */
    ChangeBuffer beside() {
        return new ChangeBuffer(folder);
    }

    /** Takes over what another one has. */
    void add(ChangeBuffer other) {
        versions.addAll(other.versions);
        if (bytes == 0) {
            close();
            memory = other.memory;
            path = other.path;
            file = other.file;
            bytes = other.bytes;
            changes = other.changes;
            other.path = null;
            other.file = null;
            return;
        }
        try (InputStream in = other.input()) {
            byte[] piece = new byte[1 << 16];
            int length;
            while ((length = in.read(piece)) > 0) {
                write(piece.length == length ? piece : java.util.Arrays.copyOf(piece, length));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        changes += other.changes;
        other.close();
    }

    private void write(byte[] out) {
        try {
            if (file == null && memory.size() + out.length > MOST_IN_MEMORY) {
                Files.createDirectories(folder);
                path = Files.createTempFile(folder, "changes", ".tmp");
                file = new BufferedOutputStream(Files.newOutputStream(path), 1 << 16);
                memory.writeTo(file);
                memory = new ByteArrayOutputStream(0);
            }
            if (file == null) {
                memory.writeBytes(out);
            } else {
                file.write(out);
            }
            bytes += out.length;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private InputStream input() throws IOException {
        if (file == null || path == null) {
            return new ByteArrayInputStream(memory.toByteArray());
        }
        file.flush();
        return new BufferedInputStream(Files.newInputStream(path), 1 << 16);
    }

    long bytes() {
        return bytes;
    }

    int changes() {
        return changes;
    }

    /** Of which relations it has rows, the oldest first. */
    SortedSet<Integer> versions() {
        return versions;
    }

    void read(Visitor visitor) {
        try (DataInputStream in = new DataInputStream(input())) {
            while (true) {
                int length;
                try {
                    length = in.readInt();
                } catch (EOFException end) {
                    return;
                }
                byte[] bytesOfOne = new byte[length];
                in.readFully(bytesOfOne);
                visitor.visit(change(ByteBuffer.wrap(bytesOfOne)));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Change change(ByteBuffer in) {
        byte kind = in.get();
        int version = in.getInt();
        Lsn commit = new Lsn(in.getLong());
        long micros = in.getLong();
        int transaction = in.getInt();
        int order = in.getInt();
        byte oldKind = in.get();
        return new Change(
                kind, version, commit, micros, transaction, order, oldKind, part(in), part(in));
    }

    private static ByteBuffer part(ByteBuffer in) {
        int length = in.getInt();
        ByteBuffer part = in.slice(in.position(), length);
        in.position(in.position() + length);
        return part;
    }

    @Override
    public void close() {
        try {
            if (file != null) {
                file.close();
            }
            if (path != null) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            // It is in a folder for what may be lost.
        }
        file = null;
        path = null;
    }
}
