package dev.tarn.iceberg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.filter2.compat.FilterCompat;
import org.apache.parquet.filter2.predicate.FilterApi;
import org.apache.parquet.filter2.predicate.FilterPredicate;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.parquet.internal.column.columnindex.ColumnIndex;
import org.apache.parquet.io.api.Binary;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** DuckDB's files with pages; parquet-java and DuckDB are the judges. */
final class PagedFileTest {
    private static final String ALL_KINDS =
            """
            select i as id,
                   case when i % 7 > 0 then i % 5 end::tinyint as tiny,
                   (i % 3 = 0) as yes,
                   i::float / 3 as single,
                   case when i % 11 > 0 then i::double * 1.5 when i % 2 = 0 then 'nan'::double end as twice,
                   (i / 100)::decimal(9, 2) as price,
                   (i * 1000000007)::decimal(38, 6) as large,
                   'name ' || i % 50 as name,
                   md5(i::varchar) as hash,
                   md5(i::varchar)::blob as bytes,
                   uuid() as key,
                   date '2020-01-01' + (i % 3000)::int as day,
                   timestamp '2020-01-01' + interval (i) minute as at,
                   timestamptz '2020-01-01 00:00:00+00' + interval (i) second as zoned,
                   time '00:00:00' + interval (i % 86400) second as clock,
                   case when i % 4 = 0 then [] when i % 4 < 3 then [i, null, i + 1] end as numbers,
                   {'a': i, 'b': {'c': 'deep ' || i % 9, 'd': [i % 3]}} as nested,
                   map {'k' || i % 6: [i], 'z': []} as pairs,
                   [[{'x': i}], [], [{'x': null}, null]] as lists,
                   null::varchar as nothing
            from range(10000) t(i)
            """;

    @TempDir Path folder;

    private final DuckFiles duck = new DuckFiles();

