package dev.tarn.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.duckdb.DuckDbConfig;
import dev.tarn.duckdb.DuckDbEngine;
import dev.tarn.model.Place;
import dev.tarn.model.RefName;
import dev.tarn.model.TableName;
import dev.tarn.model.graph.ExternalSpec;
import dev.tarn.spi.Engine;
import dev.tarn.spi.EngineSession;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.file.DataFileWriter;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Hudi tables, laid out as its writers of versions 6 and 8 lay them out. */
final class HudiTest {
    private static final String ROWS =
            "{\"type\":\"record\",\"name\":\"r\",\"fields\":[{\"name\":\"id\",\"type\":[\"null\",\"long\"]},{\"name\":\"name\",\"type\":[\"null\",\"string\"]},{\"name\":\"region\",\"type\":[\"null\",\"string\"]}%s]}";

    @TempDir Path folder;

    private Engine engine;
    private EngineSession session;
    private Workshop shop;
    private Path table;

    @BeforeEach
    void open() {
        engine = DuckDbEngine.open(DuckDbConfig.defaults(folder.resolve("spill")));
        session = engine.open(Engine.SessionOptions.TRUSTED);
        shop = new Workshop(folder.resolve("shop"));
        table = folder.resolve("trips");
    }

    @AfterEach
    void close() {
        shop.close();
        session.close();
        engine.close();
    }

