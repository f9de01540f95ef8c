package dev.tarn.iceberg;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.page.DataPage;
import org.apache.parquet.column.page.DataPageV1;
import org.apache.parquet.column.page.DictionaryPage;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.column.page.PageReader;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.DataPageHeader;
import org.apache.parquet.format.DictionaryPageHeader;
import org.apache.parquet.format.PageHeader;
import org.apache.parquet.format.PageType;
import org.apache.parquet.format.Util;
import org.apache.parquet.format.converter.ParquetMetadataConverter;
import org.jspecify.annotations.Nullable;

/** The pages of one column in one row group, one after the other. */
final class PageSource implements PageReadStore, PageReader {
    private final ParquetMetadataConverter formats = new ParquetMetadataConverter();
    private final ColumnDescriptor column;
    private final ColumnMetaData chunk;
    private final PageCodec codec;
    private final long rows;
    private final InputStream bytes;
    private final @Nullable DictionaryPage dictionary;
    private @Nullable PageHeader next;
    private long left;

    PageSource(
            FileChannel file,
            ColumnDescriptor column,
            ColumnMetaData chunk,
            PageCodec codec,
            long rows)
            throws IOException {
        this.column = column;
        this.chunk = chunk;
        this.codec = codec;
        this.rows = rows;
        this.left = chunk.getNum_values();
        file.position(start(chunk));
        this.bytes = new BufferedInputStream(Channels.newInputStream(file), 1 << 16);
        PageHeader first = Util.readPageHeader(bytes);
        if (first.getType() == PageType.DICTIONARY_PAGE) {
            DictionaryPageHeader header = first.getDictionary_page_header();
            this.dictionary =
                    new DictionaryPage(
                            unpacked(first),
                            header.getNum_values(),
                            formats.getEncoding(header.getEncoding()));
        } else {
            this.dictionary = null;
            this.next = first;
        }
    }

    private static long start(ColumnMetaData chunk) {
        boolean dictionaryFirst =
                chunk.isSetDictionary_page_offset()
                        && chunk.getDictionary_page_offset() > 0
                        && chunk.getDictionary_page_offset() < chunk.getData_page_offset();
        return dictionaryFirst ? chunk.getDictionary_page_offset() : chunk.getData_page_offset();
    }

    @Override
    public PageReader getPageReader(ColumnDescriptor wanted) {
        return this;
    }

    @Override
    public long getRowCount() {
        return rows;
    }

    @Override
    public @Nullable DictionaryPage readDictionaryPage() {
        return dictionary;
    }

    boolean hasDictionary() {
        return dictionary != null;
    }

    @Override
    public long getTotalValueCount() {
        return chunk.getNum_values();
    }

    @Override
    public @Nullable DataPage readPage() {
        if (left == 0) {
            return null;
        }
        try {
            PageHeader header = next == null ? Util.readPageHeader(bytes) : next;
            next = null;
            if (header.getType() != PageType.DATA_PAGE) {
                throw new IOException("it has a page of the kind " + header.getType());
            }
            DataPageHeader data = header.getData_page_header();
            left -= data.getNum_values();
            return new DataPageV1(
                    unpacked(header),
                    data.getNum_values(),
                    header.getUncompressed_page_size(),
                    Statistics.createStats(column.getPrimitiveType()),
                    formats.getEncoding(data.getRepetition_level_encoding()),
                    formats.getEncoding(data.getDefinition_level_encoding()),
                    formats.getEncoding(data.getEncoding()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private BytesInput unpacked(PageHeader header) throws IOException {
        int length = header.getCompressed_page_size();
        byte[] packed = bytes.readNBytes(length);
        if (packed.length < length) {
            throw new IOException("it ends within a page");
        }
        return BytesInput.from(codec.unpack(packed, header.getUncompressed_page_size()));
    }

    @Override
    public void close() {
        // The file is closed by who opened it.
    }
}
