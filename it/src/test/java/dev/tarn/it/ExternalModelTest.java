package dev.tarn.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tarn.model.TarnException;
import dev.tarn.model.run.TaskStatus;
import dev.tarn.run.RunReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Models whose rows are written to files too, for other programs. */
final class ExternalModelTest {
    @TempDir Path folder;
    private Workshop shop;

    @BeforeEach
    void openShop() {
        shop = new Workshop(folder);
        shop.put("seeds/raw.csv", "id,day,word\n1,2026-01-01,a\n2,2026-01-02,b;c\n");
    }

    @AfterEach
    void closeShop() {
        shop.close();
    }

    private RunReport build() {
        RunReport report = shop.build();
        assertThat(Workshop.told(report.problems())).isEmpty();
        return report;
    }

    private String text(String file) throws IOException {
        return Files.readString(folder.resolve(file));
    }

    @Test
    void filesFollowWhatIsPublished() throws IOException {
        shop.put(
                "models/out.sql",
                "{{ config(materialized='external', location='data/out.csv', options={'delimiter': ';'}) }} select id, word from {{ ref('raw') }} order by id");
        shop.put(
                "models/lines.sql",
                "{{ config(materialized='external', format='json') }} select id from {{ ref('out') }} where id = 2");
        shop.put(
                "models/bars.sql",
                "{{ config(materialized='external', format='csv', delimiter='|') }} select id, word from {{ ref('out') }} order by id");
        build();
        assertThat(text("data/out.csv")).isEqualTo("id;word\n1;a\n2;\"b;c\"\n");
        assertThat(text("bars.csv")).isEqualTo("id|word\n1|a\n2|b;c\n");
        assertThat(text("lines.json")).isEqualTo("{\"id\":2}\n");
        assertThat(shop.rows("select count(*) from main.out")).containsExactly("2");

        shop.put("seeds/raw.csv", "id,day,word\n3,2026-01-03,z\n");
        build();
        assertThat(text("data/out.csv")).isEqualTo("id;word\n3;z\n");
        assertThat(text("lines.json")).isEmpty();
    }

    @Test
    void aFileThatIsGoneIsWrittenAgainWithoutComputingAnything() throws IOException {
        shop.put(
                "models/out.sql",
                "{{ config(materialized='external', location='out.parquet', options={'compression': 'zstd'}) }} select id from {{ ref('raw') }}");
        build();
        Files.delete(folder.resolve("out.parquet"));
        RunReport again = build();
        assertThat(again.tasks())
                .filteredOn(t -> t.node().endsWith("out"))
                .allSatisfy(t -> assertThat(t.status()).isEqualTo(TaskStatus.UNCHANGED));
        assertThat(folder.resolve("out.parquet")).isNotEmptyFile();
    }

    @Test
    void aFailedRunLeavesTheFilesAlone() throws IOException {
        shop.put(
                "models/out.sql",
                "{{ config(materialized='external', location='out.csv') }} select id from {{ ref('raw') }}");
        build();
        String before = text("out.csv");
        shop.put("seeds/raw.csv", "id,day,word\n7,2026-01-01,a\n");
        shop.put("tests/none.sql", "select * from {{ ref('out') }}");
        shop.build();
        assertThat(text("out.csv")).isEqualTo(before).isEqualTo("id\n1\n2\n");
    }

    @Test
    void partitionsAreFoldersAndThoseThatEndGo() throws IOException {
        shop.put(
                "models/parts.sql",
                "{{ config(materialized='external', location='parts', format='csv', options={'partition_by': 'day'}) }} select * from {{ ref('raw') }}");
        build();
        shop.put("parts/notes.txt", "mine");
        try (Stream<Path> files = Files.walk(folder.resolve("parts"))) {
            assertThat(files.filter(Files::isRegularFile).map(f -> folder.relativize(f).toString()))
                    .containsExactlyInAnyOrder(
                            "parts/day=2026-01-01/data_0.csv",
                            "parts/day=2026-01-02/data_0.csv",
                            "parts/notes.txt");
        }
        shop.put("seeds/raw.csv", "id,day,word\n2,2026-01-02,q\n");
        build();
        assertThat(folder.resolve("parts/day=2026-01-01/data_0.csv")).doesNotExist();
        assertThat(text("parts/day=2026-01-02/data_0.csv")).contains("2,q");
        assertThat(text("parts/notes.txt")).isEqualTo("mine");
    }

