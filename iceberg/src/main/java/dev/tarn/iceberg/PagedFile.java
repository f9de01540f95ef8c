package dev.tarn.iceberg;

import dev.tarn.iceberg.StorageFileIo.CountingOutput;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.column.ColumnWriteStore;
import org.apache.parquet.column.ColumnWriter;
import org.apache.parquet.column.Encoding;
import org.apache.parquet.column.impl.ColumnReadStoreImpl;
import org.apache.parquet.example.DummyRecordConverter;
import org.apache.parquet.format.BloomFilterHeader;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.PageEncodingStats;
import org.apache.parquet.format.PageType;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.format.Util;
import org.apache.parquet.format.converter.ParquetMetadataConverter;
import org.apache.parquet.internal.column.columnindex.ColumnIndex;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;
import org.jspecify.annotations.Nullable;

/**
 * Writes a Parquet file anew with smaller pages and an index of them, for engines that read only
 * pages that may have what is asked for. Rows, row groups, statistics and Bloom filters stay.
 *
 * <p>Values go column by column from old pages to new ones and are never put together as rows, so
 * it makes no difference how columns are nested.
 */
final class PagedFile {
    private static final int BUFFER = 1 << 16;
    private final ParquetMetadataConverter formats = new ParquetMetadataConverter();
    private final FileChannel from;
    private final CountingOutput to;
    private final PageLayout layout;
    private final int level;
    private final FileMetaData footer;
    private final MessageType schema;
    private final List<Indexed> indexes = new ArrayList<>();

    private record Indexed(
            ColumnChunk chunk, ColumnDescriptor column, PageSink pages, long firstPage) {}

    private PagedFile(FileChannel from, CountingOutput to, PageLayout layout, int level)
            throws IOException {
        this.from = from;
        this.to = to;
        this.layout = layout;
        this.level = level;
        this.footer = Footers.read(from);
        this.schema = formats.fromParquetMetadata(footer).getFileMetaData().getSchema();
    }

    /**
     * @param level how hard zstd tries
     * @throws IOException also when the file is not as an engine writes it
     */
    static void rewrite(Path file, PageLayout layout, int level) throws IOException {
        Path paged = file.resolveSibling(file.getFileName() + ".paged");
        try (FileChannel from = FileChannel.open(file);
                CountingOutput to =
                        new CountingOutput(
                                new BufferedOutputStream(Files.newOutputStream(paged), BUFFER))) {
            new PagedFile(from, to, layout, level).write();
        } catch (IOException e) {
            Files.deleteIfExists(paged);
            throw e;
        } catch (RuntimeException e) {
            Files.deleteIfExists(paged);
            throw new IOException(e.getMessage(), e);
        }
        Files.move(paged, file, StandardCopyOption.REPLACE_EXISTING);
    }

    private void write() throws IOException {
        to.write(Footers.magic());
        for (RowGroup group : footer.getRow_groups()) {
            long start = to.getPos();
            long unpacked = 0;
            for (int i = 0; i < group.getColumns().size(); i++) {
                ColumnChunk chunk = group.getColumns().get(i);
                unpacked += write(chunk, schema.getColumns().get(i), group.getNum_rows());
            }
            group.setFile_offset(start);
            group.setTotal_byte_size(unpacked);
            group.setTotal_compressed_size(to.getPos() - start);
        }
        for (RowGroup group : footer.getRow_groups()) {
            for (ColumnChunk chunk : group.getColumns()) {
                if (chunk.getMeta_data().isSetBloom_filter_offset()) {
                    copyBloomFilter(chunk.getMeta_data());
                }
            }
        }
        writeIndexes();
        ByteArrayOutputStream end = new ByteArrayOutputStream();
        Util.writeFileMetaData(footer, end);
        end.writeTo(to);
        to.write(Footers.length(end.size()));
        to.write(Footers.magic());
    }

    private long write(ColumnChunk chunk, ColumnDescriptor column, long rows) throws IOException {
        ColumnMetaData meta = chunk.getMeta_data();
        PageCodec codec = new PageCodec(meta.getCodec(), level);
        PageSource source = new PageSource(from, column, meta, codec, rows);
        PageSink sink = new PageSink(column, codec);
        copyValues(column, source, sink);
        long start = to.getPos();
        long firstPage = start + sink.dictionaryBytes();
        sink.writeTo(to);
        chunk.setFile_offset(start);
        meta.setData_page_offset(firstPage);
        meta.unsetDictionary_page_offset();
        if (sink.dictionaryBytes() > 0) {
            meta.setDictionary_page_offset(start);
        }
        meta.setTotal_compressed_size(sink.bytes());
        meta.setTotal_uncompressed_size(sink.unpackedBytes());
        tellEncodings(meta, sink);
        indexes.add(new Indexed(chunk, column, sink, firstPage));
        return sink.unpackedBytes();
    }

