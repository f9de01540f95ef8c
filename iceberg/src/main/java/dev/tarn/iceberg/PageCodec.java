package dev.tarn.iceberg;

import com.github.luben.zstd.Zstd;
import io.airlift.compress.Compressor;
import io.airlift.compress.Decompressor;
import io.airlift.compress.lz4.Lz4Compressor;
import io.airlift.compress.lz4.Lz4Decompressor;
import io.airlift.compress.snappy.SnappyCompressor;
import io.airlift.compress.snappy.SnappyDecompressor;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.apache.parquet.format.CompressionCodec;

/**
 * Packs and unpacks pages.
 *
 * @param codec how pages are packed
 * @param level how hard zstd tries
 */
record PageCodec(CompressionCodec codec, int level) {
    byte[] pack(byte[] page) throws IOException {
        return switch (codec) {
            case UNCOMPRESSED -> page;
            case ZSTD -> Zstd.compress(page, level);
            case SNAPPY -> pack(page, new SnappyCompressor());
            case LZ4_RAW -> pack(page, new Lz4Compressor());
            case GZIP -> {
                ByteArrayOutputStream packed = new ByteArrayOutputStream();
                try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
                    gzip.write(page);
                }
                yield packed.toByteArray();
            }
            case LZO, BROTLI, LZ4 -> throw unknown();
        };
    }

    /**
     * @throws IOException also when it does not have that size
     */
    byte[] unpack(byte[] packed, int size) throws IOException {
        byte[] page =
                switch (codec) {
                    case UNCOMPRESSED -> packed;
                    case ZSTD -> Zstd.decompress(packed, size);
                    case SNAPPY -> unpack(packed, size, new SnappyDecompressor());
                    case LZ4_RAW -> unpack(packed, size, new Lz4Decompressor());
                    case GZIP -> {
                        try (GZIPInputStream gzip =
                                new GZIPInputStream(new ByteArrayInputStream(packed))) {
                            yield gzip.readAllBytes();
                        }
                    }
                    case LZO, BROTLI, LZ4 -> throw unknown();
                };
        if (page.length != size) {
            throw new IOException("a page has %d bytes, not %d".formatted(page.length, size));
        }
        return page;
    }

    private static byte[] pack(byte[] page, Compressor compressor) {
        byte[] packed = new byte[compressor.maxCompressedLength(page.length)];
        int length = compressor.compress(page, 0, page.length, packed, 0, packed.length);
        return Arrays.copyOf(packed, length);
    }

    private static byte[] unpack(byte[] packed, int size, Decompressor decompressor) {
        byte[] page = new byte[size];
        int length = decompressor.decompress(packed, 0, packed.length, page, 0, size);
        return length == size ? page : Arrays.copyOf(page, length);
    }

    private IOException unknown() {
        return new IOException("its pages are packed by " + codec);
    }
}