    @AfterEach
    void close() {
        duck.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"zstd", "snappy", "gzip", "lz4_raw", "uncompressed"})
    void everyValueIsStillInItsRow(String codec) throws IOException {
        Path before = written(ALL_KINDS, "compression " + codec + ", row_group_size 4096");
        Path file = Files.copy(before, folder.resolve("paged.parquet"));

        PagedFile.rewrite(file, new PageLayout(1_000, 1 << 20), 3);

        String rows = "select *, file_row_number from read_parquet('%s', file_row_number = true)";
        String differences =
                "select count(*) from ((%1$s except all %2$s) union all (%2$s except all %1$s))"
                        .formatted(rows.formatted(before), rows.formatted(file));
        assertThat(duck.text(differences)).containsExactly("0");
        assertThat(duck.text("select count(*) from '%s'".formatted(file))).containsExactly("10000");
        String facts =
                "select row_group_id, path_in_schema, num_values, stats_min_value, stats_max_value, stats_null_count, compression from parquet_metadata('%s') order by all";
        assertThat(duck.text(facts.formatted(file))).isEqualTo(duck.text(facts.formatted(before)));
        try (ParquetFileReader reader = open(file)) {
            long rowsRead = 0;
            for (PageReadStore group = reader.readNextRowGroup();
                    group != null;
                    group = reader.readNextRowGroup()) {
                rowsRead += group.getRowCount();
            }
            assertThat(rowsRead).isEqualTo(10_000);
        }
    }

    @Test
    void eachPageHasItsBounds() throws IOException {
        Path file = written(ALL_KINDS, "row_group_size 4096");

        PagedFile.rewrite(file, new PageLayout(1_000, 1 << 20), 3);

        try (ParquetFileReader reader = open(file)) {
            BlockMetaData first = reader.getFooter().getBlocks().getFirst();
            assertThat(first.getRowCount()).isEqualTo(4_096);
            for (ColumnChunkMetaData column : first.getColumns()) {
                assertThat(reader.readOffsetIndex(column).getPageCount())
                        .as(column.getPath().toDotString())
                        .isGreaterThanOrEqualTo(5);
            }
            ColumnIndex ids = reader.readColumnIndex(first.getColumns().getFirst());
            List<Long> smallest = new ArrayList<>();
            ids.getMinValues()
                    .forEach(v -> smallest.add(v.order(ByteOrder.LITTLE_ENDIAN).getLong()));
            assertThat(smallest).containsExactly(0L, 1_000L, 2_000L, 3_000L, 4_000L);
        }
    }

    @Test
    void pagesThatCannotHaveAValueAreNotRead() throws IOException {
        String sorted =
                "select i as id, 'n' || lpad(i::varchar, 6, '0') as name from range(100000) t(i)";
        Path file = written(sorted, "row_group_size 200000");
        FilterPredicate one = FilterApi.eq(FilterApi.longColumn("id"), 54_321L);
        FilterPredicate named =
                FilterApi.eq(FilterApi.binaryColumn("name"), Binary.fromString("n054321"));
        assertThat(rowsRead(file, one)).isEqualTo(100_000);

        PagedFile.rewrite(file, new PageLayout(1_000, 1 << 20), 3);

        assertThat(rowsRead(file, one)).isEqualTo(1_000);
        assertThat(rowsRead(file, named)).isEqualTo(1_000);
    }

    @Test
    void bloomFiltersStay() throws IOException {
        Path file =
                written(
                        "select 'v' || i % 100 * 2 as name from range(10000) t(i)",
                        "row_group_size 4096");

        PagedFile.rewrite(file, new PageLayout(500, 1 << 20), 3);

        String probe =
                "select bool_and(bloom_filter_excludes) from parquet_bloom_probe('%s', 'name', '%s')";
        assertThat(duck.text(probe.formatted(file, "v42"))).containsExactly("false");
        assertThat(duck.text(probe.formatted(file, "v43"))).containsExactly("true");
    }

    @Test
    void largePagesAreDividedByTheirBytesToo() throws IOException {
        Path file =
                written(
                        "select repeat(md5(i::varchar), 40) as text from range(5000) t(i)",
                        "row_group_size 100000");

        PagedFile.rewrite(file, new PageLayout(100_000, 200_000), 3);

        try (ParquetFileReader reader = open(file)) {
            ColumnChunkMetaData column =
                    reader.getFooter().getBlocks().getFirst().getColumns().getFirst();
            assertThat(reader.readOffsetIndex(column).getPageCount()).isBetween(25, 60);
        }
    }

    @Test
    void aFileWithoutRowsStaysOne() throws IOException {
        Path file = written("select 1 as id where false", "row_group_size 4096");

        PagedFile.rewrite(file, new PageLayout(500, 1 << 20), 3);

        assertThat(duck.text("select count(*) from '%s'".formatted(file))).containsExactly("0");
    }

    @Test
    void aDamagedFileIsLeftAsItIs() throws IOException {
        Path file = written("select i from range(10000) t(i)", "row_group_size 4096");
        byte[] bytes = Files.readAllBytes(file);
        Arrays.fill(bytes, 4, 200, (byte) 0x7f);
        Files.write(file, bytes);

        assertThatThrownBy(() -> PagedFile.rewrite(file, new PageLayout(500, 1 << 20), 3))
                .isInstanceOf(IOException.class);
        assertThat(file).hasBinaryContent(bytes);
        assertThat(folder.toFile().list()).hasSize(1);
    }

    private Path written(String query, String options) {
        Path file = folder.resolve("written.parquet");
        duck.execute("copy (%s) to '%s' (format parquet, %s)".formatted(query, file, options));
        return file;
    }

    private static ParquetFileReader open(Path file) throws IOException {
        return ParquetFileReader.open(
                HadoopInputFile.fromPath(
                        new org.apache.hadoop.fs.Path(file.toUri()), new Configuration()));
    }

    private static long rowsRead(Path file, FilterPredicate filter) throws IOException {
        try (ParquetFileReader reader =
                ParquetFileReader.open(
                        HadoopInputFile.fromPath(
                                new org.apache.hadoop.fs.Path(file.toUri()), new Configuration()),
                        ParquetReadOptions.builder()
                                .withRecordFilter(FilterCompat.get(filter))
                                .useColumnIndexFilter()
                                .useStatsFilter()
                                .build())) {
            return reader.getFilteredRecordCount();
        }
    }
}
