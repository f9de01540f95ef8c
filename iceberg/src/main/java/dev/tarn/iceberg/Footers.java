package dev.tarn.iceberg;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.Util;
import org.apache.parquet.format.converter.ParquetMetadataConverter;
import org.apache.parquet.hadoop.metadata.ParquetMetadata;

/** Reads the end of Parquet files, where their schema and statistics are. */
final class Footers {
    private static final byte[] MAGIC = "PAR1".getBytes(StandardCharsets.US_ASCII);
    private static final int TAIL = 8;

    private Footers() {}

    /**
     * @throws IOException also when the file is not a whole Parquet file
     */
    static ParquetMetadata read(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file)) {
            return new ParquetMetadataConverter().fromParquetMetadata(read(channel));
        } catch (IOException e) {
            throw e;
        } catch (RuntimeException e) {
            throw new IOException(e.getMessage(), e);
        }
    }

    /** As it is written. */
    static FileMetaData read(FileChannel channel) throws IOException {
        long size = channel.size();
        if (size < TAIL + MAGIC.length) {
            throw new IOException("it has only " + size + " bytes");
        }
        ByteBuffer tail = bytes(channel, size - TAIL, TAIL);
        int length = tail.order(ByteOrder.LITTLE_ENDIAN).getInt();
        byte[] magic = new byte[MAGIC.length];
        tail.get(magic);
        if (!Arrays.equals(magic, MAGIC) || length < 0 || length > size - TAIL) {
            throw new IOException("it does not end as one");
        }
        byte[] footer = bytes(channel, size - TAIL - length, length).array();
        return Util.readFileMetaData(new ByteArrayInputStream(footer));
    }

    /** What Parquet files begin and end with. */
    static byte[] magic() {
        return MAGIC.clone();
    }

    /** What stands between the footer and the end. */
    static byte[] length(int footer) {
        return ByteBuffer.allocate(Integer.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(footer)
                .array();
    }

    static ByteBuffer bytes(FileChannel channel, long from, int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(length);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, from + buffer.position()) < 0) {
                throw new IOException("it ends too early");
            }
        }
        return buffer.flip();
    }
}
