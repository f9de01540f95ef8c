package dev.tarn.it;

import static dev.tarn.it.ForeignDelta.PLAIN;
import static dev.tarn.it.ForeignDelta.add;
import static dev.tarn.it.ForeignDelta.features;
import static dev.tarn.it.ForeignDelta.metadata;
import static dev.tarn.it.ForeignDelta.remove;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tarn.delta.read.DeltaTables;
import dev.tarn.duckdb.DuckDbConfig;
import dev.tarn.duckdb.DuckDbEngine;
import dev.tarn.model.TableName;
import dev.tarn.model.graph.SqlText;
import dev.tarn.model.table.TablePointer;
import dev.tarn.spi.Engine;
import dev.tarn.spi.EngineSession;
import dev.tarn.spi.QueryResult;
import dev.tarn.spi.Relation;
import dev.tarn.storage.LocalStorage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Delta tables as the protocol describes them, read from their logs. */
final class DeltaReaderTest {
    private static final TableName NAME = new TableName("theirs", "t");

    @TempDir Path folder;

    private Engine engine;
    private EngineSession session;
    private DeltaTables tables;
    private ForeignDelta delta;

    @BeforeEach
    void open() {
        engine = DuckDbEngine.open(DuckDbConfig.defaults(folder.resolve("spill")));
        session = engine.open(Engine.SessionOptions.TRUSTED);
        tables = DeltaTables.open(new LocalStorage(Clock.systemUTC()), engine);
        delta = new ForeignDelta(folder.resolve("table"), session);
    }

    @AfterEach
    void close() {
        session.close();
        engine.close();
    }

    private List<String> rows(String version) {
        String location = delta.location();
        session.define(
                NAME,
                new Relation.Table(
                        tables.state(new TablePointer("t"), location, version)
                                .definition()
                                .schema(),
                        predicates ->
                                tables.scan(location, version, Optional.empty(), predicates)));
        List<String> rows = new ArrayList<>();
        try (QueryResult result =
                session.query(SqlText.of("select * from theirs.t order by all"))) {
            while (result.next()) {
                rows.add(String.join("|", result.row().stream().map(String::valueOf).toList()));
            }
        }
        return rows;
    }

    private List<String> rows() {
        return rows(tables.newest(delta.location()));
    }

    @Test
    void whatWasRemovedIsGoneAndOlderVersionsAreStillThere() {
        delta.parquet("a.parquet", "select 1::bigint as id");
        delta.parquet("b.parquet", "select 2::bigint as id");
        delta.commit(PLAIN, metadata(List.of(), "", "id long"), add("a.parquet"))
                .commit(add("b.parquet"))
                .commit(remove("a.parquet"), "{\"cdc\":{\"path\":\"_change_data/x.parquet\"}}");

        assertThat(rows()).containsExactly("2");
        assertThat(rows("1")).containsExactly("1", "2");
        assertThat(tables.state(new TablePointer("t"), delta.location(), "1").current())
                .hasValueSatisfying(s -> assertThat(s.totalRows()).isEqualTo(2));
    }

    @Test
    void rowsInDeletionVectorsOfEveryKindAreGone() {
        delta.parquet("a.parquet", "select range as id from range(5)");
        delta.parquet("b.parquet", "select range + 10 as id from range(5)");
        delta.parquet("c.parquet", "select range + 20 as id from range(5)");
        delta.commit(
                features("deletionVectors"),
                metadata(List.of(), "", "id long"),
                add("a.parquet", "", ForeignDelta.inline(0, 4)),
                add("b.parquet", "", delta.stored(false, 1, 2, 3)),
                add("c.parquet", "", delta.stored(true, 0, 1, 2, 3, 4)));

        assertThat(rows()).containsExactly("1", "2", "3", "10", "14");
    }

    @Test
    void aDamagedDeletionVectorIsNamed() throws IOException {
        delta.parquet("a.parquet", "select range as id from range(5)");
        delta.commit(
                features("deletionVectors"),
                metadata(List.of(), "", "id long"),
                add("a.parquet", "", delta.stored(false, 1)));
        Path file;
        try (var files = Files.list(Path.of(delta.location(), "ab"))) {
            file = files.findFirst().orElseThrow();
        }
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length - 5] ^= 1;
        Files.write(file, bytes);

