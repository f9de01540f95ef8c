package dev.tarn.iceberg;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.EnumMap;
import java.util.Map;
import org.apache.parquet.bytes.BytesInput;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.page.DictionaryPage;
import org.apache.parquet.column.page.PageWriteStore;
import org.apache.parquet.column.page.PageWriter;
import org.apache.parquet.column.statistics.SizeStatistics;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.column.statistics.geospatial.GeospatialStatistics;
import org.apache.parquet.format.converter.ParquetMetadataConverter;
import org.apache.parquet.internal.column.columnindex.ColumnIndex;
import org.apache.parquet.internal.column.columnindex.ColumnIndexBuilder;
import org.apache.parquet.internal.column.columnindex.OffsetIndex;
import org.apache.parquet.internal.column.columnindex.OffsetIndexBuilder;
import org.jspecify.annotations.Nullable;

/** Takes the pages of one column in one row group, and what is to be known of each. */
final class PageSink implements PageWriteStore, PageWriter {
    private final ParquetMetadataConverter formats = new ParquetMetadataConverter();
    private final PageCodec codec;
    private final ByteArrayOutputStream dictionary = new ByteArrayOutputStream();
    private final ByteArrayOutputStream data = new ByteArrayOutputStream();
    private final ColumnIndexBuilder bounds;
    private final OffsetIndexBuilder places = OffsetIndexBuilder.getBuilder();
    private final Map<Encoding, Integer> encodings = new EnumMap<>(Encoding.class);
    private @Nullable Encoding dictionaryEncoding;
    private long unpackedBytes;

    PageSink(ColumnDescriptor column, PageCodec codec) {
        this.codec = codec;
        this.bounds =
                ColumnIndexBuilder.getBuilder(column.getPrimitiveType(), PageLayout.boundBytes());
    }

    /** With its dictionary first. */
    void writeTo(OutputStream file) throws IOException {
        dictionary.writeTo(file);
        data.writeTo(file);
    }

    long dictionaryBytes() {
        return dictionary.size();
    }

    long bytes() {
        return (long) dictionary.size() + data.size();
    }

    /** With all headers of pages. */
    long unpackedBytes() {
        return unpackedBytes;
    }

    /** How the values of its pages are written, with the number of pages. */
    Map<Encoding, Integer> encodings() {
        return encodings;
    }

    @Nullable Encoding dictionaryEncoding() {
        return dictionaryEncoding;
    }

    /** Nothing for values that have no order. */
    @Nullable ColumnIndex bounds() {
        return bounds.build();
    }

    OffsetIndex places(long firstPage) {
        return places.build(firstPage);
    }

    @Override
    public PageWriter getPageWriter(ColumnDescriptor wanted) {
        return this;
    }

    @Override
    public void writePage(
            BytesInput page,
            int values,
            int rows,
            Statistics<?> statistics,
            @Nullable SizeStatistics sizes,
            @Nullable GeospatialStatistics shapes,
            Encoding repetitions,
            Encoding definitions,
            Encoding encoding)
            throws IOException {
        byte[] plain = bytes(page);
        byte[] packed = codec.pack(plain);
        int before = data.size();
        formats.writeDataPageV1Header(
                plain.length, packed.length, values, repetitions, definitions, encoding, data);
        unpackedBytes += data.size() - before + plain.length;
        data.write(packed);
        encodings.merge(encoding, 1, Integer::sum);
        bounds.add(statistics);
        places.add(data.size() - before, rows);
    }

    private static byte[] bytes(BytesInput page) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(Math.toIntExact(page.size()));
        page.writeAllTo(bytes);
        return bytes.toByteArray();
    }

    @Override
    public void writeDictionaryPage(DictionaryPage page) throws IOException {
        byte[] plain = bytes(page.getBytes());
        byte[] packed = codec.pack(plain);
        formats.writeDictionaryPageHeader(
                plain.length,
                packed.length,
                page.getDictionarySize(),
                page.getEncoding(),
                dictionary);
        unpackedBytes += dictionary.size() + plain.length;
        dictionary.write(packed);
        dictionaryEncoding = page.getEncoding();
    }

    @Override
    public void writePage(
            BytesInput page,
            int values,
            int rows,
            Statistics<?> statistics,
            Encoding repetitions,
            Encoding definitions,
            Encoding encoding)
            throws IOException {
        writePage(page, values, rows, statistics, null, null, repetitions, definitions, encoding);
    }

    @Deprecated
    @Override
    public void writePage(
            BytesInput page,
            int values,
            Statistics<?> statistics,
            Encoding repetitions,
            Encoding definitions,
            Encoding encoding) {
        throw new UnsupportedOperationException("pages are written with the number of their rows");
    }

    @Override
    public void writePageV2(
            int rows,
            int nulls,
            int values,
            BytesInput repetitions,
            BytesInput definitions,
            Encoding encoding,
            BytesInput page,
            Statistics<?> statistics) {
        throw new UnsupportedOperationException("pages are written in the first version");
    }

    @Override
    public long getMemSize() {
        return bytes();
    }

    @Override
    public long allocatedSize() {
        return bytes();
    }

    @Override
    public String memUsageString(String prefix) {
        return prefix + " " + bytes() + " bytes";
    }

    @Override
    public void close() {
        // Nothing is open.
    }
}