    @Test
    void placesThatAreNotFreeAreRefusedBeforeAnythingRuns() throws IOException {
        shop.put(
                "models/a.sql",
                "{{ config(materialized='external', location='../out.csv') }} select 1 as a");
        shop.put(
                "models/b.sql",
                "{{ config(materialized='external', location='s3://b/out.csv') }} select 1 as a");
        shop.put(
                "models/c.sql",
                "{{ config(materialized='external', location='.tarn/warehouse/x.csv') }} select 1 as a");
        Files.createSymbolicLink(
                folder.resolve("link"), folder.resolve("..").toAbsolutePath().normalize());
        shop.put(
                "models/d.sql",
                "{{ config(materialized='external', location='link/x.csv') }} select 1 as a");
        assertThat(Workshop.told(catchThrowableOfType(TarnException.class, shop::build)))
                .isEqualTo(
                        """
                        models/a.sql:1:1: Model 'a' would write to ../out.csv, which is not in a folder of the project that is free for it. Choose another location, or name its folder in tarn.yml: `copies: {folders: PATH}`. [CONFIG_INVALID]
                        models/b.sql:1:1: Model 'b' would write to s3://b/out.csv. Only files of this machine can be written; other programs read the table itself from the warehouse. [UNSUPPORTED]
                        models/c.sql:1:1: Model 'c' would write to .tarn/warehouse/x.csv, which is not in a folder of the project that is free for it. Choose another location, or name its folder in tarn.yml: `copies: {folders: PATH}`. [CONFIG_INVALID]
                        models/d.sql:1:1: Model 'd' would write to link/x.csv, which is not in a folder of the project that is free for it. Choose another location, or name its folder in tarn.yml: `copies: {folders: PATH}`. [CONFIG_INVALID]\
                        """);
    }

    @Test
    void aPlaceMayBeATemplateOrAMacroOfTheProject() throws IOException {
        shop.put(
                "models/out.sql",
                "{{ config(materialized='external', location=\"{{ adapter.external_root() }}/data/{{ this.name }}.csv\", options={'delimiter': '{{ var(\\'d\\', \\';\\') }}'}) }} select id, word from {{ ref('raw') }} order by id");
        shop.put(
                "models/own.sql",
                "{{ config(materialized='external', format='csv') }} select id from {{ ref('raw') }} where id = 1");
        shop.put(
                "macros/place.sql",
                "{% macro external_location(relation, config) %}made/{{ relation.identifier }}.{{ config.get('format') }}{% endmacro %}");
        build();
        assertThat(text("data/out.csv")).isEqualTo("id;word\n1;a\n2;\"b;c\"\n");
        assertThat(text("made/own.csv")).isEqualTo("id\n1\n");
    }

    @Test
    void anEndingThatIsNoFormatIsRefused() {
        shop.put(
                "models/a.sql",
                "{{ config(materialized='external', location='out.csv.gz') }} select 1 as a");
        assertThat(Workshop.told(catchThrowableOfType(TarnException.class, shop::build)))
                .isEqualTo(
                        "models/a.sql:1:4: Without a setting 'format', the ending of 'location' cannot be 'gz': it is one of csv, json, parquet. [CONFIG_INVALID]");
    }

    @Test
    void settingsThatMeanNothingAreRefused() {
        shop.put(
                "models/a.sql",
                "{{ config(materialized='external', format='xlsx') }} select 1 as a");
        shop.put(
                "models/b.sql",
                "{{ config(materialized='external', format='csv', options={'delimeter': ';'}) }} select 1 as a");
        assertThat(Workshop.told(catchThrowableOfType(TarnException.class, shop::build)))
                .isEqualTo(
                        """
                        models/a.sql:1:4: Setting 'format' cannot be 'xlsx': it is one of csv, json, parquet. [CONFIG_INVALID]
                        models/b.sql:1:4: An option of csv cannot be 'delimeter': it is one of compression, dateformat, delim, delimiter, escape, header, null, nullstr, quote, sep, timestampformat. Did you mean 'delimiter'? [CONFIG_INVALID]\
                        """);
    }
}
