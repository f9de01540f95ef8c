package dev.tarn.upkeep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.model.TarnException;
import dev.tarn.model.table.Field;
import dev.tarn.model.table.Schema;
import dev.tarn.model.table.TableDefinition;
import dev.tarn.model.table.Type;
import dev.tarn.spi.Engine;
import dev.tarn.spi.EngineSession;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the properties of a table make of its files. */
final class WrittenFilesTest {
    private static final Schema COLUMNS =
            new Schema(
                    List.of(
                            Field.of("id", Type.Primitive.BIGINT),
                            Field.of("name", Type.Primitive.VARCHAR)));

    @TempDir Path folder;

    private Lab lab;

    @BeforeEach
    void openLab() {
        lab = new Lab(folder);
    }

    @AfterEach
    void closeLab() {
        lab.close();
    }

    private static TableDefinition plain(Map<String, String> properties) {
        return new TableDefinition(COLUMNS, List.of(), List.of(), properties);
    }

    @Test
    void filesAreWrittenAsThePropertiesSay() throws Exception {
        lab.create(
                plain(
                        Map.of(
                                "write.parquet.compression-codec", "snappy",
                                "tarn.write.row-group-rows", "2048",
                                "tarn.write.bloom-filters", "off")));
        lab.append("select range as id, 'n' || range % 5 as name from range(10000)");

        assertThat(
                        parquet(
                                "count(distinct row_group_id), any_value(compression), count(bloom_filter_offset)"))
                .containsExactly("5|SNAPPY|0");
        assertThatThrownBy(() ->
                        lab.tables.create(
                                Lab.NAME, plain(Map.of("write.parquet.compression-level", "99"))))
                .isInstanceOf(TarnException.class)
                .hasMessage(
                        "The table property 'write.parquet.compression-level' is '99', but it must be a whole number from 1 to 22. [CONFIG_INVALID]");
    }

    @Test
    void columnsThatAreAskedForGetBloomFiltersHoweverDifferentTheirValuesAre() throws Exception {
        String rows = "select range as id, md5(range::varchar) as name from range(5000)";
        String filters = "path_in_schema, bloom_filter_offset is not null";
        lab.create(plain(Map.of()));
        lab.append(rows);
        assertThat(parquet(filters)).contains("name|false");

        lab.create(
                plain(
                        Map.of(
                                "write.parquet.bloom-filter-enabled.column.name", "true",
                                "write.parquet.bloom-filter-fpp.column.name", "0.001")));
        lab.append(rows);

        assertThat(parquet(filters)).contains("name|true");
        assertThat(bloomFilterExcludes("nobody")).isEqualTo("true");
        assertThat(bloomFilterExcludes("cfcd208495d565ef66e7dff9f98764da")).isEqualTo("false");
        assertThatThrownBy(() ->
                        lab.tables.create(
                                Lab.NAME,
                                plain(
                                        Map.of(
                                                "write.parquet.bloom-filter-enabled.column.nam",
                                                "true"))))
                .hasMessage(
                        "The table property 'write.parquet.bloom-filter-enabled.column.nam' names column 'nam', which the table does not have. Did you mean 'name'? [COLUMN_NOT_FOUND]");
        assertThatThrownBy(() ->
                        lab.tables.create(
                                Lab.NAME,
                                plain(Map.of("write.parquet.bloom-filter-fpp.column.name", "1"))))
                .hasMessage(
                        "The table property 'write.parquet.bloom-filter-fpp.column.name' is '1', but it must be a number between 0 and 1, such as 0.01. [CONFIG_INVALID]");
    }

    @Test
    void tablesThatAskForPagesGetThemWithAnIndex() throws Exception {
        String rows = "select range as id, 'n' || range % 5 as name from range(10000)";
        String pages =
                "path_in_schema, list_sum([s.count for s in encoding_stats if s.page_type = 'DATA_PAGE'])";
        lab.create(plain(Map.of()));
        lab.append(rows);
        assertThat(parquet(pages)).containsExactly("id|1", "name|1");

        lab.create(plain(Map.of("write.parquet.page-row-limit", "500")));
        lab.append(rows);
        assertThat(parquet(pages)).containsExactly("id|20", "name|20");

        lab.create(plain(Map.of("write.parquet.page-size-bytes", "16384")));
        lab.append(rows);
        assertThat(parquet(pages)).contains("id|6");
        assertThatThrownBy(() ->
                        lab.tables.create(
                                Lab.NAME, plain(Map.of("write.parquet.page-row-limit", "few"))))
                .hasMessage(
                        "The table property 'write.parquet.page-row-limit' is 'few', but it must be a whole number from 100 to 100000000. [CONFIG_INVALID]");
        assertThatThrownBy(() ->
                        lab.tables.create(
                                Lab.NAME, plain(Map.of("write.parquet.page-size-bytes", "1"))))
                .hasMessage(
                        "The table property 'write.parquet.page-size-bytes' is '1', but it must be a whole number from 1024 to 1073741824. [CONFIG_INVALID]");
    }

    private String bloomFilterExcludes(String name) {
        String file = lab.tables.inventory(lab.pointer()).files().getFirst().location();
        try (EngineSession session = lab.engine.open(Engine.SessionOptions.TRUSTED)) {
            return Lab.query(
                            session,
                            "select bloom_filter_excludes from parquet_bloom_probe('%s', 'name', '%s')"
                                    .formatted(file, name))
                    .getFirst();
        }
    }

    /** What the files say of themselves. */
    private List<String> parquet(String what) {
        String file = lab.tables.inventory(lab.pointer()).files().getFirst().location();
        try (EngineSession session = lab.engine.open(Engine.SessionOptions.TRUSTED)) {
            return Lab.query(
                    session, "select %s from parquet_metadata('%s')".formatted(what, file));
        }
    }
}