    private void put(String name, String text) throws IOException {
        Path file = table.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private void settings(int version, String... more) throws IOException {
        put(
                ".hoodie/hoodie.properties",
                "hoodie.table.name=trips\nhoodie.table.version=%d\n%s\n"
                        .formatted(version, String.join("\n", more)));
    }

    /** A base file of a group in a partition, written by a commit. */
    private void base(String partition, String group, String commit, String rows)
            throws IOException {
        Path file =
                table.resolve(partition).resolve("%s-0_0-1-1_%s.parquet".formatted(group, commit));
        Files.createDirectories(file.getParent());
        session.execute(
                "copy (select '%s' as _hoodie_commit_time, '' as _hoodie_commit_seqno, '' as _hoodie_record_key, '%s' as _hoodie_partition_path, '' as _hoodie_file_name, * from (%s)) to '%s' (format parquet)"
                        .formatted(commit, partition, rows, file));
    }

    private static String json(String replaced, String moreColumns) {
        return "{\"partitionToWriteStats\": {}, \"partitionToReplaceFileIds\": {%s}, \"extraMetadata\": {\"schema\": \"%s\"}}"
                .formatted(replaced, ROWS.formatted(moreColumns).replace("\"", "\\\""));
    }

    private void attach() {
        shop.tarn()
                .attach(
                        RefName.MAIN,
                        TableName.parse("lake.trips"),
                        new ExternalSpec(
                                table.toString(),
                                Optional.empty(),
                                Optional.empty(),
                                Place.of("x")));
    }

    private List<String> rows(String columns) {
        return shop.rows("select %s from lake.trips order by all".formatted(columns));
    }

    @Test
    void ofEachGroupTheNewestFileOfACompleteCommitIsRead() throws IOException {
        settings(6, "hoodie.table.partition.fields=region");
        base("eu", "aaaa", "20240101000000000", "select 1 as id, 'old' as name, 'eu' as region");
        base("us", "bbbb", "20240101000000000", "select 2 as id, 'two' as name, 'us' as region");
        put(".hoodie/20240101000000000.commit", json("", ""));
        base(
                "eu",
                "aaaa",
                "20240102000000000",
                "select 1 as id, 'new' as name, 'eu' as region, 7 as size union all select 3, 'three', 'eu', null");
        put(
                ".hoodie/20240102000000000.commit",
                json("", ",{\"name\":\"size\",\"type\":[\"null\",\"int\"]}"));
        // Neither a commit that is under way nor one that failed counts.
        base(
                "eu",
                "aaaa",
                "20240103000000000",
                "select 1 as id, 'not yet' as name, 'eu' as region");
        put(".hoodie/20240103000000000.inflight", "");
        put(".hoodie/20240103000000000.commit.requested", "");
        put(".hoodie/metadata/files/x_0-1-1_20240102000000000.parquet", "no rows of the table");

        attach();

        assertThat(rows("id, name, region, size"))
                .containsExactly("1|new|eu|7", "2|two|us|null", "3|three|eu|null");
        assertThat(rows("_hoodie_commit_time, id"))
                .containsExactly(
                        "20240101000000000|2", "20240102000000000|1", "20240102000000000|3");
        assertThat(shop.tarn().tables(dev.tarn.app.At.MAIN))
                .anySatisfy(t -> assertThat(t.rows()).isEqualTo(3));

        // A version stays what it was until its files are cleaned away.
        put(".hoodie/20240104000000000.replacecommit", json("\"us\": [\"bbbb-0\"]", ""));
        assertThat(rows("id")).containsExactly("1", "2", "3");
        Files.delete(table.resolve("us/bbbb-0_0-1-1_20240101000000000.parquet"));
        assertThatThrownBy(() -> rows("id, name"))
                .hasMessageContaining("were removed or changed since the table was attached");
        attach();
        assertThat(rows("id")).containsExactly("1", "3");
    }

    @Test
    void timelinesOfVersion8AreAvroInAFolderAndOldCommitsAreArchived() throws IOException {
        settings(
                8,
                "hoodie.table.partition.fields=region:SIMPLE",
                "hoodie.datasource.write.drop.partition.columns=true",
                "hoodie.populate.meta.fields=false");
        base("region=eu", "aaaa", "20230101000000000", "select 1 as id, 'archived' as name");
        base("region=us", "bbbb", "20240101000000000", "select 2 as id, 'gone' as name");
        base("region=us", "cccc", "20240102000000000", "select 3 as id, 'instead' as name");
        base(
                "region=__HIVE_DEFAULT_PARTITION__",
                "dddd",
                "20240102000000000",
                "select 4 as id, 'nowhere' as name");
        avro("20240101000000000_20240101000005000.commit", Map.of());
        avro(
                "20240102000000000_20240102000005000.replacecommit",
                Map.of("region=us", List.of("bbbb-0")));
        put(".hoodie/timeline/20240103000000000.commit.requested", "");

        attach();

        assertThat(rows("*")).containsExactly("1|archived|eu", "3|instead|us", "4|nowhere|null");
    }

    private void avro(String name, Map<String, List<String>> replaced) throws IOException {
        Schema schema =
                SchemaBuilder.record("HoodieReplaceCommitMetadata")
                        .fields()
                        .name("extraMetadata")
                        .type()
                        .map()
                        .values()
                        .stringType()
                        .noDefault()
                        .name("partitionToReplaceFileIds")
                        .type()
                        .map()
                        .values()
                        .array()
                        .items()
                        .stringType()
                        .noDefault()
                        .endRecord();
        Path file = table.resolve(".hoodie/timeline").resolve(name);
        Files.createDirectories(file.getParent());
        GenericRecord commit = new GenericData.Record(schema);
        commit.put("extraMetadata", Map.of("schema", ROWS.formatted("")));
        commit.put("partitionToReplaceFileIds", replaced);
        try (DataFileWriter<GenericRecord> writer =
                new DataFileWriter<>(new GenericDatumWriter<>(schema))) {
            writer.create(schema, file.toFile());
            writer.append(commit);
        }
    }

    @Test
    void whatCannotBeReadRightIsRefusedByName() throws IOException {
        settings(6, "hoodie.table.type=MERGE_ON_READ");
        assertThatThrownBy(this::attach).hasMessageContaining("is MERGE_ON_READ; Tarn reads");
        settings(12);
        assertThatThrownBy(this::attach)
                .hasMessage(
                        "The Hudi table at %s is of version 12; Tarn knows those up to 9. Update Tarn, or downgrade the table in the engine that owns it. [UNSUPPORTED]"
                                .formatted(table));
        settings(6, "hoodie.table.base.file.format=ORC");
        assertThatThrownBy(this::attach).hasMessageContaining("has files of the format ORC");
        settings(6, "hoodie.bootstrap.base.path=/elsewhere");
        assertThatThrownBy(this::attach).hasMessageContaining("was bootstrapped");
        settings(6);
        assertThatThrownBy(this::attach).hasMessageContaining("has neither rows nor columns yet");
        put(".hoodie/20240101000000000.replacecommit", "{ not JSON");
        assertThatThrownBy(this::attach)
                .hasMessageContaining(".hoodie/20240101000000000.replacecommit of a Hudi table")
                .hasMessageEndingWith("Restore it from a backup. [FILE_CORRUPT]");
        settings(6);
        Files.delete(table.resolve(".hoodie/20240101000000000.replacecommit"));
        put(".hoodie/20240101000000000.commit", json("", ""));
        base("", "aaaa", "20240101000000000", "select 1 as id, 'a' as name, 'eu' as region");
        assertThatThrownBy(() ->
                        shop.tarn()
                                .adopt(
                                        RefName.MAIN,
                                        TableName.parse("own.trips"),
                                        new ExternalSpec(
                                                table.toString(),
                                                Optional.of("hudi"),
                                                Optional.empty(),
                                                Place.of("x"))))
                .hasMessageStartingWith("A Hudi table cannot be adopted");
    }
}
