package dev.tarn.iceberg;

import dev.tarn.spi.Storage;
import java.io.IOException;
import java.io.OutputStream;
import java.io.Serial;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import org.apache.iceberg.io.FileIO;
import org.apache.iceberg.io.InputFile;
import org.apache.iceberg.io.OutputFile;
import org.apache.iceberg.io.PositionOutputStream;
import org.apache.iceberg.io.SeekableInputStream;

/** Lets Iceberg read and write through the storage port. Files are read from their local copy. */
public final class StorageFileIo implements FileIO {
    @Serial private static final long serialVersionUID = 1L;

    private final transient Storage storage;

    StorageFileIo(Storage storage) {
        this.storage = storage;
    }

    /** A location as the storage port spells it: other engines write URIs for local files. */
    public static String normalized(String location) {
        if (location.startsWith("file://")) {
            return location.substring("file://".length());
        }
        if (location.startsWith("file:")) {
            return location.substring("file:".length());
        }
        if (location.startsWith("s3a://") || location.startsWith("s3n://")) {
            return "s3://" + location.substring("s3a://".length());
        }
        return location;
    }

    @Override
    public InputFile newInputFile(String location) {
        return new StoredInput(location);
    }

    @Override
    public OutputFile newOutputFile(String location) {
        return new StoredOutput(location);
    }

    @Override
    public void deleteFile(String location) {
        storage.delete(normalized(location));
    }

    private final class StoredInput implements InputFile {
        private final String location;

        StoredInput(String location) {
            this.location = location;
        }

        private Storage.StoredFile stored() {
            return storage.find(normalized(location))
                    .orElseThrow(() -> IcebergErrors.metadataMissing(location));
        }

        @Override
        public long getLength() {
            return stored().bytes();
        }

        @Override
        public SeekableInputStream newStream() {
            try {
                return new ChannelInput(Files.newByteChannel(storage.local(stored())));
            } catch (IOException e) {
                throw IcebergErrors.unreadable(location, e);
            }
        }

        @Override
        public String location() {
            return location;
        }

        @Override
        public boolean exists() {
            return storage.find(normalized(location)).isPresent();
        }
    }

    private final class StoredOutput implements OutputFile {
        private final String location;

        StoredOutput(String location) {
            this.location = location;
        }

        @Override
        public PositionOutputStream create() {
            return new CountingOutput(storage.create(normalized(location)));
        }

        /** Names are never used twice, so there is nothing to overwrite. */
        @Override
        public PositionOutputStream createOrOverwrite() {
            return create();
        }

        @Override
        public String location() {
            return location;
        }

        @Override
        public InputFile toInputFile() {
            return new StoredInput(location);
        }
    }

    private static final class ChannelInput extends SeekableInputStream {
        private final SeekableByteChannel channel;
        private final byte[] single = new byte[1];

        ChannelInput(SeekableByteChannel channel) {
            this.channel = channel;
        }

        @Override
        public long getPos() throws IOException {
            return channel.position();
        }

        @Override
        public void seek(long position) throws IOException {
            channel.position(position);
        }

        @Override
        public int read() throws IOException {
            return read(single, 0, 1) < 0 ? -1 : single[0] & 0xff;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            return channel.read(ByteBuffer.wrap(target, offset, length));
        }

        @Override
        public int available() throws IOException {
            return (int) Math.min(Integer.MAX_VALUE, channel.size() - channel.position());
        }

        @Override
        public long skip(long count) throws IOException {
            long before = channel.position();
            channel.position(Math.min(channel.size(), before + Math.max(0, count)));
            return channel.position() - before;
        }

        @Override
        public void close() {
            try {
                channel.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** Knows how much was written. */
    static final class CountingOutput extends PositionOutputStream {
        private final OutputStream out;
        private long position;

        CountingOutput(OutputStream out) {
            this.out = out;
        }

        @Override
        public long getPos() {
            return position;
        }

        @Override
        public long storedLength() {
            return position;
        }

        @Override
        public void write(int value) throws IOException {
            out.write(value);
            position++;
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            out.write(bytes, offset, length);
            position += length;
        }

        @Override
        public void flush() throws IOException {
            out.flush();
        }

        @Override
        public void close() throws IOException {
            out.close();
        }
    }
}
