package dev.tarn.duckdb;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.c.ArrowArrayStream;
import org.apache.arrow.c.Data;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.ipc.ArrowStreamReader;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;

/**
 * Views over files with Arrow IPC streams, batch by batch. DuckDB takes a stream once; so each is
 * given to it again before the next statement.
 */
final class ArrowFiles implements AutoCloseable {
    private final DuckDBConnection connection;
    private final List<Feed> feeds = new ArrayList<>();
    private @Nullable BufferAllocator memory;

    ArrowFiles(DuckDBConnection connection) {
        this.connection = connection;
    }

    /** One file, under a name in the connection's temporary schema. */
    private static final class Feed {
        private final String name;
        private final Path file;
        private ArrowStreamReader reader;
        private volatile boolean taken;

        Feed(String name, Path file, BufferAllocator memory) {
            this.name = name;
            this.file = file;
            this.reader = open(memory);
        }

        private ArrowStreamReader open(BufferAllocator memory) {
            return new ArrowStreamReader(new LateChannel(file), memory) {
                @Override
                public boolean loadNextBatch() throws IOException {
                    taken = true;
                    return super.loadNextBatch();
                }

                @Override
                protected void closeReadSource() throws IOException {
                    taken = true;
                    super.closeReadSource();
                }
            };
        }

        void give(DuckDBConnection connection, BufferAllocator memory) {
            try (ArrowArrayStream stream = ArrowArrayStream.allocateNew(memory)) {
                Data.exportArrayStream(memory, reader, stream);
                connection.registerArrowStream(name, stream);
            }
        }

        void giveAgain(DuckDBConnection connection, BufferAllocator memory) throws IOException {
            if (taken) {
                reader.close();
                reader = open(memory);
                taken = false;
                give(connection, memory);
            }
        }
    }

    /** Opens its file when the first byte is wanted. */
    private static final class LateChannel implements ReadableByteChannel {
        private final Path file;
        private @Nullable FileChannel open;
        private boolean closed;

        LateChannel(Path file) {
            this.file = file;
        }

        @Override
        public int read(ByteBuffer to) throws IOException {
            FileChannel channel = open;
            if (channel == null) {
                channel = FileChannel.open(file);
                open = channel;
            }
            return channel.read(to);
        }

        @Override
        public boolean isOpen() {
            return !closed;
        }

        @Override
        public void close() throws IOException {
            closed = true;
            if (open != null) {
                open.close();
            }
        }
    }

    /** What SQL selects a file's rows from. A statement can name it once. */
    String relation(Path file) {
        BufferAllocator used = memory;
        if (used == null) {
            used = new RootAllocator();
            memory = used;
        }
        Feed feed = new Feed("__tarn_arrow_" + feeds.size(), file, used);
        feeds.add(feed);
        feed.give(connection, used);
        return "temp.main." + Sql.name(feed.name);
    }

    /** Makes streams that were read ready to be read again. */
    void renew() {
        BufferAllocator used = memory;
        if (used == null) {
            return;
        }
        try {
            for (Feed feed : feeds) {
                feed.giveAgain(connection, used);
            }
        } catch (IOException e) {
            throw ErrorTranslator.translate(new SQLException(e), Source.OURS);
        }
    }

    /** To be called when the connection is closed and reads nothing more. */
    @Override
    public void close() {
        BufferAllocator used = memory;
        if (used == null) {
            return;
        }
        memory = null;
        try (used) {
            for (Feed feed : feeds) {
                feed.reader.close();
            }
        } catch (IOException e) {
            throw ErrorTranslator.translate(new SQLException(e), Source.OURS);
        }
    }
}