        assertThatThrownBy(this::rows)
                .hasMessage(
                        "The file %s cannot be read as what it should be: the vector's checksum is wrong. Restore it from a backup, or read an older version of the table. [FILE_CORRUPT]"
                                .formatted(file));
    }

    @Test
    void columnsAreFoundByTheirPhysicalNamesAndIds() {
        String place =
                "{\"type\":\"struct\",\"fields\":[{\"name\":\"town\",\"type\":\"string\",\"nullable\":true,\"metadata\":{\"delta.columnMapping.physicalName\":\"col-3\",\"delta.columnMapping.id\":3}}]}";
        delta.parquet("a.parquet", "select 1::bigint as \"col-1\", {'col-3': 'Ys'} as \"col-2\"");
        delta.parquet("b.parquet", "select {'col-3': null} as \"col-2\", 2::bigint as \"col-1\"");
        delta.commit(
                features("columnMapping"),
                metadata(
                        List.of(),
                        "name",
                        "number long col-1 1",
                        "place " + place + " col-2 2",
                        "new string col-9 9"),
                add("a.parquet"),
                add("b.parquet"));
        assertThat(rows()).containsExactly("1|{town=Ys}|null", "2|{town=null}|null");

        delta = new ForeignDelta(folder.resolve("ids"), session);
        session.execute(
                "copy (select 7::bigint as x, 'b' as y) to '%s/c.parquet' (format parquet, field_ids {x: 2, y: 1})"
                        .formatted(delta.location()));
        delta.commit(
                features("columnMapping"),
                metadata(List.of(), "id", "first string col-1 1", "second long col-2 2"),
                add("c.parquet"));
        assertThat(rows()).containsExactly("b|7");
    }

    @Test
    void narrowerTypesOfOlderFilesAreWidened() {
        delta.parquet(
                "a.parquet", "select 1::smallint as i, 1.5::float as f, 1.25::decimal(4,2) as d");
        delta.parquet(
                "b.parquet", "select 5000000000 as i, 2.5::double as f, 7.125::decimal(9,3) as d");
        delta.commit(
                features("typeWidening"),
                metadata(List.of(), "", "i long", "f double", "d decimal(9,3)"),
                add("a.parquet"),
                add("b.parquet"));

        assertThat(rows()).containsExactly("1|1.5|1.250", "5000000000|2.5|7.125");
    }

    @Test
    void partitionValuesOfAllTypesComeFromTheLog() {
        delta.parquet("p=a%2Fb/x.parquet", "select 1::bigint as id");
        delta.parquet("n/x.parquet", "select 2::bigint as id");
        delta.commit(
                PLAIN,
                metadata(
                        List.of("p", "d", "t", "b", "m"),
                        "",
                        "id long",
                        "p string",
                        "d date",
                        "t timestamp",
                        "b binary",
                        "m decimal(5,2)"),
                add(
                        "p=a%252Fb/x.parquet",
                        "\"p\":\"a/b 'ü'\",\"d\":\"2024-02-29\",\"t\":\"2024-02-29 11:12:13.5\",\"b\":\"AB\",\"m\":\"1.50\"",
                        ""),
                add("n/x.parquet", "\"p\":\"\",\"d\":null,\"t\":null,\"b\":null,\"m\":null", ""));

        assertThat(rows("0@Europe/Berlin").getFirst()).contains("2024-02-29T10:12:13.500Z");
        List<String> rows = rows();
        assertThat(rows.getFirst())
                .startsWith("1|a/b 'ü'|2024-02-29|2024-02-29T11:12:13.500Z|")
                .endsWith("|1.50");
        assertThat(rows.getLast()).isEqualTo("2|null|null|null|null|null");
    }

    @Test
    void pathsMayBeAbsoluteAndAreTheSameHoweverTheyAreWritten() {
        Path file = delta.parquet("with space#.parquet", "select 1::bigint as id");
        delta.commit(
                        PLAIN,
                        metadata(List.of(), "", "id long"),
                        add("file://" + file.toString().replace(" ", "%20").replace("#", "%23")))
                .commit();
        assertThat(rows()).containsExactly("1");

        delta.commit(remove(file.toString().replace(" ", "%20").replace("#", "%23")));
        assertThat(rows()).isEmpty();
    }

    private void checkpoint(String name, String where) {
        session.execute(
                "copy (select * from read_json('%s/_delta_log/*.json', format = 'newline_delimited', columns = {protocol: 'STRUCT(minReaderVersion INTEGER, minWriterVersion INTEGER, readerFeatures VARCHAR[])', metaData: 'STRUCT(id VARCHAR, schemaString VARCHAR, partitionColumns VARCHAR[], configuration MAP(VARCHAR, VARCHAR))', add: 'STRUCT(path VARCHAR, partitionValues MAP(VARCHAR, VARCHAR), size BIGINT, stats VARCHAR)'}) where %s) to '%s' (format parquet)"
                        .formatted(delta.location(), where, delta.log(name)));
    }

    private void threeCommits(String protocol) {
        for (String name : List.of("a", "b", "c")) {
            delta.parquet(name + ".parquet", "select '" + name + "' as id");
        }
        delta.commit(
                protocol,
                metadata(List.of("p"), "", "id string", "p integer"),
                add("a.parquet", "\"p\":\"1\"", ""));
        delta.commit(add("b.parquet", "\"p\":null", ""));
    }

    @Test
    void aCheckpointStandsForTheCommitsBeforeIt() throws IOException {
        threeCommits(PLAIN);
        checkpoint("00000000000000000001.checkpoint.parquet", "true");
        Files.delete(delta.log("00000000000000000000.json"));
        delta.write("_last_checkpoint", "{ broken");
        delta.commit(add("c.parquet", "\"p\":\"3\"", ""));

        assertThat(rows()).containsExactly("a|1", "b|null", "c|3");
        assertThatThrownBy(() -> rows("0"))
                .hasMessage(
                        "The Delta table at %s has no version 0 any more or yet: those from 1 to 2 can be read. [TABLE_NOT_FOUND]"
                                .formatted(delta.location()));
    }

    @Test
    void aCheckpointOfSeveralPartsCountsWhenItIsWhole() throws IOException {
        threeCommits(PLAIN);
        checkpoint("00000000000000000001.checkpoint.0000000001.0000000002.parquet", "add is null");
        assertThat(rows()).containsExactly("a|1", "b|null");

        checkpoint(
                "00000000000000000001.checkpoint.0000000002.0000000002.parquet", "add is not null");
        Files.delete(delta.log("00000000000000000000.json"));
        tables = DeltaTables.open(new LocalStorage(Clock.systemUTC()), engine);
        assertThat(rows()).containsExactly("a|1", "b|null");
    }

    @Test
    void aCheckpointOfTheSecondKindNamesItsSidecars() throws IOException {
        threeCommits(features("v2Checkpoint"));
        checkpoint("_sidecars/s.parquet", "add is not null");
        String first = Files.readString(delta.log("00000000000000000000.json"));
        String[] lines = first.split("\n");
        delta.write(
                "00000000000000000001.checkpoint.80a083e8-7026-4e79-81be-64bd76c43a11.json",
                String.join(
                        "\n",
                        "{\"checkpointMetadata\":{\"version\":1}}",
                        lines[0],
                        lines[1],
                        "{\"sidecar\":{\"path\":\"s.parquet\",\"sizeInBytes\":1,\"modificationTime\":0}}"));
        Files.delete(delta.log("00000000000000000000.json"));

        assertThat(rows()).containsExactly("a|1", "b|null");
    }

    @Test
    void aGapInTheLogIsRefused() throws IOException {
        threeCommits(PLAIN);
        delta.commit();
        Files.delete(delta.log("00000000000000000001.json"));

        assertThatThrownBy(this::rows)
                .hasMessage(
                        "The log of the Delta table at %s has no commit 1, though it has a later one (2) and no checkpoint between. Restore the file _delta_log/00000000000000000001.json from a backup. [FILE_CORRUPT]"
                                .formatted(delta.location()));
    }

    @Test
    void unknownReaderFeaturesAreRefusedByName() {
        delta.commit(
                features("deletionVectors", "catalogManaged", "other"),
                metadata(List.of(), "", "id long"));

        assertThatThrownBy(this::rows)
                .hasMessage(
                        "The Delta table at %s uses the reader features catalogManaged, other, which Tarn does not read. Drop the feature in the engine that owns the table, or update Tarn. [UNSUPPORTED]"
                                .formatted(delta.location()));
    }

    @Test
    void aPlaceWithoutALogIsRefused() {
        assertThatThrownBy(() -> tables.newest(folder.resolve("nowhere").toString()))
                .hasMessage(
                        "There is no Delta table at %s: it has no folder _delta_log with commits or checkpoints. Check the location. [TABLE_NOT_FOUND]"
                                .formatted(folder.resolve("nowhere")));
    }

    @Test
    void aDataFileThatIsGoneIsNamed() throws IOException {
        Path file = delta.parquet("a.parquet", "select 1::bigint as id");
        delta.commit(PLAIN, metadata(List.of(), "", "id long"), add("a.parquet"));
        Files.delete(file);

        assertThatThrownBy(this::rows)
                .hasMessage(
                        "The file %s of a Delta table is gone. Restore it from a backup, or read the table at a version whose files are there: VACUUM may have removed this one. [FILE_MISSING]"
                                .formatted(file));
    }

    @Test
    void brokenLinesOfTheLogAreNamed() {
        delta.commit(PLAIN, "{\"metaData\":");

        assertThatThrownBy(this::rows)
                .hasMessageStartingWith(
                        "The file %s cannot be read as what it should be: "
                                .formatted(delta.log("00000000000000000000.json")));
    }
}
