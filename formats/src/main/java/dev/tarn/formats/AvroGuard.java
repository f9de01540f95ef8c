package dev.tarn.formats;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.avro.file.DataFileConstants;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.Decoder;

/**
 * Holds the lengths that a container file tells of itself against what is there, before anybody
 * makes room for them: in a damaged file they are any number.
 */
final class AvroGuard extends GenericDatumReader<GenericRecord> {
    @Override
    public GenericRecord read(GenericRecord reuse, Decoder in) throws IOException {
        return super.read(reuse, in instanceof BinaryDecoder block ? new AvroBlock(block) : in);
    }

    /**
     * Goes from block to block. What is no container file at all is left to the library.
     *
     * @throws EOFException if a length leads behind the end of the file
     */
    static void requireLengths(Path file) throws IOException {
        try (Walk walk = new Walk(file)) {
            if (!walk.isContainer()) {
                return;
            }
            walk.header();
            while (!walk.isAtEnd()) {
                walk.block();
            }
        }
    }

    /** Reads what stands between things and passes over the things. */
    private static final class Walk implements AutoCloseable {
        /** What is read in vain before something long is passed over. */
        private static final int AHEAD = 64;

        private final InputStream in;
        private final long end;
        private long at;

        Walk(Path file) throws IOException {
            end = Files.size(file);
            in = new BufferedInputStream(Files.newInputStream(file), AHEAD);
        }

        boolean isContainer() throws IOException {
            for (byte magic : DataFileConstants.MAGIC) {
                at++;
                if (in.read() != magic) {
                    return false;
                }
            }
            return true;
        }

        boolean isAtEnd() {
            return at >= end;
        }

        void header() throws IOException {
            for (long n = number(); n != 0; n = number()) {
                if (n < 0) {
                    number();
                }
                if (n < -end || n > end) {
                    throw tooLong();
                }
                for (long i = 0; i < Math.abs(n); i++) {
                    over(number());
                    over(number());
                }
            }
            over(DataFileConstants.SYNC_SIZE);
        }

        void block() throws IOException {
            number();
            over(number());
            over(DataFileConstants.SYNC_SIZE);
        }

        private long number() throws IOException {
            long bits = 0;
            for (int shift = 0; shift < Long.SIZE; shift += 7) {
                int read = in.read();
                at++;
                if (read < 0) {
                    throw tooLong();
                }
                bits |= (long) (read & 0x7f) << shift;
                if (read < 0x80) {
                    return (bits >>> 1) ^ -(bits & 1);
                }
            }
            throw tooLong();
        }

        private void over(long bytes) throws IOException {
            if (bytes < 0 || bytes > end - at) {
                throw tooLong();
            }
            in.skipNBytes(bytes);
            at += bytes;
        }

        private static EOFException tooLong() {
            return new EOFException("it breaks off in the middle of a block, or is damaged");
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }
}
