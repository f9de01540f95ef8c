package dev.tarn.iceberg;

import org.apache.parquet.column.ParquetProperties;
import org.apache.parquet.column.ParquetProperties.WriterVersion;

/**
 * How large the pages of a table's files are, where it asks for pages.
 *
 * @param rows that a page has at most
 * @param bytes that a page has at most, as soon as it has a hundred rows
 */
record PageLayout(int rows, int bytes) {
    static final int ROWS = 20_000;
    static final int BYTES = 1 << 20;
    private static final int BOUND_BYTES = 64;

    /** How parquet-java is told of it. */
    ParquetProperties properties(boolean hasDictionary) {
        return ParquetProperties.builder()
                .withWriterVersion(WriterVersion.PARQUET_1_0)
                .withDictionaryEncoding(hasDictionary)
                .withPageRowCountLimit(rows)
                .withPageSize(bytes)
                .withColumnIndexTruncateLength(BOUND_BYTES)
                .withSizeStatisticsEnabled(false)
                .build();
    }

    static int boundBytes() {
        return BOUND_BYTES;
    }
}