    private void copyValues(ColumnDescriptor column, PageSource source, PageSink sink) {
        MessageType only = only(column);
        ColumnDescriptor own = only.getColumns().getFirst();
        ColumnReader reader =
                new ColumnReadStoreImpl(
                                source,
                                new DummyRecordConverter(only).getRootConverter(),
                                only,
                                footer.getCreated_by())
                        .getColumnReader(own);
        try (ColumnWriteStore store =
                layout.properties(source.hasDictionary()).newColumnWriteStore(only, sink)) {
            ColumnWriter writer = store.getColumnWriter(own);
            long count = source.getTotalValueCount();
            for (long i = 0; i < count; i++) {
                if (i > 0 && reader.getCurrentRepetitionLevel() == 0) {
                    store.endRecord();
                }
                copyValue(own, reader, writer);
                reader.consume();
            }
            if (count > 0) {
                store.endRecord();
            }
            store.flush();
        }
    }

    private static void copyValue(ColumnDescriptor column, ColumnReader from, ColumnWriter to) {
        int repetition = from.getCurrentRepetitionLevel();
        int definition = from.getCurrentDefinitionLevel();
        if (definition < column.getMaxDefinitionLevel()) {
            to.writeNull(repetition, definition);
            return;
        }
        switch (column.getPrimitiveType().getPrimitiveTypeName()) {
            case BOOLEAN -> to.write(from.getBoolean(), repetition, definition);
            case INT32 -> to.write(from.getInteger(), repetition, definition);
            case INT64 -> to.write(from.getLong(), repetition, definition);
            case FLOAT -> to.write(from.getFloat(), repetition, definition);
            case DOUBLE -> to.write(from.getDouble(), repetition, definition);
            case BINARY, FIXED_LEN_BYTE_ARRAY, INT96 ->
                    to.write(from.getBinary(), repetition, definition);
        }
    }

    /** A schema of that column alone. */
    private MessageType only(ColumnDescriptor column) {
        String[] path = column.getPath();
        return new MessageType(schema.getName(), only(schema.getType(path[0]), path, 1));
    }

    private static Type only(Type type, String[] path, int depth) {
        if (type.isPrimitive()) {
            return type;
        }
        GroupType group = type.asGroupType();
        return group.withNewFields(only(group.getType(path[depth]), path, depth + 1));
    }

    private void tellEncodings(ColumnMetaData meta, PageSink sink) {
        Set<Encoding> used = EnumSet.of(Encoding.RLE);
        List<PageEncodingStats> pages = new ArrayList<>();
        @Nullable Encoding ofDictionary = sink.dictionaryEncoding();
        if (ofDictionary != null) {
            used.add(ofDictionary);
            pages.add(
                    new PageEncodingStats(
                            PageType.DICTIONARY_PAGE, formats.getEncoding(ofDictionary), 1));
        }
        for (Map.Entry<Encoding, Integer> each : sink.encodings().entrySet()) {
            used.add(each.getKey());
            pages.add(
                    new PageEncodingStats(
                            PageType.DATA_PAGE,
                            formats.getEncoding(each.getKey()),
                            each.getValue()));
        }
        meta.setEncodings(used.stream().map(formats::getEncoding).toList());
        meta.setEncoding_stats(pages);
    }

    private void copyBloomFilter(ColumnMetaData meta) throws IOException {
        from.position(meta.getBloom_filter_offset());
        BloomFilterHeader header = Util.readBloomFilterHeader(Channels.newInputStream(from));
        long length = from.position() - meta.getBloom_filter_offset() + header.getNumBytes();
        byte[] filter = Footers.bytes(from, meta.getBloom_filter_offset(), (int) length).array();
        meta.setBloom_filter_offset(to.getPos());
        meta.setBloom_filter_length(filter.length);
        to.write(filter);
    }

    private void writeIndexes() throws IOException {
        for (Indexed each : indexes) {
            @Nullable ColumnIndex bounds = each.pages().bounds();
            org.apache.parquet.format.@Nullable ColumnIndex told =
                    bounds == null
                            ? null
                            : ParquetMetadataConverter.toParquetColumnIndex(
                                    each.column().getPrimitiveType(), bounds);
            if (told != null) {
                long start = to.getPos();
                Util.writeColumnIndex(told, to);
                each.chunk().setColumn_index_offset(start);
                each.chunk().setColumn_index_length((int) (to.getPos() - start));
            }
        }
        for (Indexed each : indexes) {
            long start = to.getPos();
            Util.writeOffsetIndex(
                    ParquetMetadataConverter.toParquetOffsetIndex(
                            each.pages().places(each.firstPage())),
                    to);
            each.chunk().setOffset_index_offset(start);
            each.chunk().setOffset_index_length((int) (to.getPos() - start));
        }
    }
}
